"""Work of one's own and waves over further systems, on the pages of a plan on trial."""

import re
from html import unescape

import pytest
from django.urls import reverse

from roadmap.models import Scenario
from tests.roadmap.factories import make_scenario

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
# In the plan of the test hospital: early, with others that wait for it; and late.
FIRST, LATE_DAY = "A1-02", "2027-06-07"


@pytest.fixture
def client(client, member):
    client.force_login(member.user)
    return client


@pytest.fixture
def scenario(member):
    return make_scenario(member.organization)


def url(name, scenario, *args):
    return reverse(f"scenarios:{name}", args=[scenario.organization.slug, scenario.pk, *args])


def text_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def decide(client, scenario, kind, *, about=FIRST, version=0, headers=None, **fields):
    data = {"kind": kind, "about": about, "version": version, **fields}
    return client.post(url("decide", scenario), data, headers=headers or {})


def own(**changes):
    return {
        "version": 0,
        "title": "Move the archive",
        "phase": "PHASE-2",
        "step": "STEP-3",
        "low": 2,
        "likely": 4,
        "high": 9,
        "role-OPS": 1,
        "waits_weeks": 0,
        **changes,
    }


def test_own_initiative_is_added_changed_and_removed(client, scenario):
    added = client.post(url("own_create", scenario), own(needs=[FIRST]), follow=True)
    planned = {entry["id"]: entry for entry in Scenario.objects.get().plan["initiatives"]}
    form = client.get(url("own_edit", scenario, "OWN-1")).content.decode()
    client.post(url("own_edit", scenario, "OWN-1"), own(version=1, title="Move both archives"))
    renamed = text_of(client.get(url("initiative", scenario, "OWN-1")))
    removed = decide(client, scenario, "own_remove", about="OWN-1", version=2, headers=HTMX)

    assert "Move the archive" in text_of(added)
    assert planned["OWN-1"]["predecessors"] == [FIRST]
    assert planned["OWN-1"]["start"] > planned[FIRST]["finish"]
    assert 'value="Move the archive"' in form
    assert "Move both archives" in renamed
    assert "Move both archives: It was removed by hand." in text_of(removed)
    assert "OWN-1" not in [entry["id"] for entry in Scenario.objects.get().plan["initiatives"]]


OWN_MISTAKES = [
    ({"title": ""}, "This field is required."),
    ({"role-OPS": ""}, "give at least one role a share"),
    ({"high": 3}, "This is less than what is likely."),
    ({"needs": ["A9-99"]}, "A9-99 is not one of the available choices."),
    ({"waits_weeks": -1}, "greater than or equal to 0"),
]


def test_own_initiative_with_a_mistake_keeps_what_was_typed(client, scenario):
    for change, message in OWN_MISTAKES:
        data = own(what="All of 2019 too", **change)
        response = client.post(url("own_create", scenario), data)

        assert response.status_code == 422
        assert message in unescape(response.content.decode())
        assert "All of 2019 too" in response.content.decode()


def test_own_initiatives_that_wait_for_each_other_are_named(client, scenario):
    client.post(url("own_create", scenario), own())
    client.post(url("own_create", scenario), own(version=1, title="Second", needs=["OWN-1"]))

    response = client.post(
        url("own_edit", scenario, "OWN-1"), own(version=2, needs=["OWN-2"], what="Kept")
    )

    shown = text_of(response)
    assert response.status_code == 422
    assert "OWN-1" in shown
    assert "OWN-2" in shown
    assert "Kept" in shown
    assert Scenario.objects.get().version == 2


def test_own_initiative_typed_meanwhile_is_not_lost(client, scenario):
    decide(client, scenario, "pin", day=LATE_DAY)

    stale = client.post(url("own_create", scenario), own(what="Typed for long"))
    again = client.post(url("own_create", scenario), own(version=1, what="Typed for long"))

    assert stale.status_code == 409
    assert "Typed for long" in stale.content.decode()
    assert 'name="version" value="1"' in stale.content.decode()
    assert again.status_code == 302


def test_wave_over_further_systems_is_planned_after_the_first_time(client, scenario):
    first = next(
        entry["id"]
        for entry in scenario.plan["initiatives"]
        if entry["step"] == "STEP-3" and entry["kind"] == "action"
    )
    here = url("wave", scenario, first)

    empty = client.post(here, {"version": 0, "others": " "})
    client.post(here, {"version": 0, "others": "Portal\nLab system\n"})

    planned = {entry["id"]: entry for entry in Scenario.objects.get().plan["initiatives"]}
    assert empty.status_code == 422
    assert planned[f"{first}.W2"]["systems"] == ["Portal", "Lab system"]
    assert planned[f"{first}.W2"]["start"] > planned[first]["finish"]
    shown = text_of(client.get(url("initiative", scenario, f"{first}.W2")))
    assert "Portal, Lab system" in shown


def test_name_and_reason_are_never_taken_as_markup(client, scenario):
    Scenario.objects.update(name="<script>alert(1)</script>")
    client.post(url("own_create", scenario), own(title="<b>Bold</b>"))
    decide(client, scenario, "exclude", version=1, reason="<img src=x>")

    page = client.get(url("detail", scenario)).content.decode()

    assert "<script>alert" not in page
    assert "<b>Bold" not in page
    assert "<img src=x" not in page

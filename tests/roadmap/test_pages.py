from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from roadmap.domain.constraints.stated import Constraints, Freeze, Staffing
from roadmap.services import initiative_update, scenario_adopt
from tests.factories import make_member, make_organization
from tests.roadmap.factories import (
    MONDAY,
    approved,
    make_roadmap,
    make_scenario,
    make_snapshot,
    plan_roadmap,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client, member):
    client.force_login(member.user)
    return client


def url(name, organization, *args):
    return reverse(f"roadmap:{name}", args=[organization.slug, *args])


def new_plan(organization):
    return reverse("scenarios:create", args=[organization.slug])


def progress(status="in_progress", note="", version=0, finished_on=""):
    return {"status": status, "note": note, "version": version, "finished_on": finished_on}


def test_list_without_assessment_says_to_finish_one(client, member):
    response = client.get(url("list", member.organization))

    assert "Finish an assessment first" in response.content.decode()


def test_list_with_a_submitted_assessment_offers_the_first_plan(client, member):
    make_snapshot(member.organization)

    response = client.get(url("list", member.organization))

    assert new_plan(member.organization) in response.content.decode()


def test_detail_shows_a_real_plan(client, member):
    roadmap = plan_roadmap(member.organization)

    page = client.get(url("detail", member.organization, roadmap.pk)).content.decode()

    for initiative in roadmap.initiatives.all():
        assert f"/initiatives/{initiative.initiative_id}/" in page
    for gate in roadmap.gates.all():
        assert f"/gates/{gate.gate_id}/" in page
    assert "<style" not in page
    assert " style=" not in page


def test_detail_of_an_empty_plan_says_so(client, member):
    roadmap = make_roadmap(member.organization, initiatives=1)
    roadmap.initiatives.all().delete()
    roadmap.gates.all().delete()

    response = client.get(url("detail", member.organization, roadmap.pk))

    assert "Nothing to plan" in response.content.decode()


@pytest.mark.parametrize("name", ["detail", "list", "initiative", "gate"])
def test_page_costs_the_same_queries_for_10_and_95_initiatives(client, member, name):
    def arguments(roadmap):
        parts = {"detail": [], "initiative": ["A5"], "gate": ["G1"]}
        return [] if name == "list" else [roadmap.pk, *parts[name]]

    def queries(roadmap):
        with CaptureQueriesContext(connection) as found:
            client.get(url(name, member.organization, *arguments(roadmap)))
        return len(found)

    small = make_roadmap(member.organization, initiatives=10)
    counted = queries(small)
    large = make_roadmap(member.organization, initiatives=95)
    assert queries(large) == counted < 32


def test_home_panel_costs_three_queries_whatever_the_size(member, django_assert_num_queries):
    from accounts.tenancy import Access
    from roadmap.home import roadmap_panel

    make_roadmap(member.organization, initiatives=95)
    access = Access(member.organization, member.user, Role.EDITOR)

    with django_assert_num_queries(3):
        panel = roadmap_panel(access)
    assert panel.context["progress"].initiatives == 95


def test_home_panel_shows_nothing_without_a_roadmap(member):
    from accounts.tenancy import Access
    from roadmap.home import roadmap_panel

    assert roadmap_panel(Access(member.organization, member.user, Role.EDITOR)) is None


def test_home_page_offers_editors_the_first_roadmap(client, member):
    make_snapshot(member.organization)
    viewer = make_member(member.organization, Role.VIEWER)
    home = reverse("accounts:organization_home", args=[member.organization.slug])
    way = new_plan(member.organization)

    seen_by_editor = client.get(home).content.decode()
    client.force_login(viewer.user)
    seen_by_viewer = client.get(home).content.decode()

    assert way in seen_by_editor
    assert way not in seen_by_viewer


def test_home_page_shows_what_is_next(client, member):
    make_roadmap(member.organization, name="Our way")

    page = client.get(reverse("accounts:organization_home", args=[member.organization.slug]))

    assert "Our way" in page.content.decode()
    assert "Do thing 1" in page.content.decode()


def test_initiative_says_why_what_who_how_long_and_when_it_is_done(client, member):
    roadmap = plan_roadmap(member.organization)
    first = roadmap.initiatives.filter(kind="action").first()

    page = client.get(url("initiative", member.organization, roadmap.pk, first.initiative_id))

    text = unescape(page.content.decode())
    assert first.reasons[0]["text"] in text
    assert first.details["what"] in text
    assert all(line in text for line in first.details["done"])
    assert first.details["roles"][0]["title"] in text
    assert "estimate" in text


def test_containment_is_urgent_only_while_it_is_open(client, member):
    roadmap = make_roadmap(member.organization)
    urgent = roadmap.initiatives.first()
    page = url("initiative", member.organization, roadmap.pk, urgent.initiative_id)

    roadmap.initiatives.filter(pk=urgent.pk).update(kind="containment")
    while_open = client.get(page).content.decode()
    roadmap.initiatives.filter(pk=urgent.pk).update(status="done")
    when_done = client.get(page).content.decode()

    assert "patient data may be exposed" in while_open
    assert "patient data may be exposed" not in when_done


def test_summary_names_the_first_day_that_is_worked(client, member):
    roadmap = plan_roadmap(member.organization, start_on=date(2027, 1, 3))  # a Sunday

    page = client.get(url("detail", member.organization, roadmap.pk)).content.decode()

    assert "4 January 2027 –" in page


def test_progress_saved_without_script_comes_back_to_the_page(client, member):
    roadmap = make_roadmap(member.organization)
    address = url("initiative", member.organization, roadmap.pk, "A1")

    response = client.post(address, progress(note="Going well"), follow=True)

    assert response.redirect_chain == [(address, 302)]
    assert "Progress saved." in response.content.decode()
    assert "Going well" in response.content.decode()


def test_progress_saved_by_script_swaps_only_the_form(client, member):
    roadmap = make_roadmap(member.organization)
    address = url("initiative", member.organization, roadmap.pk, "A1")

    response = client.post(address, progress(), headers={"HX-Request": "true"})

    page = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in page
    assert "Saved" in page
    assert 'name="version" value="1"' in page


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["plain", "htmx"])
def test_progress_that_cannot_be_saved_keeps_what_was_typed(client, member, headers):
    roadmap = make_roadmap(member.organization)
    address = url("initiative", member.organization, roadmap.pk, "A1")
    note = "x" * 10_001

    response = client.post(address, progress(note=note), headers=headers)

    page = response.content.decode()
    assert response.status_code == 422
    assert note in page
    assert "10,001 characters and 10,000 fit" in page
    assert "Not saved" in page


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["plain", "htmx"])
def test_stale_progress_is_shown_beside_the_newer_one(client, member, headers):
    roadmap = make_roadmap(member.organization)
    first = roadmap.initiatives.first()
    initiative_update(
        initiative=first,
        user=make_member(member.organization).user,
        status="in_progress",
        finished_on=None,
        note="Theirs",
        version=0,
    )
    address = url("initiative", member.organization, roadmap.pk, "A1")

    response = client.post(address, progress(note="Mine"), headers=headers)

    page = response.content.decode()
    assert response.status_code == 409
    assert "Theirs" in page
    assert "Mine" in page
    assert 'name="version" value="1"' in page
    again = client.post(address, progress(note="Mine", version=1))
    first.refresh_from_db()
    assert (again.status_code, first.note) == (302, "Mine")


def test_progress_note_is_never_taken_as_markup(client, member):
    roadmap = make_roadmap(member.organization)
    address = url("initiative", member.organization, roadmap.pk, "A1")

    client.post(address, progress(note="</textarea><script>alert(1)</script>"))

    page = client.get(address).content.decode()
    assert "<script>alert" not in page


def test_progress_note_like_patient_data_is_pointed_out(client, member):
    roadmap = make_roadmap(member.organization)
    address = url("initiative", member.organization, roadmap.pk, "A1")

    response = client.post(
        address, progress(note="Asked about SSN 123-45-6789"), headers={"HX-Request": "true"}
    )

    assert "The note may hold a social security number" in response.content.decode()


def test_viewer_sees_progress_but_no_form(client, member):
    member.role = Role.VIEWER
    member.save()
    roadmap = make_roadmap(member.organization)
    address = url("initiative", member.organization, roadmap.pk, "A1")

    assert "Save progress" not in client.get(address).content.decode()
    assert client.post(address, progress()).status_code == 403


def test_review_of_a_closed_gate_cannot_be_done_on_its_own_page(client, member):
    roadmap = make_roadmap(member.organization)
    address = url("initiative", member.organization, roadmap.pk, "A3")

    response = client.post(address, progress(status="done"))

    assert response.status_code == 422
    assert "This review is done when gate G1 is opened" in response.content.decode()
    assert roadmap.initiatives.get(kind="review").status == "not_started"


def test_pages_answer_head(client, member):
    assert client.head(url("list", member.organization)).status_code == 200
    assert client.head(new_plan(member.organization)).status_code == 200


def test_gate_page_says_what_is_missing_and_offers_no_opening(client, member):
    roadmap = make_roadmap(member.organization)

    page = client.get(url("gate", member.organization, roadmap.pk, "G1")).content.decode()

    assert "What is missing" in page
    assert url("gate_open", member.organization, roadmap.pk, "G1") not in page


def test_gate_that_is_not_ready_stays_closed(client, member):
    roadmap = make_roadmap(member.organization)

    response = client.post(
        url("gate_open", member.organization, roadmap.pk, "G1"), {"reason": "We are late"}
    )

    assert response.status_code == 422
    assert "The gate stays closed: 2 of its items are not met yet." in response.content.decode()
    assert not roadmap.gates.get().is_open


def test_gate_opens_after_work_and_confirmation_and_closes_with_a_reason(client, member):
    roadmap = make_roadmap(member.organization)
    roadmap.initiatives.exclude(kind="review").update(status="done", finished_on=MONDAY)
    here = (member.organization, roadmap.pk, "G1")

    client.post(url("gate_item_confirm", *here, "G1-2"), {"note": "Minutes of May 3"})
    approved(roadmap.gates.get())
    why = {"reason": "Agreed at the review"}
    opened = client.post(url("gate_open", *here), why, follow=True).content.decode()
    refused = client.post(url("gate_close", *here), {"reason": ""})
    closed = client.post(url("gate_close", *here), {"reason": "Wrong"}, follow=True)

    assert "This gate is open" in opened
    assert "Minutes of May 3" in opened
    assert refused.status_code == 422
    assert "Gate G1 is closed again." in closed.content.decode()
    assert not roadmap.gates.get().is_open


def test_gate_confirmation_without_a_word_is_refused_in_place(client, member):
    roadmap = make_roadmap(member.organization)

    response = client.post(
        url("gate_item_confirm", member.organization, roadmap.pk, "G1", "G1-2"), {"note": ""}
    )

    assert response.status_code == 422
    assert 'id="confirm-G1-2-note_error"' in response.content.decode()


def test_gate_confirmation_can_be_withdrawn(client, member):
    roadmap = make_roadmap(member.organization)
    here = (member.organization, roadmap.pk, "G1", "G1-2")
    client.post(url("gate_item_confirm", *here), {"note": "Seen"})

    client.post(url("gate_item_withdraw", *here))

    assert roadmap.gates.get().confirmations.count() == 0


def test_pages_of_another_organization_do_not_exist(client, member):
    theirs = make_roadmap(make_organization())
    mine = member.organization

    for name, rest in (("detail", []), ("initiative", ["A1"]), ("gate", ["G1"])):
        assert client.get(url(name, mine, theirs.pk, *rest)).status_code == 404
    for name, rest in (
        ("gate_open", ["G1"]),
        ("gate_close", ["G1"]),
        ("gate_item_confirm", ["G1", "G1-2"]),
        ("gate_item_withdraw", ["G1", "G1-2"]),
    ):
        assert client.post(url(name, mine, theirs.pk, *rest)).status_code == 404
    assert client.post(url("initiative", mine, theirs.pk, "A1"), progress()).status_code == 404


def test_detail_shows_what_it_was_planned_with_as_far_as_it_reaches(client, member):
    far = Freeze(date(2060, 1, 1), date(2060, 1, 9), "Far away")
    limits = Constraints(
        wip_limit=1,
        holidays=frozenset({date(2027, 1, 4), date(2060, 1, 2)}),
        staffing=(Staffing("OPS", 0.5, date(2027, 2, 1), None, "A new colleague"),),
        freezes=(Freeze(date(2027, 3, 1), date(2027, 3, 5), "EHR upgrade"), far),
    )
    roadmap = scenario_adopt(
        scenario=make_scenario(member.organization, constraints=limits), user=None
    )

    page = client.get(url("detail", member.organization, roadmap.pk)).content.decode()

    for said in ("planned with", "0.50 FTE from", "A new colleague", "EHR upgrade"):
        assert said in page
    assert "Far away" not in page
    assert "2060" not in page

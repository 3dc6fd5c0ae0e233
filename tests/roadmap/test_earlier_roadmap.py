"""What was said on the roadmap before is read on its successor, which alone takes new words."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from roadmap.enums import DecisionKind
from roadmap.models import GateDecision, ProgressEntry, WorkComment
from roadmap.services.work.comments import comment_add
from roadmap.services.work.tracking import Report, initiative_report
from tests.factories import make_member, make_organization
from tests.roadmap.factories import make_roadmap

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client):
    found = make_member(role=Role.EDITOR)
    client.force_login(found.user)
    return found


def address(roadmap, name, *args):
    return reverse(f"roadmap:{name}", args=[roadmap.organization.slug, roadmap.pk, *args])


def page(client, roadmap, name, *args):
    return client.get(address(roadmap, name, *args)).content.decode()


def say(roadmap, member, text):
    first = roadmap.initiatives.get(initiative_id="A1")
    comment_add(roadmap=roadmap, initiative=first, author=member.user, text=text)
    gate = roadmap.gates.get()
    comment_add(roadmap=roadmap, gate=gate, author=member.user, text=text)
    GateDecision.objects.create(gate=gate, kind=DecisionKind.CLOSED, round=1, reason=text)
    initiative_report(
        initiative=first, user=member.user, version=first.version, report=Report(note=text)
    )


def test_talk_log_and_decisions_of_before_stand_on_the_present_pages(client, member):
    before = make_roadmap(member.organization, name="Last year")
    say(before, member, "The vendor was late")
    stranger = make_roadmap(make_organization(), name="Elsewhere")
    say(stranger, member, "Somebody else's words")
    after = make_roadmap(member.organization)

    initiative, gate = page(client, after, "initiative", "A1"), page(client, after, "gate", "G1")

    for shown in (initiative, gate):
        assert shown.count("The vendor was late") == 2
        assert "on the earlier roadmap “Last year”" in shown
        assert "Somebody else" not in shown
    assert "Taken over from the roadmap “Last year”" in gate
    assert "The vendor was late" not in page(client, after, "initiative", "A2")


def test_pages_cost_the_same_for_one_and_for_many_earlier_roadmaps(
    client, member, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    say(make_roadmap(member.organization), member, "Once")
    after = make_roadmap(member.organization)
    client.get(address(after, "initiative", "A1"))
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(address(after, "initiative", "A1"))
    for number in range(3):
        say(make_roadmap(member.organization), member, f"Again {number}")
    last = make_roadmap(member.organization)

    with django_assert_max_num_queries(len(few)):
        client.get(address(last, "initiative", "A1"))


@pytest.mark.parametrize(
    ("name", "args", "data"),
    [
        ("initiative", ("A1",), {"status": "in_progress", "version": "0", "note": "My long note"}),
        ("board_move", (), {"initiative": "A1", "status": "in_progress", "version": "0"}),
        ("gate_item_confirm", ("G1", "G1-1"), {"note": "My long note"}),
        ("gate_ask", ("G1",), {"reason": "My long note"}),
    ],
)
def test_a_replaced_roadmap_takes_nothing_and_leads_to_the_present_one(
    client, member, name, args, data
):
    before = make_roadmap(member.organization, name="Last year")
    after = make_roadmap(member.organization, name="This year")

    answer = client.post(address(before, name, *args), data)

    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "This year" in shown and f"/roadmaps/{after.pk}/" in shown
    assert ("My long note" in shown) == ("My long note" in data.values())
    assert not ProgressEntry.objects.exists() and not GateDecision.objects.exists()


def test_a_comment_goes_to_the_present_roadmap_alone(client, member):
    before = make_roadmap(member.organization, name="Last year")
    first = before.initiatives.get(initiative_id="A1")
    make_roadmap(member.organization, name="This year")
    where = reverse("work:initiative_comment", args=[member.organization.slug, first.pk])

    answer = client.post(where, {"text": "Who takes this?"})

    assert answer.status_code == 409
    assert "Who takes this?" in answer.content.decode()
    assert not WorkComment.objects.exists()


def test_old_addresses_lead_to_the_same_work_today(client, member):
    before = make_roadmap(member.organization, name="Last year", initiatives=4)
    after = make_roadmap(member.organization, name="This year", initiatives=3)

    assert client.get(address(before, "initiative", "A1")).url == address(after, "initiative", "A1")
    assert client.get(address(before, "gate", "G1")).url == address(after, "gate", "G1")
    # Gone from the plan, and looked at on purpose.
    for url in (address(before, "initiative", "A4"), address(before, "gate", "G1") + "?earlier=1"):
        answer = client.get(url)
        assert answer.status_code == 200
        assert "was replaced" in answer.content.decode()


@pytest.mark.parametrize("name", ["detail", "board", "timeline", "table", "gates", "outlook"])
def test_every_page_of_a_replaced_roadmap_says_so(client, member, name):
    before = make_roadmap(member.organization, name="Last year")
    after = make_roadmap(member.organization, name="This year")

    assert "was replaced" in page(client, before, name)
    assert address(after, "detail") in page(client, before, name)
    assert "was replaced" not in page(client, after, name)

import re
from datetime import datetime
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from roadmap.models import GateState, PlannedInitiative, ProgressEntry, StartOverride
from roadmap.services.work.tracking import Report, initiative_report
from tests.factories import make_member, make_organization
from tests.roadmap.factories import make_initiative, make_roadmap

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client, member):
    client.force_login(member.user)
    return client


def make_many(organization, number, **fields):
    """Initiatives that wait for nothing, all in one phase, in order of their dates."""
    roadmap = make_roadmap(organization, initiatives=1)
    roadmap.initiatives.all().delete()
    made = [make_initiative(roadmap, n) for n in range(1, number + 1)]
    for initiative in made:
        initiative.predecessors, initiative.phase = [], "PHASE-1"
        for name, value in fields.items():
            setattr(initiative, name, value)
    PlannedInitiative.objects.bulk_create(made)
    return roadmap


def address(roadmap, name="board"):
    return reverse(f"roadmap:{name}", args=[roadmap.organization.slug, roadmap.pk])


def move(client, roadmap, initiative, status="in_progress", where="last", version=0, **more):
    data = {"initiative": initiative, "status": status, "where": where, "version": version, **more}
    return client.post(address(roadmap, "board_move"), data)


def cards(page):
    return re.findall(r'data-card="(A\d+)" data-version', unescape(page.content.decode()))


def state(roadmap, initiative):
    return roadmap.initiatives.get(initiative_id=initiative)


@pytest.mark.parametrize("by", ["phase", "role"])
def test_board_costs_the_same_queries_for_3_and_300(client, member, by):
    few, many = make_many(member.organization, 3), make_many(member.organization, 300)
    client.get(address(few))
    costs = []
    for roadmap in (few, many):
        with CaptureQueriesContext(connection) as queries:
            client.get(address(roadmap), {"by": by})
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 12


def test_board_unfolds_what_can_start_soon_and_the_rest_when_asked(client, member):
    roadmap = make_many(member.organization, 12)

    page = client.get(address(roadmap))
    whole = client.get(address(roadmap), {"more": "PHASE-1"})

    assert cards(page) == [f"A{n}" for n in range(1, 9)]
    assert "and 4 more" in page.content.decode()
    assert len(cards(whole)) == 12


def test_board_shows_why_a_card_is_blocked(client, member):
    roadmap = make_many(member.organization, 2, blocked_because="The vendor is silent")

    page = client.get(address(roadmap), {"blocked": "1"}).content.decode()

    assert "The vendor is silent" in page
    assert "Blocked" in page


def test_filters_of_the_address_narrow_the_board_and_unknown_ones_are_ignored(client, member):
    roadmap = make_many(member.organization, 3)
    roadmap.initiatives.filter(initiative_id="A2").update(owner=member.user)

    assert cards(client.get(address(roadmap), {"owner": "me"})) == ["A2"]
    assert len(cards(client.get(address(roadmap), {"owner": "9999", "phase": "X", "by": "?"}))) == 3


def test_viewer_sees_the_board_without_moves(client, member):
    viewer = make_member(member.organization, Role.VIEWER)
    roadmap = make_many(member.organization, 1)
    client.force_login(viewer.user)

    page = client.get(address(roadmap)).content.decode()

    assert "Do thing 1" in page
    assert "Move to" not in page
    assert 'draggable="true"' not in page


def test_move_changes_the_status_and_leads_back_to_the_card(client, member):
    roadmap = make_many(member.organization, 2)

    response = move(client, roadmap, "A1", state="by=role&evil=1")

    assert response.status_code == 302
    assert response["Location"] == f"{address(roadmap)}?by=role#card-A1"
    assert state(roadmap, "A1").status == "in_progress"


@pytest.mark.parametrize(
    ("where", "beside", "expected"),
    [
        ("first", "", ["A3", "A1", "A2", "A4"]),
        ("last", "", ["A1", "A2", "A4", "A3"]),
        ("up", "", ["A1", "A3", "A2", "A4"]),
        ("down", "", ["A1", "A2", "A4", "A3"]),
        ("before", "A1", ["A3", "A1", "A2", "A4"]),
        ("after", "A1 Do thing 1", ["A1", "A3", "A2", "A4"]),
    ],
)
def test_order_within_a_column_is_kept(client, member, where, beside, expected):
    roadmap = make_many(member.organization, 4)

    move(client, roadmap, "A3", "not_started", where, beside=beside)

    assert cards(client.get(address(roadmap))) == expected


def test_reordering_often_keeps_the_order_and_everybodys_version(client, member):
    roadmap = make_many(member.organization, 3)

    for _ in range(60):
        last = cards(client.get(address(roadmap)))[-1]
        move(client, roadmap, last, "not_started", "after", beside="A1" if last != "A1" else "A2")

    assert len(set(roadmap.initiatives.values_list("position", flat=True))) == 3
    assert set(roadmap.initiatives.values_list("version", flat=True)) == {0}


def test_move_beside_a_card_of_another_column_says_so_and_moves_nothing(client, member):
    roadmap = make_many(member.organization, 2)

    response = move(client, roadmap, "A1", "in_progress", "before", beside="A2")

    assert response.status_code == 422
    assert "There is no other card A2 in that column" in response.content.decode()
    assert state(roadmap, "A1").status == "not_started"


def test_move_over_a_limit_asks_for_a_reason_and_goes_ahead_with_one(client, member):
    roadmap = make_many(member.organization, 2)
    roadmap.limits = {"all": 1}
    roadmap.save()
    move(client, roadmap, "A1")

    asked = move(client, roadmap, "A2")
    assert asked.status_code == 422
    assert "Why go over the limit?" in asked.content.decode()
    assert state(roadmap, "A2").status == "not_started"
    assert "Give the reason" not in asked.content.decode()
    empty = move(client, roadmap, "A2", reason_limit=" ")
    assert "Give the reason" in empty.content.decode()

    done = move(client, roadmap, "A2", reason_limit="The vendor is here this week")
    assert done.status_code == 302
    assert state(roadmap, "A2").status == "in_progress"
    assert ProgressEntry.objects.filter(note="The vendor is here this week").exists()
    assert "2 of 1" in client.get(address(roadmap)).content.decode()


def test_card_taken_back_asks_before_its_percentage_goes(client, member):
    roadmap = make_many(member.organization, 1)
    roadmap.initiatives.update(status="in_progress", percent=60)

    asked = move(client, roadmap, "A1", "not_started")
    assert asked.status_code == 422
    assert "Why is it not started after all?" in asked.content.decode()
    assert state(roadmap, "A1").percent == 60

    assert move(client, roadmap, "A1", "not_started", reason_back="A slip").status_code == 302
    assert state(roadmap, "A1").status == "not_started"


def test_start_before_its_predecessor_asks_for_a_reason(client, member):
    roadmap = make_roadmap(member.organization)

    asked = move(client, roadmap, "A2").content.decode()

    assert "Do thing 1" in asked
    assert "Why start before that is finished?" in asked


def behind_a_gate(organization):
    roadmap = make_many(organization, 2)
    roadmap.initiatives.filter(initiative_id="A2").update(predecessors=["A1"])
    roadmap.initiatives.filter(initiative_id="A1").update(kind="review", status="in_progress")
    GateState.objects.filter(roadmap=roadmap).update(review="A1")
    return roadmap


def test_contributor_is_told_who_may_start_work_behind_a_gate(client, member):
    roadmap = behind_a_gate(member.organization)
    helper = make_member(member.organization, Role.CONTRIBUTOR)
    client.force_login(helper.user)

    asked = move(client, roadmap, "A2", reason_gate="I want to")

    assert asked.status_code == 422
    assert member.user.name in asked.content.decode()
    assert state(roadmap, "A2").status == "not_started"


def test_editor_starts_work_behind_a_gate_with_a_reason(client, member):
    roadmap = behind_a_gate(member.organization)

    assert "Behind gate G1" in client.get(address(roadmap)).content.decode()
    assert move(client, roadmap, "A2").status_code == 422
    move(client, roadmap, "A2", reason_gate="Patients wait", reason_predecessor="Same")

    assert state(roadmap, "A2").status == "in_progress"
    assert StartOverride.objects.get().reason == "Patients wait"


def test_second_of_two_people_sees_where_the_card_is_and_who_moved_it(client, member):
    roadmap = make_many(member.organization, 2)
    other = make_member(member.organization)
    initiative_report(
        initiative=state(roadmap, "A1"), user=other.user, version=0, report=Report(status="done")
    )

    response = move(client, roadmap, "A1", "in_progress", version=0)
    page = unescape(response.content.decode())

    assert response.status_code == 409
    assert other.user.name in page
    assert "it is now in Done" in page
    assert state(roadmap, "A1").status == "done"
    assert 'name="version" value="1"' in page


def test_dropping_asks_why(client, member):
    roadmap = make_many(member.organization, 1)

    asked = move(client, roadmap, "A1", "dropped")
    assert asked.status_code == 422
    assert "Why is it dropped?" in asked.content.decode()

    move(client, roadmap, "A1", "dropped", note="The vendor does it")
    assert "1 dropped" in client.get(address(roadmap)).content.decode()


def test_move_by_script_answers_with_the_board_and_says_what_happened(client, member):
    roadmap = make_many(member.organization, 2)

    data = {"initiative": "A1", "status": "done", "where": "first", "version": 0}
    response = client.post(address(roadmap, "board_move"), data, headers={"HX-Request": "true"})
    page = unescape(response.content.decode())

    assert page.lstrip().startswith('<div id="board"')
    assert 'data-said="“Do thing 1” is now in Done."' in page
    assert 'data-focus="card-A1"' in page


@pytest.mark.parametrize(
    "data",
    [
        {"initiative": "A1", "status": "sideways", "version": 0},
        {"initiative": "A1", "status": "done", "version": "x"},
        {"initiative": "A1", "status": "done", "where": "after", "version": 0},
    ],
)
def test_move_that_makes_no_sense_is_refused_in_words(client, member, data):
    roadmap = make_many(member.organization, 1)

    response = client.post(address(roadmap, "board_move"), data)

    assert response.status_code == 422
    assert state(roadmap, "A1").status == "not_started"


def test_card_of_nobody_is_not_found(client, member):
    roadmap = make_many(member.organization, 1)

    assert move(client, roadmap, "A9").status_code == 404


def test_limits_are_agreed_and_bad_ones_stay_in_the_form(client, member):
    roadmap = make_many(member.organization, 1)

    bad = client.post(address(roadmap, "board_limits"), {"all": "many", "role:OPS": "2"})
    assert bad.status_code == 422
    assert "Give a whole number" in bad.content.decode()

    client.post(
        address(roadmap, "board_limits"), {"all": "4", "role:OPS": "2", "phase:PHASE-1": ""}
    )
    roadmap.refresh_from_db()
    assert roadmap.limits == {"all": 4, "role:OPS": 2}


def test_lane_of_a_role_counts_all_work_that_needs_it(client, member):
    roadmap = make_many(member.organization, 2, status="in_progress")
    roadmap.initiatives.filter(initiative_id="A2").update(roles=["SEC", "OPS"])
    roadmap.limits = {"role:OPS": 1}
    roadmap.save()

    page = client.get(address(roadmap), {"by": "role"}).content.decode()

    assert "2 of 1" in page
    assert "1 of these stands with the role that leads it" in page


def test_card_is_late_by_the_organizations_day(client):
    """The two are 25 hours apart: where it is yesterday, the work is not late yet."""
    yesterday = datetime.now(ZoneInfo("Pacific/Pago_Pago")).date()
    late = {}
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        member = make_member(make_organization(time_zone=zone))
        client.force_login(member.user)
        roadmap = make_many(member.organization, 1, finish_on=yesterday)
        late[zone] = cards(client.get(address(roadmap), {"late": "1"}))
    assert late == {"Pacific/Kiritimati": ["A1"], "Pacific/Pago_Pago": []}

import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.enums import Role
from roadmap.models import GateState
from roadmap.pages.work_items import NOBODY
from roadmap.services.work.tracking import Report, initiative_report, organization_today
from tests.factories import make_member
from tests.roadmap.factories import make_roadmap
from tests.roadmap.test_board import make_many

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return make_member(role=Role.EDITOR)


@pytest.fixture
def client(client, member):
    client.force_login(member.user)
    return client


def address(roadmap, name="table", *more):
    return reverse(f"roadmap:{name}", args=[roadmap.organization.slug, roadmap.pk, *more])


def rows(page):
    return re.findall(r'<td class="tb-id">(A\d+)</td>', page.content.decode())


def ticked(page):
    return re.findall(r'value="(A\d+)@\d+" checked', page.content.decode())


def change(client, roadmap, *names, query="", **data):
    data = {"row": [f"{name}@0" for name in names], **data}
    return client.post(address(roadmap, "table_change") + query, data)


def test_table_costs_the_same_queries_for_3_and_300(client, member):
    few, many = make_many(member.organization, 3), make_many(member.organization, 300)
    client.get(address(few))
    costs = []
    for roadmap in (few, many):
        with CaptureQueriesContext(connection) as queries:
            assert len(rows(client.get(address(roadmap)))) == roadmap.initiatives.count()
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 13


def test_headings_sort_both_ways_and_say_so(client, member):
    roadmap = make_many(member.organization, 3)

    up = client.get(address(roadmap), {"sort": "title"})
    down = client.get(address(roadmap), {"sort": "-title", "phase": "PHASE-1"})

    assert rows(up) == ["A1", "A2", "A3"]
    assert rows(down) == ["A3", "A2", "A1"]
    assert 'aria-sort="ascending"' in up.content.decode()
    assert "phase=PHASE-1&amp;sort=title" in down.content.decode()


def test_what_is_not_known_comes_last_either_way(client, member):
    roadmap = make_many(member.organization, 3)
    roadmap.initiatives.filter(initiative_id="A2").update(owner=member.user)

    assert rows(client.get(address(roadmap), {"sort": "owner"}))[0] == "A2"
    assert rows(client.get(address(roadmap), {"sort": "-owner"}))[0] == "A2"


def test_nonsense_in_the_address_shows_everything(client, member):
    roadmap = make_many(member.organization, 2)

    page = client.get(address(roadmap), {"sort": "evil", "owner": "x", "gate": "?", "q": "\x00"})

    assert rows(page) == ["A1", "A2"]


def test_filters_find_by_word_status_and_gate(client, member):
    roadmap = make_many(member.organization, 12)
    roadmap.initiatives.filter(initiative_id="A2").update(status="done", gate="")

    assert rows(client.get(address(roadmap), {"q": "thing 11"})) == ["A11"]
    assert rows(client.get(address(roadmap), {"status": "done"})) == ["A2"]
    assert len(rows(client.get(address(roadmap), {"gate": "G1"}))) == 11


def test_a_gate_that_the_plan_does_not_reach_is_not_named(client, member):
    roadmap = make_many(member.organization, 2)
    roadmap.initiatives.filter(initiative_id="A2").update(gate="G7")

    assert "G7" not in client.get(address(roadmap)).content.decode()


def test_slip_is_counted_in_working_days_from_the_baseline(client, member):
    roadmap = make_many(member.organization, 1)
    planned = roadmap.initiatives.get()
    roadmap.initiatives.update(
        baseline_start_on=planned.start_on,
        baseline_finish_on=planned.finish_on,
        status="done",
        started_on=planned.start_on,
        finished_on=planned.finish_on + timedelta(days=7),
    )

    assert 'tb-slips">+5</td>' in client.get(address(roadmap)).content.decode()


def test_bulk_change_of_owner_leads_back_to_the_same_address(client, member):
    roadmap = make_many(member.organization, 3)

    query = "?phase=PHASE-1&sort=-title"
    response = change(client, roadmap, "A1", "A3", query=query, owner=member.user.pk)

    assert response["Location"] == address(roadmap) + query
    owned = roadmap.initiatives.filter(owner=member.user).values_list("initiative_id", flat=True)
    assert set(owned) == {"A1", "A3"}


def test_rows_refused_keep_their_ticks_with_the_reason(client, member):
    roadmap = make_many(member.organization, 3)
    roadmap.limits = {"all": 1}
    roadmap.save()

    response = change(client, roadmap, "A1", "A2", status="in_progress")
    page = response.content.decode()

    assert response.status_code == 422
    assert ticked(response) == ["A2"]
    assert "1 initiative changed." in page
    assert "All work: 1 initiative is in progress, and 1 is the limit." in page

    again = change(client, roadmap, "A2", status="in_progress", reason="Two people, two tasks")
    assert again.status_code == 302
    assert roadmap.initiatives.filter(status="in_progress").count() == 2


def test_row_somebody_else_saved_is_told_and_left(client, member):
    roadmap = make_many(member.organization, 2)
    other = make_member(member.organization)
    initiative_report(
        initiative=roadmap.initiatives.get(initiative_id="A1"),
        user=other.user,
        version=0,
        report=Report(status="done"),
    )

    response = change(client, roadmap, "A1", "A2", owner=member.user.pk)

    assert ticked(response) == ["A1"]
    assert f"{other.user.name} saved something else meanwhile" in response.content.decode()
    assert 'value="A1@1" checked' in response.content.decode()
    assert roadmap.initiatives.get(initiative_id="A1").owner is None


def test_contributor_cannot_start_behind_a_gate_in_bulk_either(client, member):
    roadmap = make_many(member.organization, 2)
    roadmap.initiatives.filter(initiative_id="A2").update(predecessors=["A1"])
    roadmap.initiatives.filter(initiative_id="A1").update(kind="review")
    GateState.objects.filter(roadmap=roadmap).update(review="A1")
    client.force_login(make_member(member.organization, Role.CONTRIBUTOR).user)

    response = change(client, roadmap, "A2", status="in_progress", reason="Now")

    assert "Only an editor or owner can start it" in response.content.decode()
    assert roadmap.initiatives.get(initiative_id="A2").status == "not_started"


@pytest.mark.parametrize(
    ("names", "data", "told"),
    [
        ([], {"status": "done"}, "Tick the rows"),
        (["A1"], {}, "Choose what to change"),
        (["A1"], {"status": "sideways"}, "Select a valid choice"),
        (["A1"], {"expected_on": "tomorrow"}, "Enter a valid date"),
        (["A9"], {"status": "done"}, "no such initiative"),
    ],
)
def test_bulk_change_that_makes_no_sense_changes_nothing(client, member, names, data, told):
    roadmap = make_many(member.organization, 1)

    response = change(client, roadmap, *names, **data)

    assert response.status_code == 422
    assert told in response.content.decode()
    assert roadmap.initiatives.get().version == 0


def test_contributor_takes_what_is_nobodys_and_nothing_of_others_in_bulk(client, member):
    member.role = Role.CONTRIBUTOR
    member.save()
    roadmap = make_many(member.organization, 2)
    other = make_member(member.organization, Role.CONTRIBUTOR).user
    roadmap.initiatives.filter(initiative_id="A1").update(owner=other)

    taken = change(client, roadmap, "A1", "A2", owner=member.user.pk)
    given = change(client, roadmap, "A1", owner=NOBODY)

    owners = dict(roadmap.initiatives.values_list("initiative_id", "owner"))
    assert owners == {"A1": other.pk, "A2": member.user.pk}
    assert (taken.status_code, ticked(taken)) == (422, ["A1"])
    assert "It is someone else’s." in given.content.decode()


def test_owner_who_has_left_is_refused_for_each_row(client, member):
    roadmap = make_many(member.organization, 2)
    gone = make_member(member.organization, Role.CONTRIBUTOR)
    roadmap.initiatives.filter(initiative_id="A1").update(owner=gone.user)
    gone.delete()

    page = change(client, roadmap, "A2", owner=gone.user.pk)

    assert page.status_code == 422
    assert "Choose a member who may report progress." in page.content.decode()


def test_expected_finish_of_several_rows(client, member):
    roadmap = make_many(member.organization, 2, status="in_progress")
    day = organization_today(member.organization) + timedelta(days=30)

    assert change(client, roadmap, "A1", "A2", expected_on=day.isoformat()).status_code == 302
    assert set(roadmap.initiatives.values_list("expected_on", flat=True)) == {day}


def test_files_hold_what_the_filters_leave_and_no_formula(client, member):
    roadmap = make_roadmap(member.organization)
    roadmap.initiatives.filter(initiative_id="A1").update(title="=HYPERLINK(1)")

    csv = client.get(address(roadmap, "table_export", "csv"), {"q": "A1"}).content.decode(
        "utf-8-sig"
    )
    excel = client.get(address(roadmap, "table_export", "xlsx"), {"q": "A1"})
    sheet = load_workbook(io.BytesIO(excel.content)).active

    assert len(csv.strip().splitlines()) == 2
    assert ",'=HYPERLINK(1)," in csv
    assert sheet.max_row == 2
    assert sheet["B2"].value == "=HYPERLINK(1)"
    assert sheet["B2"].data_type == "s"
    assert client.get(address(roadmap, "table_export", "pdf")).status_code == 404

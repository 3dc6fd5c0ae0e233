"""A real plan, forecast from its first day: what was planned is what is expected."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from roadmap.domain.tracking.going_on import look_ahead
from roadmap.models import ProgressForecast
from roadmap.pages.scenario_diff import compared_with_scenario
from roadmap.services.following.facts import followed_roadmaps, under_way
from roadmap.services.scenarios.making import scenario_go_on
from tests.factories import make_member
from tests.roadmap.factories import plan_roadmap

pytestmark = pytest.mark.django_db


def test_an_untouched_plan_is_expected_as_it_was_agreed():
    roadmap = followed_roadmaps().get(pk=plan_roadmap().pk)
    found = look_ahead(under_way(roadmap), roadmap.start_on, runs=5)
    late = {id: e.slip.days for id, e in found.initiatives.items() if e.slip.days > 0}
    assert late == {}
    assert found.whole[0].days == 0


def test_planning_again_goes_on_from_where_the_work_is():
    today = date(2027, 3, 1)
    roadmap = plan_roadmap()
    done, running, longer = list(roadmap.initiatives.order_by("start_on", "rank")[:3])
    finished = date(2027, 2, 5)
    report(done, status="done", finished_on=finished)
    ends = {running: date(2027, 3, 2), longer: today + timedelta(days=7 * longer.working_days)}
    for row, end in ends.items():
        report(row, status="in_progress", started_on=row.start_on, expected_on=end)
    again = scenario_go_on(roadmap=roadmap, user=None, today=today)
    planned = {entry["id"]: entry for entry in again.plan["initiatives"]}
    assert planned[done.initiative_id]["finish"] == finished.isoformat()
    assert planned[running.initiative_id]["finish"] == "2027-03-02"
    late = planned[longer.initiative_id]
    assert late["start"] == today.isoformat()
    assert late["working_days"] > longer.working_days
    assert late["finish"] == ends[longer].isoformat()
    others = {row.initiative_id for row in (done, running, longer)}
    assert all(e["start"] >= today.isoformat() for e in planned.values() if e["id"] not in others)


def test_what_is_left_is_the_same_to_the_forecast_and_to_the_next_plan():
    """Seen 14 weeks apart: ten times the effort of work that its waiting made long, and of more."""
    today = date(2027, 3, 1)
    roadmap = followed_roadmaps().get(pk=plan_roadmap().pk)
    first = list(roadmap.initiatives.exclude(kind="review").order_by("start_on", "rank")[:4])
    for row in first:
        left = 10 * row.effort["likely"]
        report(row, status="in_progress", started_on=row.start_on, remaining_days=left)
    expected = look_ahead(under_way(roadmap), today, runs=5).initiatives

    again = scenario_go_on(roadmap=roadmap, user=None, today=today)

    planned = {entry["id"]: entry for entry in again.plan["initiatives"]}
    for row in first:
        id = row.initiative_id
        assert planned[id]["finish"] == expected[id].slip.expected.isoformat()
        assert planned[id]["effort_days"]["likely"] == pytest.approx(
            10 * row.effort["likely"], abs=0.01
        )


def report(row, **changes):
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()


def test_planning_again_on_a_sunday_says_nothing_of_the_weekend_nor_of_what_is_past():
    roadmap = plan_roadmap()
    rows = {row.initiative_id: row for row in roadmap.initiatives.exclude(kind="review")}
    waits = next(row for row in rows.values() if set(row.predecessors) & rows.keys())
    first = next(rows[other] for other in waits.predecessors if other in rows)
    # Done after what waits for it was begun: it happened so.
    report(first, status="done", started_on=date(2027, 2, 8), finished_on=date(2027, 2, 26))
    report(waits, status="in_progress", started_on=date(2027, 2, 1))

    again = scenario_go_on(roadmap=roadmap, user=None, today=date(2027, 2, 28))

    kinds = [conflict["kind"] for conflict in again.plan["conflicts"]]
    assert "day" not in kinds and "wishes" not in kinds
    planned = {entry["id"]: entry for entry in again.plan["initiatives"]}
    assert planned[first.initiative_id]["start"] == "2027-02-08"
    assert planned[first.initiative_id]["finish"] == "2027-02-26"


def test_what_is_different_tells_chances_and_whose_work_is_gone(client):
    roadmap = plan_roadmap()
    member = make_member(roadmap.organization, Role.EDITOR)
    client.force_login(member.user)
    ProgressForecast.objects.create(
        roadmap=roadmap,
        as_of=date(2027, 1, 4),
        cause="night",
        input_hash="0",
        made_at=timezone.now(),
        document={"finish": {"p50": "2031-05-06", "p80": "2031-06-07", "p95": "2031-07-08"}},
    )
    again = scenario_go_on(roadmap=roadmap, user=None, today=date(2027, 3, 1))
    gone = again.plan["initiatives"].pop()
    again.save()
    roadmap.initiatives.filter(initiative_id=gone["id"]).update(owner=member.user)
    address = reverse("scenarios:diff", args=[roadmap.organization.slug, again.pk])

    page = client.get(address).content.decode()

    assert "6 May 2031" in page and "7 June 2031" in page
    assert "not forecast yet: search first" in page
    assert f"taken on by {member.user}" in page


def test_what_is_different_counts_no_more_starts_put_off_than_there_is_work():
    roadmap = plan_roadmap()
    again = scenario_go_on(roadmap=roadmap, user=None, today=date(2027, 3, 1))
    again.decisions["earliest"]["A-9"] = "2027-03-01"

    told = " ".join(compared_with_scenario(roadmap.scenario, again).changes)

    planned = [i for i in again.plan["initiatives"] if i["id"] in again.decisions["earliest"]]
    assert f"has passed: {len(planned)} instead of 0." in told

"""A real plan, forecast from its first day: what was planned is what is expected."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from roadmap.domain.tracking.going_on import look_ahead
from roadmap.models import ProgressForecast
from roadmap.services.following.facts import followed_roadmaps, under_way
from roadmap.services.scenarios.making import scenario_go_on
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
    report(running, status="in_progress", started_on=running.start_on)
    report(longer, status="in_progress", started_on=longer.start_on)
    ends = {running: date(2027, 3, 2), longer: today + timedelta(days=7 * longer.working_days)}
    ProgressForecast.objects.create(
        roadmap=roadmap,
        as_of=today,
        cause="night",
        input_hash="x",
        made_at=timezone.now(),
        document={
            "initiatives": {
                row.initiative_id: {"finish": end.isoformat(), "actual": None}
                for row, end in ends.items()
            }
        },
    )
    again = scenario_go_on(roadmap=roadmap, user=None, today=today)
    planned = {entry["id"]: entry for entry in again.plan["initiatives"]}
    assert planned[done.initiative_id]["finish"] == finished.isoformat()
    assert planned[running.initiative_id]["finish"] == "2027-03-02"
    late = planned[longer.initiative_id]
    assert late["start"] == today.isoformat()
    assert late["working_days"] > longer.working_days
    others = {row.initiative_id for row in (done, running, longer)}
    assert all(e["start"] >= today.isoformat() for e in planned.values() if e["id"] not in others)


def report(row, **changes):
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()

"""The next plan measures what is left as the forecast does: pure."""

import math
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadmap.domain.hand.changes import Change, changed
from roadmap.domain.hand.decisions import (
    Days,
    Decisions,
    Going,
    decisions_from_json,
    decisions_to_json,
)
from roadmap.domain.progress import Status
from roadmap.domain.tracking.again import stands
from roadmap.domain.tracking.rest import rest
from roadmap.domain.tracking.work import Reported
from tests.roadmap.test_following_rest import CALENDAR, as_planned, chain, day, under_way, work

FEW = settings(max_examples=40, deadline=None)
TODAY = 10


def begun(**said):
    return Reported(Status.IN_PROGRESS, day(0), **said)


def end_of(stand):
    return CALENDAR.finish_date(0, CALENDAR.date_to_day(stand.start) + stand.going.days)


def forecast_of(found, id, today):
    remaining = rest(found, today)
    schedule = remaining.schedule()
    return remaining.calendar.finish_date(schedule.starts[id], schedule.finishes[id])


@FEW
@given(st.lists(st.integers(1, 12), min_size=1, max_size=6), st.integers(0, 60))
def test_as_planned_the_next_plan_is_the_plan(lengths, passed):
    today = day(passed)
    found = under_way(*[as_planned(item, today) for item in chain(lengths)])
    for item in found.items:
        stand = stands(found, today, CALENDAR).get(item.id)
        if item.status is Status.IN_PROGRESS:
            assert (stand.start, end_of(stand)) == (item.start_on, item.finish_on)
            assert (stand.going.days, stand.going.effort) == (item.working_days, None)
        elif item.status is Status.NOT_STARTED:
            assert (stand.start, stand.going) == (None, None)


@FEW
@given(
    st.integers(1, 30),
    st.integers(0, 12),
    st.floats(0.1, 20),
    st.sampled_from([20, 50, 100]),
)
def test_times_the_effort_both_move_by_the_same_work(days, weeks, times, people):
    """Also where waiting set the length, and beyond the 26 weeks a plan lets anything last."""
    item = work("A1", 0, max(days, 5 * weeks), waits=(weeks, weeks))
    effort = replace(item.effort, likely=days * people / 100)
    said = round(times * effort.likely, 2)
    item = replace(item, effort=effort, reported=begun(remaining_days=said))
    found, today = under_way(item, amounts=people), day(TODAY)

    stand = stands(found, today, CALENDAR)["A1"]
    left = rest(found, today).left["A1"]

    assert end_of(stand) == forecast_of(found, "A1", today)
    assert stand.going.person_days == left.person_days == said
    assert left.days >= max(1, math.ceil(said * 100 / people - 1e-6))
    # Nothing of the work is lost between the two: it is all in the days that are left.
    assert sum(left.demands.values()) * left.days >= round(said * 100, 6)
    if said > effort.likely:
        assert stand.going.effort.likely == said


@pytest.mark.parametrize(
    "said",
    [
        {"remaining_days": 30.0},
        {"percent": 30},
        {"is_blocked": True, "blocked_on": day(3)},
        {"expected_on": day(90)},
        {"remaining_days": 300.0, "is_blocked": True, "blocked_on": day(3)},
        {},
    ],
)
def test_all_that_can_be_reported_goes_into_both(said):
    found = under_way(work("A1", 0, 20, reported=begun(**said)))
    stand = stands(found, day(TODAY), CALENDAR)["A1"]
    assert end_of(stand) == forecast_of(found, "A1", day(TODAY))


def test_what_is_not_begun_keeps_what_people_said_is_left():
    item = work("A1", 20, 10, reported=Reported(remaining_days=40.0))
    late = work("A2", 20, 10, reported=Reported(expected_on=day(60)))
    found = stands(under_way(item, late, amounts=100), date(2027, 1, 4), CALENDAR)
    assert found["A1"].going == Going(40, 40, 40.0, Days(32.0, 40.0, 80.0))
    assert found["A1"].start is None
    assert (found["A2"].not_before, found["A2"].going) == (day(51), None)


def test_a_review_that_was_called_waits_for_its_turn():
    review = work("A2", 5, 1, after=("A1",), kind="review", gate="G1", reported=begun())
    found = stands(under_way(work("A1", 0, 5), review), day(0), CALENDAR)
    assert found["A2"].start is None


def test_what_is_left_is_kept_with_the_decisions_until_somebody_says_otherwise():
    decisions = Decisions(going={"A1": Going(40, 30, 15.0, Days(10, 15, 20))})
    assert decisions_from_json(decisions_to_json(decisions)) == decisions
    assert "going" not in decisions_to_json(Decisions())
    change = Change("effort", "A1", {"low": 1, "likely": 2, "high": 3})
    assert changed(decisions, change).going == {}


@pytest.mark.parametrize(
    ("began", "ended", "expected"),
    [
        (day(3), day(4), (day(3), 2)),
        # On a weekend: the last day worked before it.
        (day(3), day(4) + timedelta(days=2), (day(3), 2)),
        (day(4) + timedelta(days=1), day(4) + timedelta(days=2), (day(4), 1)),
    ],
)
def test_what_is_done_stands_where_it_was_done(began, ended, expected):
    done = Reported(Status.DONE, began, finished_on=ended)
    stand = stands(under_way(work("A1", 0, 20, reported=done)), day(TODAY), CALENDAR)["A1"]
    assert (stand.start, stand.going.days) == expected

import math
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.domain.answers import Answer, AnswerState
from guide.model import Initiative, Role
from guide.registry import current_guide
from roadmap.domain.constraints.calendar import work_calendar
from roadmap.domain.constraints.capacity import (
    Origin,
    Pace,
    RoleCapacity,
    capacity_steps,
    organization_size,
    planning_amounts,
    role_capacities,
    workload,
)
from roadmap.domain.constraints.free_time import free_time, free_time_notes
from roadmap.domain.constraints.stated import Constraints, Freeze, FreezeKind, Staffing
from roadmap.domain.forecasting.uncertainty import Outcome, Spread, outcome
from roadmap.domain.hand.adjusting import vendor_paces
from roadmap.domain.problem import HORIZON_DAYS
from tests.roadmap.guides import initiative, role, small_guide

BOTH = {"OPS": 3, "SEC": 1}


def staff(**areas):
    return {"P.04": Answer(AnswerState.ANSWERED, areas)}


@pytest.mark.parametrize(
    ("answers", "constraints", "amount", "origin"),
    [
        (staff(it_ops=2), Constraints(), 50, Origin.PROFILE),
        (staff(it_ops=0, developers=4), Constraints(), 100, Origin.FALLBACK),
        (staff(it_ops=0, developers=0), Constraints(), 15, Origin.NOBODY),
        (staff(it_ops=0.01), Constraints(), 1, Origin.PROFILE),
        ({}, Constraints(), 15, Origin.DEFAULT),
        (staff(it_ops=2), Constraints(role_fte={"PL": 1.2}), 120, Origin.CONSTRAINT),
        (staff(it_ops=2), Constraints(role_fte={"PL": 0}), 0, Origin.ABSENT),
    ],
)
def test_capacity_comes_from_constraint_profile_or_default(answers, constraints, amount, origin):
    platform = role("PL", fte_from="it_ops", fallback="developers", share=0.25, default=0.15)

    found = role_capacities(small_guide(roles=[platform]), answers, constraints)["PL"]

    assert (found.amount, found.origin) == (amount, origin)


def test_people_who_fill_several_roles_are_counted_once():
    roles = [
        role("OPS", fte_from="it_ops", share=0.25),
        role("PL", fte_from="it_ops", share=0.25),
        role("DEV", fte_from="developers", share=0.3),
    ]

    found = role_capacities(small_guide(roles=roles), staff(it_ops=4, developers=2), Constraints())

    assert {r: c.amount for r, c in found.items()} == {"OPS": 50, "PL": 50, "DEV": 60}
    assert found["OPS"].shared_with == ("PL",)
    assert found["DEV"].shared_with == ()


@pytest.mark.parametrize(
    ("answers", "size"),
    [
        ({}, (None, 1.0, None)),
        ({"P.04": Answer(AnswerState.UNKNOWN)}, (None, 1.0, None)),
        (staff(it_ops=2, compliance=0.5), (2.5, 0.6, 2)),
        (staff(it_ops=49.5), (49.5, 0.6, 2)),
        (staff(it_ops=50), (50.0, 1.0, None)),
        (staff(it_ops=300), (300.0, 1.0, None)),
        (staff(it_ops=200, developers=101), (301.0, 1.6, None)),
    ],
)
def test_size_follows_the_number_of_people(answers, size):
    found = organization_size(answers)

    assert (found.staff, found.multiplier, found.wip_limit) == size


@pytest.mark.parametrize(
    ("details", "amounts", "days", "demands", "short_of"),
    [
        # 10 person-days of one half-time person
        ({"days": 10}, {"OPS": 50}, 20, {"OPS": 50}, None),
        # the slower of two roles sets the pace, the other is used less
        ({"days": 8, "roles": BOTH}, {"OPS": 100, "SEC": 100}, 6, {"OPS": 100, "SEC": 34}, None),
        # never more than one full-time person of a role
        ({"days": 10}, {"OPS": 900}, 10, {"OPS": 100}, None),
        # elapsed time sets a minimum
        ({"days": 1, "elapsed_weeks": {"low": 2, "high": 6}}, {"OPS": 100}, 10, {"OPS": 10}, None),
        # a role nearly nobody has: half a year, all of it, and a note
        ({"days": 10}, {"OPS": 1}, 130, {"OPS": 1}, "OPS"),
        ({"days": 0}, {"OPS": 50}, 1, {}, None),
    ],
)  # fmt: skip
def test_workload_spreads_effort_over_roles_and_days(details, amounts, days, demands, short_of):
    found = workload(Initiative(**initiative("A", **details)), 1.0, amounts)

    assert (found.days, found.demands, found.short_of) == (days, demands, short_of)


@given(
    st.integers(0, 60),
    st.integers(1, 150),
    st.integers(0, 12),
    st.sampled_from([0, 0.5, 1, 8]),
    st.sampled_from([4, 5, 6]),
)
@settings(max_examples=50)
def test_late_vendors_make_work_exactly_that_many_weeks_longer(days, amount, waits, late, week):
    details = {"days": days, "elapsed_weeks": {"low": waits, "high": waits}}
    made, amounts = Initiative(**initiative("A", **details)), {"OPS": amount}

    usual = workload(made, 1.0, amounts, Pace(week))
    found = workload(made, 1.0, amounts, Pace(week, late))

    assert found.days - usual.days == math.ceil(late * week)
    assert usual.days >= waits * week
    # The forecast turns the likely case into the same days and people.
    spread = Spread(days, days, days, (waits, waits), made.roles, amounts, pace=Pace(week, late))
    assert outcome(spread, days, waits) == Outcome(found.days, found.demands)


@pytest.mark.parametrize(("weekdays", "days"), [(4, 8), (5, 10), (6, 12)])
def test_a_week_of_waiting_is_a_week_of_the_calendar(weekdays, days):
    waits = Initiative(**initiative("A", days=1, elapsed_weeks={"low": 2, "high": 2}))
    week = Constraints(working_weekdays=frozenset(range(weekdays)))

    pace = vendor_paces([waits], week)["A"]

    assert workload(waits, 1.0, {"OPS": 100}, pace).days == days


def test_workload_multiplies_effort_by_size():
    small = workload(Initiative(**initiative("A", days=10)), 0.6, {"OPS": 100})

    assert small.days == 6


def test_workload_of_a_role_nobody_has_says_so_instead_of_a_length():
    found = workload(Initiative(**initiative("A", roles=BOTH)), 1.0, {"OPS": 50, "SEC": 0})

    assert (found.absent, found.demands) == (("SEC",), {})


MONDAY = date(2027, 1, 4)
CALENDAR = work_calendar(MONDAY)
# Working-day numbers: 2027-02-01 is day 20, 2027-03-01 day 40, 2027-04-01 day 63.
FEBRUARY, MARCH, APRIL = date(2027, 2, 1), date(2027, 3, 1), date(2027, 4, 1)
END_FEBRUARY, END_MARCH = date(2027, 2, 28), date(2027, 3, 31)


def capacity(amount=50, id="OPS"):
    return RoleCapacity(Role(**role(id)), amount, Origin.PROFILE)


def fewer(start, finish, left, *roles):
    return Freeze(start, finish, "", FreezeKind.REDUCED_STAFF, left, roles)


@pytest.mark.parametrize(
    ("constraints", "steps"),
    [
        ({}, [(0, 50)]),
        ({"staffing": [Staffing("OPS", 1, FEBRUARY)]}, [(0, 50), (20, 150)]),
        (
            {"staffing": [Staffing("OPS", 1, FEBRUARY, END_FEBRUARY, is_partner=True)]},
            [(0, 50), (20, 150), (40, 50), (HORIZON_DAYS, 150)],
        ),
        ({"staffing": [Staffing("SEC", 1, FEBRUARY)]}, [(0, 50)]),
        # More people leave than there are: nobody, not less than nobody.
        (
            {"staffing": [Staffing("OPS", -3, FEBRUARY)]},
            [(0, 50), (20, 0), (HORIZON_DAYS, 50)],
        ),
        (
            {"freezes": [fewer(FEBRUARY, END_MARCH, 0.5), fewer(MARCH, END_MARCH, 0.1)]},
            [(0, 50), (20, 25), (40, 5), (63, 50)],
        ),
        ({"freezes": [fewer(FEBRUARY, END_FEBRUARY, 0.5, "SEC")]}, [(0, 50)]),
        ({"freezes": [Freeze(FEBRUARY, END_FEBRUARY)]}, [(0, 50)]),
        # Those who join are reduced as well.
        (
            {
                "staffing": [Staffing("OPS", 0.5, MARCH)],
                "freezes": [fewer(FEBRUARY, END_MARCH, 0.5, "OPS")],
            },
            [(0, 50), (20, 25), (40, 50), (63, 100)],
        ),
        # A reduction for ever ends where planning ends.
        (
            {"freezes": [fewer(MONDAY, date(2099, 1, 1), 0)]},
            [(0, 0), (HORIZON_DAYS, 50)],
        ),
        # What was before the plan has no part in it.
        (
            {"staffing": [Staffing("OPS", 1, date(2026, 1, 1), date(2026, 12, 31))]},
            [(0, 50)],
        ),
        ({"staffing": [Staffing("OPS", 1, date(2026, 1, 1))]}, [(0, 150)]),
        ({"staffing": [Staffing("OPS", 1, date(2099, 1, 1))]}, [(0, 50)]),
    ],
)
def test_capacity_steps_follow_people_and_reductions(constraints, steps):
    found = capacity_steps(capacity(), CALENDAR, Constraints(**constraints))

    assert list(found) == steps


DAYS = st.dates(date(2026, 1, 1), date(2045, 1, 1))


@settings(max_examples=50)
@given(
    st.integers(0, 300),
    st.lists(st.builds(Staffing, st.just("OPS"), st.floats(-3, 3), DAYS, DAYS), max_size=4),
    st.lists(st.builds(fewer, DAYS, DAYS, st.floats(0, 1)), max_size=3),
)
def test_capacity_steps_never_fall_below_nothing_and_come_back(amount, staffing, freezes):
    limits = Constraints(staffing=tuple(staffing), freezes=tuple(freezes))
    steps = capacity_steps(capacity(amount), CALENDAR, limits)

    days = [day for day, _ in steps]
    assert days[0] == 0
    assert days == sorted(set(days))
    assert days[-1] <= HORIZON_DAYS
    assert min(left for _, left in steps) >= 0
    assert steps[-1][1] == max(left for _, left in steps)
    (needed,) = planning_amounts({"OPS": capacity(amount)}, CALENDAR, limits).values()
    assert needed <= steps[-1][1]


@pytest.mark.parametrize(
    ("amount", "staffing", "needed"),
    [
        (50, [], 50),
        (50, [Staffing("OPS", 1, MONDAY)], 150),
        # Those who come later do not make the work of today wait for them.
        (50, [Staffing("OPS", 1, MARCH)], 50),
        (50, [Staffing("OPS", -0.3, MARCH)], 20),
        # Away for a month, then back.
        (50, [Staffing("OPS", -0.5, MARCH, END_MARCH)], 50),
        (0, [Staffing("OPS", 1, MARCH)], 100),
        (50, [Staffing("OPS", -1, MARCH)], 50),
        (0, [Staffing("OPS", 1, MARCH, END_MARCH)], 100),
        (0, [], 0),
    ],
)
def test_planning_amounts_neither_wait_for_newcomers_nor_need_those_who_left(
    amount, staffing, needed
):
    limits = Constraints(staffing=tuple(staffing))

    assert planning_amounts({"OPS": capacity(amount)}, CALENDAR, limits) == {"OPS": needed}


def said(level=None, unplanned=None):
    found = {"Q1.10": level, "Q1.11": unplanned}
    return {q: Answer(AnswerState.ANSWERED, v) for q, v in found.items() if v is not None}


@pytest.mark.parametrize(
    ("answers", "stated", "shares"),
    [
        ({}, None, [0.25, 0.5]),
        (said(level=3, unplanned=60), None, [0.25, 0.4]),
        (said(unplanned=90), None, [0.1, 0.1]),
        ({"Q1.11": Answer(AnswerState.UNKNOWN)}, None, [0.25, 0.5]),
        # Nobody has named hours: half of each share.
        (said(level=1), None, [0.125, 0.25]),
        (said(level=0, unplanned=80), None, [0.125, 0.2]),
        # What is stated outdoes the answers, in both directions.
        (said(level=0, unplanned=80), 0.4, [0.25, 0.4]),
        ({}, 0.1, [0.1, 0.1]),
    ],
)
def test_free_time_limits_the_share_of_each_role(answers, stated, shares):
    roles = [Role(**role("OPS", share=0.25)), Role(**role("CMO", share=0.5))]

    free = free_time(current_guide(), answers, Constraints(free_share=stated))

    assert [float(free.share_of(one)) for one in roles] == shares
    assert bool(list(free_time_notes(free, roles))) == (shares != [0.25, 0.5])


def test_free_time_of_a_guide_that_does_not_ask_is_the_usual_share():
    free = free_time(small_guide(), said(level=0, unplanned=95), Constraints())

    assert float(free.share_of(Role(**role("OPS", share=0.5)))) == 0.5


def test_free_time_does_not_lessen_what_is_stated_of_a_role():
    limits = Constraints(role_fte={"OPS": 0.5}, free_share=0.1)

    found = role_capacities(small_guide(), staff(it_ops=9, security=1), limits)

    assert {r: c.amount for r, c in found.items()} == {"OPS": 50, "SEC": 10}

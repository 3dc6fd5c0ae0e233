import pytest

from assessments.domain.answers import Answer, AnswerState
from guide.model import Initiative
from roadmap.domain.capacity import Origin, organization_size, role_capacities, workload
from roadmap.domain.constraints import Constraints
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
        (staff(it_ops=2), Constraints(role_fte={"PL": 0}), 15, Origin.NOBODY),
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


def test_workload_multiplies_effort_by_size():
    small = workload(Initiative(**initiative("A", days=10)), 0.6, {"OPS": 100})

    assert small.days == 6

"""What is said of constraints that are allowed and still surprise."""

from datetime import date, timedelta

import pytest

from roadmap.domain.constraints.checks import constraint_warnings
from roadmap.domain.constraints.stated import Constraints, Deadline, Freeze, FreezeKind, Staffing
from tests.roadmap.guides import small_guide

TODAY = date(2026, 11, 25)
START = date(2027, 1, 4)
GUIDE = small_guide()
NEVER, FAR = date(2026, 1, 1), date(2099, 12, 31)


def said(**limits):
    stated = Constraints(**{"start": START, **limits})
    return list(constraint_warnings(stated, GUIDE, {"OPS": 12, "SEC": 1}, TODAY))


def none_left(*roles, finish=FAR):
    return Freeze(START, finish, "", FreezeKind.REDUCED_STAFF, 0, roles)


@pytest.mark.parametrize(
    "limits",
    [
        {},
        {"role_fte": {"OPS": 0.5}},
        {"freezes": (Freeze(START, START + timedelta(days=14)),)},
        {"budget": 1000.0, "day_rates": {"OPS": 600.0, "SEC": 600.0}},
        {"deadlines": (Deadline(date(2028, 1, 1)),)},
        # Somebody comes: then it is not nobody.
        {"role_fte": {"OPS": 0}, "staffing": (Staffing("OPS", 1, date(2027, 6, 1)),)},
    ],
)
def test_constraint_checks_are_silent_about_the_usual(limits):
    assert said(**limits) == []


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"start": date(2026, 11, 1)}, "which is past"),
        ({"start": date(2029, 11, 1)}, "will have changed"),
        (
            {"holidays": frozenset(START + timedelta(days=n) for n in range(100))},
            "72 working days of the first year are free",
        ),
        (
            {"role_fte": {"OPS": 0}},
            "nobody does the work of Role OPS (12 initiatives). What needs it",
        ),
        ({"role_fte": {"SEC": 0}}, "Role SEC (1 initiative)"),
        (
            {"staffing": (Staffing("OPS", 1, NEVER, date(2026, 6, 30)),)},
            "over before the plan begins",
        ),
        ({"freezes": (Freeze(NEVER, date(2026, 6, 30), "Old"),)}, "“Old” (1 January 2026 to"),
        ({"freezes": (Freeze(date(2060, 1, 1), FAR),)}, "beyond the ten years"),
        ({"freezes": (Freeze(START, FAR),)}, "nothing that goes live can be planned"),
        # Two that touch are one.
        (
            {
                "freezes": (
                    Freeze(date(2027, 2, 1), date(2027, 3, 31)),
                    Freeze(date(2027, 4, 1), date(2027, 6, 30)),
                )
            },
            "From 1 February 2027 to 30 June 2027 nothing can go live (108 working days)",
        ),
        ({"freezes": (none_left("SEC"),)}, "there is no time of Role SEC."),
        ({"freezes": (none_left(finish=START),)}, "no work at all can go on"),
        ({"budget": 1000.0}, "There are no day rates"),
        ({"budget": 0.0, "day_rates": {"OPS": 600.0}}, "A budget of 0"),
        ({"budget": 1000.0, "day_rates": {"OPS": 600.0}}, "counts as free of cost: SEC"),
        ({"budget_days": 0.0}, "0 person-days"),
        ({"deadlines": (Deadline(date(2027, 1, 15)),)}, "10 working days until 15 January 2027"),
    ],
)
def test_constraint_checks_say_what_it_does_to_the_plan(limits, words):
    found = said(**limits)

    assert [warning for warning in found if words in warning], found

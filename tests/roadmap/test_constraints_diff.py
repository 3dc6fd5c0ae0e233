from dataclasses import replace
from datetime import date

import pytest

from roadmap.domain.constraints.differences import Names, constraints_diff
from roadmap.domain.constraints.stated import Constraints, Deadline, Freeze, FreezeKind, Staffing

NAMES = Names({"OPS": "IT operations"}, {"STEP-1": "Audit"}, {"G3": "First deployment"})
BASE = Constraints(start=date(2027, 1, 4))
MARCH = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"start": MARCH}, "It starts on 1 March 2027 instead of 4 January 2027."),
        ({"country": "US", "subdivision": "MA"}, "Public holidays of: US MA instead of none."),
        ({"holidays": frozenset({MARCH})}, "Free days added: 1 March 2027."),
        ({"working_weekdays": frozenset({6, 0})}, "Other days of the week are worked."),
        (
            {"role_fte": {"OPS": 0.5}},
            "FTE of IT operations: 0.5 instead of as the profile says.",
        ),
        (
            {"staffing": (Staffing("OPS", -0.5, MARCH),)},
            "People added: −0.5 FTE IT operations from 1 March 2027 on.",
        ),
        (
            {"free_share": 0.4},
            "Share of the week that is free: 40% instead of as the answers say.",
        ),
        ({"budget": 90_000.0, "currency": "USD"}, "Budget: 90,000 USD instead of none."),
        ({"budget_days": 40.0}, "Budget in person-days: 40 instead of none."),
        ({"day_rates": {"OPS": 640.0}}, "Day rate of IT operations: 640 instead of none."),
        (
            {"freezes": (Freeze(MARCH, date(2027, 3, 12), "Upgrade"),)},
            "Freeze added: Upgrade, 1 March 2027 to 12 March 2027 (nothing goes live).",
        ),
        (
            {"freezes": (Freeze(MARCH, MARCH, "", FreezeKind.REDUCED_STAFF, 0.5, ("OPS",)),)},
            "Freeze added: 1 March 2027 to 1 March 2027 (50% of the time of IT operations).",
        ),
        (
            {"deadlines": (Deadline(MARCH, "G3", "Contract"),)},
            "Deadline added: First deployment by 1 March 2027 (Contract).",
        ),
        ({"wip_limit": 3}, "Limit of initiatives at the same time: 3 instead of none."),
        ({"targets": {"STEP-1": 4}}, "Target level of Audit: 4 instead of 3."),
        (
            {"vendor_delay_weeks": 8},
            "Weeks that vendors answer later than usual: 8 instead of 0.",
        ),
    ],
)
def test_each_difference_is_one_sentence(change, sentence):
    assert constraints_diff(BASE, replace(BASE, **change), NAMES) == (sentence,)


def test_equal_constraints_differ_in_nothing():
    assert constraints_diff(BASE, replace(BASE), NAMES) == ()


def test_what_is_taken_away_is_said_too():
    before = replace(BASE, freezes=(Freeze(MARCH, MARCH, "Upgrade"),))

    (sentence,) = constraints_diff(before, BASE, NAMES)

    assert sentence.startswith("Freeze taken away: Upgrade")

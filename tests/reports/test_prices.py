"""Day rates as a report freezes them."""

from datetime import date

from reports.frozen.prices import PartnerEntry, RateEntry, prices_entry
from roadmap.domain.constraints.stated import Constraints, Staffing

PLAN = {
    "start": "2026-11-23",
    "finish": "2026-12-18",
    "holidays": ["2026-12-08"],
    "working_weekdays": [0, 1, 2, 3, 4],
    "cost": {"currency": "EUR", "own": 900.0, "partner": 100.0, "total": 1000.0},
}


def test_rates_are_those_stated_and_partners_count_the_days_they_are_there():
    constraints = Constraints(
        day_rates={"OPS": 420.0, "SEC": 0.0},
        currency="EUR",
        staffing=(
            Staffing("OPS", 0.5, date(2026, 12, 7), date(2027, 3, 1), "Help", True, 900.0),
            Staffing("SEC", 1, date(2026, 12, 7)),
        ),
    )

    prices = prices_entry(PLAN, constraints, {"OPS": "IT operations"})

    assert prices is not None
    assert prices.rates == (RateEntry("OPS", "IT operations", 420.0),)
    # From 7 to 18 December without the holiday: the plan ends before the partner leaves.
    assert prices.partners == (PartnerEntry("IT operations", 0.5, 9, 900.0, "Help"),)


def test_without_rates_there_are_no_prices():
    assert prices_entry({**PLAN, "cost": None}, Constraints(), {}) is None

"""Which public holidays a plan was made without, so that later ones can be told from declined ones.

The days themselves stand in the constraints; what a country decides afterwards must move no date,
only be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from roadmap.domain.constraints.public_holidays import (
    UnknownCountry,
    UnknownSubdivision,
    plan_holidays,
)
from roadmap.domain.constraints.stated import Constraints

# Kept beside the constraints of a scenario; it is no constraint itself.
DECLINED = "declined_holidays"


def not_taken(constraints: Constraints) -> Mapping[date, str]:
    """Public holidays of its place, on days people work, that the plan does not keep free."""
    if not constraints.country or constraints.start is None:
        return {}
    try:
        known = plan_holidays(constraints.country, constraints.subdivision, constraints.start)
    except (UnknownCountry, UnknownSubdivision):
        return {}
    return {
        day: name
        for day, name in known.items()
        if day >= constraints.start
        and day.weekday() in constraints.working_weekdays
        and day not in constraints.holidays
    }

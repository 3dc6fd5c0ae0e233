"""What happened since a plan was made: newer answers, another calendar, another planner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assessments.models import Snapshot
from roadmap.models import Scenario
from roadmap.services.scenarios.calendar import DECLINED, not_taken
from roadmap.services.scenarios.planning import is_current


@dataclass(frozen=True)
class Notices:
    """`newer`: an assessment submitted later. `holidays`: public ones within the plan that it does
    not know. `is_outdated`: guide or planner are others than those that made it.
    """

    newer: Snapshot | None
    holidays: tuple[tuple[date, str], ...]
    is_outdated: bool

    def __bool__(self) -> bool:
        return bool(self.newer or self.holidays or self.is_outdated)


def notices(scenario: Scenario) -> Notices:
    """One query. Nothing is changed by any of it: a person decides."""
    return Notices(newer(scenario), unknown_holidays(scenario), not is_current(scenario))


def newer(scenario: Scenario) -> Snapshot | None:
    """The newest assessment submitted after the one it was planned from."""
    later = Snapshot.objects.filter(
        organization=scenario.organization_id, created_at__gt=scenario.snapshot.created_at
    )
    return later.select_related("assessment").defer("answers", "scorecard").first()


def unknown_holidays(scenario: Scenario) -> tuple[tuple[date, str], ...]:
    """Public holidays within the plan that were not known as such when it was planned."""
    finish = scenario.plan.get("finish")
    if not finish:
        return ()
    last, declined = date.fromisoformat(finish), set(scenario.constraints.get(DECLINED, ()))
    return tuple(
        (day, name)
        for day, name in not_taken(scenario.to_constraints()).items()
        if day <= last and day.isoformat() not in declined
    )

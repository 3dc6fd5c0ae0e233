"""When people work and how many there are: what other planning tools need to read a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

WEEKDAYS = (0, 1, 2, 3, 4)


@dataclass(frozen=True)
class CalendarEntry:
    """`weekdays`: those worked, 0 for Monday. `holidays`: days off beside the other weekdays."""

    weekdays: tuple[int, ...] = WEEKDAYS
    holidays: tuple[date, ...] = ()

    def is_worked(self, day: date) -> bool:
        return day.weekday() in self.weekdays and day not in self.holidays


@dataclass(frozen=True)
class CapacityEntry:
    """People of a role for this plan, in full-time equivalents."""

    role: str
    title: str
    fte: float


def calendar_entry(plan: Mapping[str, Any]) -> CalendarEntry:
    return CalendarEntry(
        weekdays=tuple(plan.get("working_weekdays") or WEEKDAYS),
        holidays=tuple(date.fromisoformat(day) for day in plan.get("holidays", [])),
    )


def capacity_entries(plan: Mapping[str, Any]) -> tuple[CapacityEntry, ...]:
    return tuple(
        CapacityEntry(role["role"], role["title"], role["fte"]) for role in plan.get("capacity", [])
    )

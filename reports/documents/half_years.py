"""Person-days and money of a plan by half-year. Pure.

An initiative's effort is spread evenly over its working days: the plan says when it runs, not on
which of its days somebody works. So each half-year is an estimate of an estimate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from reports.frozen.snapshot import Days, InitiativeEntry, ReportSnapshot
from roadmap.domain.tracking.slip import WorkingDays

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class HalfYear:
    """`cost` is of the organization's own people; None where nothing is priced."""

    first: date
    effort: Days
    cost: float | None

    @property
    def number(self) -> int:
        return 1 if self.first.month == 1 else 2


def half_years(snapshot: ReportSnapshot) -> tuple[HalfYear, ...]:
    """From the first with work to the last; dropped work is left out."""
    money = snapshot.board.money if snapshot.board else None
    costs = {part.id: part.amount for part in money.by_initiative} if money else {}
    calendar = snapshot.calendar
    days = WorkingDays(calendar.holidays, calendar.weekdays) if calendar else WorkingDays()
    found: dict[date, tuple[Days, float]] = {}
    for item in snapshot.initiatives:
        if item.progress.status == "dropped":
            continue
        for first, share in _shares(item, days).items():
            effort, cost = found.get(first, (Days(0, 0, 0), 0.0))
            part = Days(*(value * share for value in _three(item.effort)))
            found[first] = effort + part, cost + costs.get(item.id, 0.0) * share
    return tuple(
        HalfYear(first, effort, cost if money else None)
        for first, (effort, cost) in sorted(found.items())
    )


def _shares(item: InitiativeEntry, days: WorkingDays) -> dict[date, float]:
    """The part of the initiative's working days in each half-year; together 1."""
    counted = {}
    first = _half_of(item.start)
    while first <= item.finish:
        following = _following(first)
        start, finish = max(item.start, first), min(item.finish, following - A_DAY)
        counted[first] = days.slip(start - A_DAY, finish)
        first = following
    whole = sum(counted.values())
    if not whole:
        return {_half_of(item.start): 1.0}
    return {half: number / whole for half, number in counted.items() if number}


def _half_of(day: date) -> date:
    return date(day.year, 1 if day.month < 7 else 7, 1)


def _following(half: date) -> date:
    return date(half.year, 7, 1) if half.month == 1 else date(half.year + 1, 1, 1)


def _three(effort: Days) -> tuple[float, float, float]:
    return effort.low, effort.likely, effort.high

"""Metrics week by week, and what in them is more than noise.

Weeks run from Monday to Sunday and only whole weeks count, so that a point never moves once it is
there. Skewed times are drawn as weekly medians.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from delivery.domain.daily import DayFigures, merge
from delivery.domain.metrics import (
    AUDIT_TRAIL,
    COVERAGE,
    DAY,
    FAIL_RATE,
    FIX_TIME,
    FREQUENCY,
    HOUR,
    LEAD_TIME,
    MINUTE,
    RECOVERY,
    REWORK,
    UNITS,
    share_covered,
)
from delivery.domain.statistics import (
    XMR_POINTS,
    ProcessLimits,
    median,
    process_limits,
    signals,
)

WEEK = timedelta(weeks=1)
# Rates and counts whose event comes more rarely than this a week vary by single events: limits
# of weekly values would only repeat that.
EVENTS_A_WEEK = 1.0
# Each reading stands on the one before it, so moves from week to week say nothing about limits.
STANDING = frozenset({COVERAGE})
RATES = frozenset({FAIL_RATE, REWORK, AUDIT_TRAIL})


@dataclass(frozen=True)
class Point:
    """A week's value and what it rests on; `signal`: "", "outside" or "run"."""

    monday: date
    value: float
    n: int
    signal: str = ""


@dataclass(frozen=True)
class Series:
    """A metric by weeks. `why_no_limits`: "standing", "few_points", "rare", or "" where there are
    limits.

    `base_from`, `base_until`: the weeks the limits are computed from, where not all.
    """

    metric: str
    mondays: tuple[date, ...]
    points: tuple[Point, ...]
    limits: ProcessLimits | None = None
    why_no_limits: str = ""
    base_from: date | None = None
    base_until: date | None = None

    @property
    def signals(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point.signal)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def whole_weeks(last: date, number: int, since: date | None = None) -> tuple[date, ...]:
    """The Mondays of the newest so many weeks that are over when the day `last` is; none that
    begin before `since`'s week.
    """
    end = monday_of(last + timedelta(days=1))
    mondays = (end - WEEK * back for back in range(number, 0, -1))
    return tuple(day for day in mondays if since is None or day >= monday_of(since))


def by_week(
    days: Iterable[tuple[date, DayFigures]], mondays: Sequence[date]
) -> dict[date, DayFigures]:
    grouped: dict[date, list[DayFigures]] = {monday: [] for monday in mondays}
    for day, figures in days:
        week = grouped.get(monday_of(day))
        if week is not None:
            week.append(figures)
    return {monday: merge(found) for monday, found in grouped.items()}


def series_of(
    metric: str,
    weeks: Mapping[date, DayFigures],
    base: tuple[date, date] | None = None,
) -> Series:
    """The metric's points with its limits. `base`: the days of the baseline, whose weeks give the
    limits when they hold points enough; else all points do.
    """
    points = tuple(
        Point(monday, value, n)
        for monday, figures in weeks.items()
        for value, n in [_value(metric, figures)]
        if value is not None
    )
    mondays = tuple(weeks)
    if why := _no_limits(metric, weeks, points):
        return Series(metric, mondays, points, why_no_limits=why)
    within = [p for p in points if base and base[0] <= p.monday and p.monday + WEEK <= _after(base)]
    chosen = within if len(within) >= XMR_POINTS else list(points)
    ceiling = 100.0 if UNITS[metric] == "percent" else None
    limits = process_limits([point.value for point in chosen], 0.0, ceiling)
    if limits is None:
        return Series(metric, mondays, points, why_no_limits="few_points")
    marks = signals([point.value for point in points], limits)
    marked = tuple(
        Point(point.monday, point.value, point.n, mark)
        for point, mark in zip(points, marks, strict=True)
    )
    is_part = chosen is within and len(within) < len(points)
    return Series(
        metric,
        mondays,
        marked,
        limits,
        base_from=chosen[0].monday if is_part else None,
        base_until=chosen[-1].monday + WEEK - timedelta(days=1) if is_part else None,
    )


def _after(base: tuple[date, date]) -> date:
    return base[1] + timedelta(days=1)


def _no_limits(metric: str, weeks: Mapping[date, DayFigures], points: Sequence[Point]) -> str:
    if metric in STANDING:
        return "standing"
    if len(points) < XMR_POINTS:
        return "few_points"
    is_counted = metric in RATES or metric == FREQUENCY
    is_rare = is_counted and _rarer_events(metric, weeks) < EVENTS_A_WEEK * len(points)
    return "rare" if is_rare else ""


def _rarer_events(metric: str, weeks: Mapping[date, DayFigures]) -> int:
    """How often the event happened that decides the value; of a rate the rarer of its two sides."""
    counts = [_counts(metric, figures) for figures in weeks.values()]
    hits, of = sum(one[0] for one in counts), sum(one[1] for one in counts)
    return of if metric == FREQUENCY else min(hits, of - hits)


def _counts(metric: str, figures: DayFigures) -> tuple[int, int]:
    """(how often, out of how many) of what is counted."""
    if metric == AUDIT_TRAIL:
        changes = figures.changes.values()
        return sum(complete for complete, _all in changes), sum(total for _done, total in changes)
    hits = {FAIL_RATE: figures.failed, REWORK: figures.rework}.get(metric, 0)
    return hits, figures.deployments


def _value(metric: str, figures: DayFigures) -> tuple[float | None, int]:
    if metric == FREQUENCY:
        return float(figures.deployments), figures.deployments
    if metric == LEAD_TIME:
        return _middle(figures.leads, HOUR)
    if metric == RECOVERY:
        return _middle(figures.recoveries, MINUTE)
    if metric == FIX_TIME:
        return _middle([one for values in figures.fixes.values() for one in values], DAY)
    if metric == COVERAGE:
        reading = figures.coverage
        return (share_covered(reading), 1) if reading is not None else (None, 0)
    return _share(*_counts(metric, figures))


def _middle(values: Sequence[int], unit: int) -> tuple[float | None, int]:
    middle = median(values)
    return (None if middle is None else middle / unit), len(values)


def _share(hits: int, of: int) -> tuple[float | None, int]:
    return (100 * hits / of if of else None), of

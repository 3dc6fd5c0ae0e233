"""Geometry of the load charts: months as columns, the capacity as a line above them.

One small picture for each role, all with the same months, each with its own scale of days: what
matters is how near the columns come to the line. Several scenarios of one role share the scale.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from roadmap.charts.scale import (
    TimeScale,
    TimeTick,
    fitted,
    line,
    named_months,
    next_month,
    rounded,
)

WIDTH, HEIGHT = 300.0, 124.0
LEFT, RIGHT, TOP, BOTTOM = 4.0, 296.0, 24.0, 102.0
TICK_WIDTH = 62.0
GAP = 1.0
# From here on a month counts as full: nothing unplanned fits in any more.
FULL = 0.95


@dataclass(frozen=True)
class Month:
    """Person-days of one role: used by the plan, and there for it."""

    first: date
    used: float
    capacity: float

    @property
    def is_full(self) -> bool:
        return self.used > 0 and self.used >= FULL * self.capacity


@dataclass(frozen=True)
class Column:
    month: Month
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class LoadChart:
    """`capacity`: the points of the stepped line. `most`: the days at the upper edge."""

    id: str
    title: str
    columns: tuple[Column, ...]
    capacity: str
    ticks: tuple[TimeTick, ...]
    most: float
    letter: str = ""
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = RIGHT
    top: float = TOP
    bottom: float = BOTTOM

    @property
    def months(self) -> tuple[Month, ...]:
        return tuple(column.month for column in self.columns)

    @property
    def used(self) -> float:
        return sum(month.used for month in self.months)

    @property
    def available(self) -> float:
        return sum(month.capacity for month in self.months)

    @property
    def share(self) -> float:
        """How much of all there is the plan uses, 0 to 1."""
        return self.used / self.available if self.available else 0.0

    @property
    def full_months(self) -> tuple[Month, ...]:
        return tuple(month for month in self.months if month.is_full)


def load_charts(plan: Mapping[str, Any]) -> tuple[LoadChart, ...]:
    """One for each role the plan uses, the one with least to spare first."""
    roles = [(role["role"], role["title"], _months(role)) for role in plan.get("load", [])]
    months = [month.first for _, _, found in roles for month in found]
    if not months:
        return ()
    axis = fitted(min(months), max(months), LEFT, RIGHT)
    charts = [_chart(name, title, found, axis, _most([found])) for name, title, found in roles]
    return tuple(sorted(charts, key=lambda chart: (-round(chart.share, 6), chart.id)))


def load_comparison(
    role: str, plans: Sequence[tuple[str, str, Mapping[str, Any]]]
) -> tuple[LoadChart, ...]:
    """The load of one role in several plans, one above the other on the same scales.

    `plans`: letter, name and document of each. A plan that does not use the role has no columns.
    """
    found = [(letter, name, _of_role(plan, role)) for letter, name, plan in plans]
    months = [month.first for _, _, rows in found for month in rows]
    if not months:
        return ()
    axis = fitted(min(months), max(months), LEFT, RIGHT)
    most = _most([rows for _, _, rows in found])
    return tuple(_chart(role, name, rows, axis, most, letter) for letter, name, rows in found)


def _of_role(plan: Mapping[str, Any], role: str) -> tuple[Month, ...]:
    return next((_months(row) for row in plan.get("load", []) if row["role"] == role), ())


def _months(role: Mapping[str, Any]) -> tuple[Month, ...]:
    return tuple(
        Month(date.fromisoformat(f"{month['month']}-01"), month["used"], month["capacity"])
        for month in role["months"]
    )


def _most(roles: Iterable[Sequence[Month]]) -> float:
    return max(
        (max(month.used, month.capacity) for months in roles for month in months), default=0.0
    )


def _chart(
    name: str,
    title: str,
    months: Sequence[Month],
    axis: TimeScale,
    most: float,
    letter: str = "",
) -> LoadChart:
    def y(days: float) -> float:
        return rounded(BOTTOM - (BOTTOM - TOP) * (days / most if most else 0))

    columns = []
    for month in months:
        x, end = axis.x(month.first), axis.x(next_month(month.first))
        top = min(y(month.used), BOTTOM - 1) if month.used else BOTTOM
        width = rounded(max(1.0, end - x - GAP))
        columns.append(Column(month, x, top, width, rounded(BOTTOM - top)))
    return LoadChart(
        id=name,
        title=title,
        columns=tuple(columns),
        capacity=line(
            (x, y(month.capacity))
            for month in months
            for x in (axis.x(month.first), axis.x(next_month(month.first)))
        ),
        ticks=named_months(axis, TICK_WIDTH),
        most=most,
        letter=letter,
    )

"""What charts of a plan share: months, freezes, names of gates, the thin line of what was agreed.

Pixels along calendar days, without any time of day: nothing can be off by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from roadmap.charts.scale import QUARTER_MONTHS, TimeScale, cut, month_starts, rounded

# The plot on pages of the usual width, and on wide ones.
TARGET_WIDTH, WIDE_TARGET = 806, 900
LEAST_PER_DAY, MOST_PER_DAY = 0.62, 12.0
NARROWEST_BAR, NARROWEST_FREEZE = 4.0, 2.0
# With less for a day, the names of months would touch: only the quarters are named.
ALL_MONTHS_PER_DAY = 1.0
GATE_NAME_WIDTH = 30


@dataclass(frozen=True)
class Tick:
    """A month. `x` is where it begins, `label_x` where its name stands."""

    day: date
    x: float
    label_x: float
    has_name: bool
    has_year: bool


@dataclass(frozen=True)
class FreezeBand:
    """Days, both included, without changes in production or with fewer people."""

    start: date
    finish: date
    reason: str
    is_reduced: bool = False


@dataclass(frozen=True)
class PlacedFreeze:
    """`name`: as much of the reason as there is room for, perhaps nothing."""

    freeze: FreezeBand
    x: float
    width: float
    name: str


class ShowsFreezes:
    """What the legend of a chart asks about its freezes."""

    freezes: tuple[PlacedFreeze, ...]

    @property
    def has_stops(self) -> bool:
        return any(not row.freeze.is_reduced for row in self.freezes)

    @property
    def has_fewer(self) -> bool:
        return any(row.freeze.is_reduced for row in self.freezes)


def per_day(first: date, last: date, target: float) -> float:
    """Pixels for a day, so that the days fill the width and bars stay of a size to be seen."""
    return min(MOST_PER_DAY, max(LEAST_PER_DAY, target / (last - first).days))


def shown_on(axis: TimeScale, freezes: Sequence[FreezeBand]) -> list[FreezeBand]:
    return [f for f in freezes if f.start < axis.last and f.finish >= axis.first]


def placed_freezes(freezes: Sequence[FreezeBand], axis: TimeScale) -> Iterable[PlacedFreeze]:
    """Bands in order; a name may run on until the next band begins."""
    ordered = sorted(freezes, key=lambda f: (f.start, f.finish, f.reason))
    for index, freeze in enumerate(ordered):
        x, end = axis.x(freeze.start), axis.end(freeze.finish)
        following = [axis.x(other.start) - 6 for other in ordered[index + 1 :]]
        room = min([axis.right, *following]) - x
        width = rounded(max(NARROWEST_FREEZE, end - x))
        yield PlacedFreeze(freeze, x, width, cut(freeze.reason, room))


def month_ticks(axis: TimeScale) -> Iterable[Tick]:
    for month in month_starts(axis):
        yield Tick(
            day=month,
            x=axis.x(month),
            label_x=axis.x(month) + 4,
            has_name=axis.per_day >= ALL_MONTHS_PER_DAY or month.month in QUARTER_MONTHS,
            has_year=month == axis.first or month.month == 1,
        )


def inside(x: float, axis: TimeScale) -> float:
    """Where the name of a gate stands: at either edge it would be cut off."""
    return min(max(x, GATE_NAME_WIDTH / 2), axis.right - GATE_NAME_WIDTH / 2)


def agreed_line(days: tuple[date, date] | None, axis: TimeScale, y: float) -> str:
    """The path from the first day that was agreed to the last; empty where nothing was."""
    if days is None:
        return ""
    start, end = axis.x(days[0]), axis.end(days[1])
    return f"M{start:g} {y:g}H{max(end, rounded(start + NARROWEST_BAR)):g}"

"""Places along the time of a plan, as the report draws it.

Lengths are CSS pixels at the printed size (the width of the text column), so a font size in a
chart is a font size on paper.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from reports.frozen.snapshot import GateEntry, ReportSnapshot
from roadmap.charts.scale import next_month

WIDTH = 658.0
GANTT_LEFT = 246.0
GANTT_WIDTH = WIDTH - GANTT_LEFT
NARROWEST_MONTH_LABEL = 21.0
MONTH_NAME = 18.0
"""Three letters, as wide as they are drawn."""
NARROWEST_YEAR = 28.0
LABEL_GAP = 24.0
FLAG_LEVELS = 4


@dataclass(frozen=True)
class Month:
    x: float
    width: float
    first: date
    has_label: bool
    starts_year: bool


@dataclass(frozen=True)
class TimeScale:
    """Whole months from the first to the last day drawn, none empty at the ends."""

    first: date
    last: date
    left: float = GANTT_LEFT
    width: float = GANTT_WIDTH

    def x(self, day: date) -> float:
        """The left edge of a day."""
        return round(self.left + self.width * (day - self.first).days / self.days, 2)

    def _room(self, day: date) -> float:
        """From a day to the right edge: a name cut there could be read as another month's."""
        return self.left + self.width - self.x(day)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def months(self) -> tuple[Month, ...]:
        starts = [self.first]
        while (following := next_month(starts[-1])) <= self.last:
            starts.append(following)
        every = _label_every(len(starts), self.width)
        # Two years written over each other can't be read.
        second = next((start for start in starts[1:] if start.month == 1), None)
        has_first_year = second is None or self.x(second) - self.left >= NARROWEST_YEAR
        return tuple(
            Month(
                x=self.x(start),
                width=round(self.x(next_month(start)) - self.x(start), 2),
                first=start,
                has_label=(start.month - 1) % every == 0 and self._room(start) >= MONTH_NAME,
                starts_year=(start.month == 1 and self._room(start) >= NARROWEST_YEAR)
                or (index == 0 and has_first_year),
            )
            for index, start in enumerate(starts)
        )


def _label_every(months: int, width: float) -> int:
    for every in (1, 3, 6, 12):
        if width / months * every >= NARROWEST_MONTH_LABEL:
            return every
    return 12


def time_scale(
    snapshot: ReportSnapshot,
    left: float = GANTT_LEFT,
    width: float = GANTT_WIDTH,
    *,
    has_ranges: bool = True,
) -> TimeScale:
    """Covers the plan: from the month of its first day to the end of the month of its last.

    `has_ranges`: whether the ranges of the forecast are drawn, which reach further.
    """
    starts = [item.start for item in snapshot.initiatives] or [snapshot.plan.start]
    ends = [item.finish for item in snapshot.initiatives] or [snapshot.plan.start]
    ends += [gate.planned_on for gate in snapshot.gates]
    if has_ranges:
        ends += [item.likely.p95 for item in snapshot.initiatives if item.likely]
    first, last = min(starts).replace(day=1), next_month(max(ends)) - timedelta(days=1)
    return TimeScale(first, last, left, width)


@dataclass(frozen=True)
class Flag:
    """A gate's diamond above the plan; `level` keeps close ones from covering each other."""

    gate: GateEntry
    x: float
    level: int
    is_last: bool = False
    """At the right edge: its name stands to the left."""


def gate_flags(gates: Iterable[GateEntry], scale: TimeScale) -> tuple[Flag, ...]:
    flags: list[Flag] = []
    last_on_level = [float("-inf")] * FLAG_LEVELS
    for gate in sorted(gates, key=lambda g: (g.planned_on, g.id)):
        x = scale.x(gate.planned_on)
        free = [level for level, taken in enumerate(last_on_level) if x - taken >= LABEL_GAP]
        level = free[0] if free else last_on_level.index(min(last_on_level))
        last_on_level[level] = x
        flags.append(Flag(gate, x, level, x + LABEL_GAP > scale.left + scale.width))
    return tuple(flags)


def shortened(text: str, longest: int) -> str:
    """Cut between words; a word that alone is too long is cut inside."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    whole = cut.rsplit(" ", 1)[0] if " " in cut else cut
    return whole.rstrip(" ,;:-") + "…"

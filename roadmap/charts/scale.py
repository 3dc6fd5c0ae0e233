"""Places along a time axis, in pixels, and the small shapes charts share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

QUARTER_MONTHS = (1, 4, 7, 10)
HALF_YEAR_MONTHS = (1, 7)
# What the name of a month with its year needs.
MONTH_LABEL_WIDTH = 58
CHARACTER_WIDTH = 6.4
SHORTEST_TEXT = 4


@dataclass(frozen=True)
class TimeScale:
    """Calendar days from `first` up to `last`, which is not part of it any more."""

    first: date
    last: date
    per_day: float
    left: float = 0.0

    @property
    def days(self) -> int:
        return (self.last - self.first).days

    @property
    def right(self) -> float:
        return rounded(self.left + self.days * self.per_day)

    def x(self, day: date) -> float:
        """The left edge of a day, kept inside the axis."""
        days = min(max((day - self.first).days, 0), self.days)
        return rounded(self.left + days * self.per_day)

    def end(self, day: date) -> float:
        """The right edge of a day."""
        return self.x(day + timedelta(days=1))

    def holds(self, day: date) -> bool:
        return self.first <= day < self.last


@dataclass(frozen=True)
class TimeTick:
    """The first of a month that has a name on the axis; the name stands around `label_x`."""

    day: date
    x: float
    label_x: float


def fitted(first: date, last: date, left: float, right: float) -> TimeScale:
    """An axis of whole months that fills the space: it holds both days."""
    begin, end = first.replace(day=1), next_month(last)
    return TimeScale(begin, end, (right - left) / (end - begin).days, left)


def named_months(scale: TimeScale, room: float = MONTH_LABEL_WIDTH) -> tuple[TimeTick, ...]:
    """Months, quarters, half years or years: the closest ones whose names do not touch."""
    every_month = tuple(range(1, 13))
    for months in (every_month, QUARTER_MONTHS, HALF_YEAR_MONTHS, (1,)):
        days = [day for day in month_starts(scale) if day.month in months]
        gap = 365 / len(months) * scale.per_day
        if gap >= room:
            return tuple(_ticks(days, scale))
    years = [day for day in month_starts(scale) if day.month == 1]
    every = max(1, round(0.5 + room / (365 * scale.per_day)))
    return tuple(_ticks(years[::every], scale))


def month_starts(scale: TimeScale) -> Iterable[date]:
    month = scale.first.replace(day=1)
    while month < scale.last:
        if month >= scale.first:
            yield month
        month = next_month(month)


def next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def diamond(x: float, y: float, size: float) -> str:
    points = ((x, y - size), (x + size, y), (x, y + size), (x - size, y))
    return " ".join(f"{rounded(px):g},{rounded(py):g}" for px, py in points)


def take_turns(places: Iterable[float], room: float) -> Iterable[bool]:
    """Whether the name at each place goes to the second row: close neighbours take turns."""
    previous, is_second = float("-inf"), False
    for x in places:
        is_second = not is_second if x - previous < room else False
        previous = x
        yield is_second


def rounded(number: float) -> float:
    return round(number, 1)


def line(points: Iterable[tuple[float, float]]) -> str:
    """The points of a polyline or polygon."""
    return " ".join(f"{rounded(x):g},{rounded(y):g}" for x, y in points)


def cut(text: str, room: float, character: float = CHARACTER_WIDTH) -> str:
    """As much of a text as there is room for, in pixels; nothing when that says nothing."""
    most = int(room / character)
    if len(text) <= most:
        return text
    return f"{text[: most - 1].rstrip()}…" if most > SHORTEST_TEXT else ""


def _ticks(days: Sequence[date], scale: TimeScale) -> Iterable[TimeTick]:
    half = MONTH_LABEL_WIDTH / 2
    inner = [day for day in days if scale.left + half <= scale.x(day) <= scale.right - half]
    taken = [scale.x(day) for day in inner]
    for day in days:
        x = scale.x(day)
        # A name at an edge would be cut off: it moves inwards, if it finds room there.
        label_x = rounded(min(max(x, scale.left + half), scale.right - half))
        if day in inner or all(abs(label_x - other) >= MONTH_LABEL_WIDTH for other in taken):
            yield TimeTick(day, x, label_x)

"""Geometry of a metric by weeks: points, average, natural process limits, baseline and target.

Pure: numbers in, places in the units of the SVG's viewBox out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10

from delivery.domain.metrics import FREQUENCY
from delivery.domain.series import Series

# Steps between the lines of a scale, times a power of ten.
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
MOST_TICKS = 4
MONTH_ROOM = 60.0


@dataclass(frozen=True)
class Frame:
    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float


WIDE = Frame(720, 230, 44, 640, 14, 196)
NARROW = Frame(340, 220, 36, 290, 14, 186)
SPARK = Frame(150, 40, 4, 146, 6, 34)


@dataclass(frozen=True)
class Tick:
    at: float
    text: str


@dataclass(frozen=True)
class Month:
    x: float
    day: date


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    signal: str


@dataclass(frozen=True)
class Level:
    """A line across the plot; the label stands right of it, moved so that none overlap."""

    id: str
    y: float
    label_y: float


@dataclass(frozen=True)
class WeeksChart:
    frame: Frame
    ticks: tuple[Tick, ...]
    months: tuple[Month, ...]
    dots: tuple[Dot, ...]
    # One polyline for each stretch of weeks without a gap.
    lines: tuple[str, ...]
    levels: tuple[Level, ...]
    # Of a dot, and of the ring around a signal: smaller where weeks stand close together.
    radius: float
    ring: float


def weeks_chart(
    series: Series,
    frame: Frame = WIDE,
    *,
    target: float | None = None,
    baseline: float | None = None,
) -> WeeksChart:
    """The chart of a series; the scale begins at zero."""
    limits = series.limits
    marks = {
        "average": limits.average if limits else None,
        "upper": limits.upper if limits else None,
        "lower": limits.lower if limits else None,
        "target": target,
        "baseline": baseline,
    }
    levels = {name: value for name, value in marks.items() if value is not None}
    highest = max([point.value for point in series.points] + list(levels.values()), default=0.0)
    # Deployments are counted in ones.
    ticks = scale(highest, smallest=1.0 if series.metric == FREQUENCY else 0.0)
    top = ticks[-1]

    def y(value: float) -> float:
        return round(frame.bottom - (frame.bottom - frame.top) * min(value, top) / top, 1)

    places = _places(series.mondays, frame)
    dots = tuple(Dot(places[p.monday], y(p.value), p.signal) for p in series.points)
    return WeeksChart(
        frame,
        tuple(Tick(y(value), f"{value:g}") for value in ticks),
        _months(series.mondays, places, frame),
        dots,
        _lines(series, {p.monday: dot for p, dot in zip(series.points, dots, strict=True)}),
        _levels({name: y(value) for name, value in levels.items()}, frame),
        *_radii(len(series.mondays), frame),
    )


def scale(highest: float, smallest: float = 0.0) -> tuple[float, ...]:
    """Round values from zero to at least `highest`, at most five of them, no closer together than
    `smallest`.
    """
    if highest <= max(0.0, smallest):
        return (0.0, smallest or 1.0)
    power = 10.0 ** floor(log10(highest / MOST_TICKS))
    step = next(s * power for s in STEPS if ceil(highest / (s * power) - 1e-9) <= MOST_TICKS)
    step = max(step, smallest)
    count = ceil(highest / step - 1e-9)
    return tuple(round(step * number, 10) for number in range(count + 1))


def _places(mondays: Sequence[date], frame: Frame) -> dict[date, float]:
    between = (frame.right - frame.left) / max(1, len(mondays))
    return {
        monday: round(frame.left + between * (number + 0.5), 1)
        for number, monday in enumerate(mondays)
    }


def _radii(weeks: int, frame: Frame) -> tuple[float, float]:
    between = (frame.right - frame.left) / max(1, weeks)
    radius = round(min(3.5, max(1.5, between * 0.32)), 1)
    return radius, 2 * radius


def _months(mondays: Sequence[date], places: dict[date, float], frame: Frame) -> tuple[Month, ...]:
    """The first week of each month for whose name there is room."""
    found: list[Month] = []
    for number, monday in enumerate(mondays):
        is_first = number == 0 or monday.month != mondays[number - 1].month
        x = max(places[monday], frame.left + MONTH_ROOM / 2)
        if is_first and (not found or x - found[-1].x >= MONTH_ROOM):
            found.append(Month(x, monday))
    return tuple(found)


def _lines(series: Series, dots: dict[date, Dot]) -> tuple[str, ...]:
    stretches: list[list[str]] = [[]]
    for monday in series.mondays:
        dot = dots.get(monday)
        if dot is not None:
            stretches[-1].append(f"{dot.x:g},{dot.y:g}")
        elif stretches[-1]:
            stretches.append([])
    return tuple(" ".join(stretch) for stretch in stretches if len(stretch) > 1)


def _levels(places: dict[str, float], frame: Frame, room: float = 14.0) -> tuple[Level, ...]:
    """Labels from the top down, each at least a line below the one before, kept inside."""
    ordered = sorted(places.items(), key=lambda item: item[1])
    labels: list[float] = []
    for _name, y in ordered:
        labels.append(max(y, labels[-1] + room) if labels else max(y, frame.top))
    over = labels[-1] - frame.bottom if labels else 0.0
    if over > 0:
        # Push back up from the bottom, again without overlap.
        below = frame.bottom + room
        for number in range(len(labels) - 1, -1, -1):
            labels[number] = below = min(labels[number], below - room)
    return tuple(
        Level(name, y, round(label, 1)) for (name, y), label in zip(ordered, labels, strict=True)
    )

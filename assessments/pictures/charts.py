"""Geometry of the score's charts; the drawing is a template, the colours are CSS.

Pure: numbers in, positions out, in the units of the SVG's viewBox.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

_Scale = Callable[[float], float]

BAR_HEIGHT = 14
RANGE_HEIGHT = 4
TICKS = (0, 25, 50, 75, 100)


@dataclass(frozen=True)
class BarInput:
    """One bar of 0-100: its score and range, the band for its colour, and two marks to compare:
    what is usual (``marker``) and what is aimed at (``target``).
    """

    label: str
    score: float | None
    low: float | None
    high: float | None
    band: str | None
    marker: float | None = None
    target: float | None = None
    # There is no number, only a range: it is drawn in the place of the bar.
    is_range: bool = False


@dataclass(frozen=True)
class Bar:
    """One row: its text, the bar, under it the range as a thin line, and the marker."""

    label: str
    band: str
    label_y: float
    bar_y: float
    bar_height: float
    width: float
    range_x: float | None
    range_width: float
    range_y: float
    range_height: float
    marker_x: float | None
    marker_top: float
    marker_bottom: float
    target_x: float | None
    target_flag: str
    value_text: str
    value_x: float
    value_y: float


@dataclass(frozen=True)
class Tick:
    x: float
    text: str


@dataclass(frozen=True)
class BarChart:
    width: float
    height: float
    plot_left: float
    plot_right: float
    plot_top: float
    plot_bottom: float
    ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]


def bar_chart(rows: Sequence[BarInput]) -> BarChart:
    """Horizontal bars over 0-100 for a wide page: labels left, numbers right.

    The thin line under a bar spans its range; without a score only that line is drawn.
    """
    return _chart(rows, width=1000, label_width=300, row_height=36)


def narrow_bar_chart(rows: Sequence[BarInput]) -> BarChart:
    """The same bars for a phone: each label stands above its bar."""
    return _chart(rows, width=340, label_width=0, row_height=58)


def _chart(
    rows: Sequence[BarInput], *, width: float, label_width: float, row_height: float
) -> BarChart:
    left, right, top = label_width + 6, width - 40, 8.0
    scale = (right - left) / 100

    def x(value: float) -> float:
        return round(left + min(100.0, max(0.0, value)) * scale, 2)

    label_height = 0 if label_width else 26
    bars = tuple(
        _bar(row, top + number * row_height, row_height, label_height, right, x)
        for number, row in enumerate(rows)
    )
    bottom = top + len(rows) * row_height
    return BarChart(
        width=width,
        height=bottom + 24,
        plot_left=left,
        plot_right=right,
        plot_top=top,
        plot_bottom=bottom,
        ticks=tuple(Tick(x(value), str(value)) for value in TICKS),
        bars=bars,
    )


def _value_text(row: BarInput) -> str:
    if row.score is not None:
        return f"{row.score:.0f}"
    return "" if row.is_range else "–"


def _bar(
    row: BarInput, y: float, row_height: float, label_height: float, right: float, x: _Scale
) -> Bar:
    free = row_height - label_height - BAR_HEIGHT - RANGE_HEIGHT - 2
    bar_y = y + label_height + free / 2
    low, high = row.low, row.high
    is_open = low is not None and high is not None and high - low >= 0.5
    range_x = x(low) if is_open and low is not None else None
    base = bar_y + BAR_HEIGHT - 2
    return Bar(
        label=row.label,
        band=row.band or "none",
        label_y=round(bar_y - 13 if label_height else base, 2),
        bar_y=bar_y,
        bar_height=BAR_HEIGHT,
        width=0 if row.score is None else round(max(1.5, x(row.score) - x(0)), 2),
        range_x=range_x,
        range_width=round(x(high) - range_x, 2) if high is not None and range_x is not None else 0,
        range_y=bar_y + (2 if row.is_range else BAR_HEIGHT + 2),
        range_height=BAR_HEIGHT - 4 if row.is_range else RANGE_HEIGHT,
        marker_x=None if row.marker is None else x(row.marker),
        target_x=None if row.target is None else x(row.target),
        target_flag="" if row.target is None else _flag(x(row.target), bar_y - 1),
        marker_top=bar_y - 5,
        marker_bottom=bar_y + BAR_HEIGHT + 5,
        value_text=_value_text(row),
        value_x=right + 10,
        value_y=round(base, 2),
    )


def _flag(x: float, y: float) -> str:
    """The points of a small triangle that stands on the bar at x and points down to it."""
    return f"{x - 5:.2f},{y - 8:.2f} {x + 5:.2f},{y - 8:.2f} {x:.2f},{y:.2f}"


RADAR_RINGS = (25, 50, 75, 100)


@dataclass(frozen=True)
class Spoke:
    """One axis: from the middle to its end, and where its label stands."""

    label: str
    end_x: float
    end_y: float
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True)
class Radar:
    """Rings and outlines are points of polygons; ``now`` leaves out what has no score."""

    width: float
    height: float
    middle_x: float
    middle_y: float
    rings: tuple[str, ...]
    spokes: tuple[Spoke, ...]
    now: str
    dots: tuple[tuple[float, float], ...]
    target: str


def radar_chart(rows: Sequence[BarInput], *, width: float = 560, reach: float = 130) -> Radar:
    """Scores of 0-100 around a middle, the first one on top, clockwise."""
    middle_x, middle_y = width / 2, reach + 40
    angles = [2 * math.pi * n / max(1, len(rows)) for n in range(len(rows))]

    def point(angle: float, value: float) -> tuple[float, float]:
        length = reach * min(100.0, max(0.0, value)) / 100
        x, y = middle_x + length * math.sin(angle), middle_y - length * math.cos(angle)
        return round(x, 2), round(y, 2)

    pairs = list(zip(rows, angles, strict=True))
    dots = tuple(point(angle, row.score) for row, angle in pairs if row.score is not None)
    targets = [point(angle, row.target) for row, angle in pairs if row.target is not None]
    return Radar(
        width=width,
        height=2 * middle_y,
        middle_x=middle_x,
        middle_y=middle_y,
        rings=tuple(_points(point(angle, ring) for angle in angles) for ring in RADAR_RINGS),
        spokes=tuple(_spoke(row.label, angle, point) for row, angle in pairs),
        now=_points(dots),
        dots=dots,
        target=_points(targets),
    )


def _spoke(label: str, angle: float, point: Callable[[float, float], tuple[float, float]]) -> Spoke:
    x, y = point(angle, 100)
    side = math.sin(angle)
    return Spoke(
        label=label,
        end_x=x,
        end_y=y,
        label_x=round(x + 12 * side, 2),
        label_y=round(y - 12 * math.cos(angle) + 5, 2),
        anchor="middle" if abs(side) < 0.1 else "start" if side > 0 else "end",
    )


def _points(pairs: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in pairs)


@dataclass(frozen=True)
class Round:
    """One point of a trend: when, how much, and between what."""

    day: date
    score: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class TrendPoint:
    x: float
    y: float
    low_y: float
    high_y: float
    value_text: str
    value_x: float
    value_y: float
    day: date


@dataclass(frozen=True)
class Trend:
    width: float
    height: float
    plot_left: float
    plot_right: float
    plot_bottom: float
    ticks: tuple[Tick, ...]
    line: str
    points: tuple[TrendPoint, ...]


# Points of a trend nearer than this would write over each other.
CLOSEST = 60


def trend_chart(rounds: Sequence[Round], *, width: float = 1000, height: float = 220) -> Trend:
    """A line through the scores, with a bar for each range.

    The rounds stand at their distance in time, or evenly where that would crowd them.
    """
    left, right, top, bottom = 34.0, width - 34, 26.0, height - 30
    xs = _along_time([one.day for one in rounds], left + 40, right - 40)

    def y(value: float) -> float:
        return round(bottom - min(100.0, max(0.0, value)) * (bottom - top) / 100, 2)

    points = tuple(
        TrendPoint(
            x=x,
            y=y(one.score),
            low_y=y(one.score if one.low is None else one.low),
            high_y=y(one.score if one.high is None else one.high),
            value_text=f"{one.score:.0f}",
            value_x=round(x + 10, 2),
            value_y=y(one.score) - 8,
            day=one.day,
        )
        for x, one in zip(xs, rounds, strict=True)
    )
    return Trend(
        width=width,
        height=height,
        plot_left=left,
        plot_right=right,
        plot_bottom=bottom,
        ticks=tuple(Tick(y(value), str(value)) for value in TICKS),
        line=_points((point.x, point.y) for point in points),
        points=points,
    )


def _along_time(days: Sequence[date], first: float, last: float) -> list[float]:
    whole = max(1, (days[-1] - days[0]).days) if days else 1
    xs = [round(first + (day - days[0]).days / whole * (last - first), 2) for day in days]
    if all(after - before >= CLOSEST for before, after in pairwise(xs)):
        return xs
    step = (last - first) / max(1, len(days) - 1)
    return [round(first + n * step, 2) for n in range(len(days))]


# From how many points of exposure on a cell of the heat map is darker by one shade.
HEAT_SHADES = (0.5, 10, 20, 40)


def heat_shade(points: float) -> int:
    """0 for next to nothing, 4 for two fifths of the whole scale and more."""
    return sum(points >= limit for limit in HEAT_SHADES)

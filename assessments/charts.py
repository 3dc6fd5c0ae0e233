"""Geometry of the score's charts; the drawing is a template, the colours are CSS.

Pure: numbers in, positions out, in the units of the SVG's viewBox.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

_Scale = Callable[[float], float]

BAR_HEIGHT = 14
RANGE_HEIGHT = 4
TICKS = (0, 25, 50, 75, 100)


@dataclass(frozen=True)
class BarInput:
    """One bar of 0-100: its score and range, the band for its colour, a marker to compare."""

    label: str
    score: float | None
    low: float | None
    high: float | None
    band: str | None
    marker: float | None = None


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
    return _chart(rows, width=340, label_width=0, row_height=52)


def _chart(
    rows: Sequence[BarInput], *, width: float, label_width: float, row_height: float
) -> BarChart:
    left, right, top = label_width + 6, width - 40, 8.0
    scale = (right - left) / 100

    def x(value: float) -> float:
        return round(left + min(100.0, max(0.0, value)) * scale, 2)

    label_height = 0 if label_width else 20
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
        label_y=round(bar_y - 7 if label_height else base, 2),
        bar_y=bar_y,
        bar_height=BAR_HEIGHT,
        width=0 if row.score is None else round(max(1.5, x(row.score) - x(0)), 2),
        range_x=range_x,
        range_width=round(x(high) - range_x, 2) if high is not None and range_x is not None else 0,
        range_y=bar_y + BAR_HEIGHT + 2,
        range_height=RANGE_HEIGHT,
        marker_x=None if row.marker is None else x(row.marker),
        marker_top=bar_y - 5,
        marker_bottom=bar_y + BAR_HEIGHT + 5,
        value_text="–" if row.score is None else f"{row.score:.0f}",
        value_x=right + 10,
        value_y=round(base, 2),
    )

"""Geometry of published intervals with one's own value across them; the drawing is a template."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, LEFT, RIGHT, ROW, TOP = 340.0, 8.0, 332.0, 44.0, 6.0
TICKS = 5


@dataclass(frozen=True)
class IntervalInput:
    """A mean with its standard deviation, where one was published."""

    label: str
    mean: float
    deviation: float | None


@dataclass(frozen=True)
class Interval:
    label: str
    label_y: float
    line_y: float
    # Of the interval; None without a deviation.
    x: float | None
    width: float
    mean_x: float


@dataclass(frozen=True)
class Tick:
    x: float
    text: str


@dataclass(frozen=True)
class IntervalChart:
    width: float
    height: float
    top: float
    bottom: float
    own_x: float | None
    intervals: tuple[Interval, ...]
    ticks: tuple[Tick, ...]


def interval_chart(
    rows: Sequence[IntervalInput], *, own: float | None, top: float
) -> IntervalChart:
    """Intervals over 0 to ``top``, each under its label; ``own`` is a line across all of them."""

    def x(value: float) -> float:
        return round(LEFT + min(top, max(0.0, value)) / top * (RIGHT - LEFT), 2)

    intervals = tuple(
        _interval(row, TOP + number * ROW, x(row.mean), _span(row, x))
        for number, row in enumerate(rows)
    )
    bottom = TOP + len(rows) * ROW
    return IntervalChart(
        width=WIDTH,
        height=bottom + 22,
        top=TOP,
        bottom=bottom,
        own_x=None if own is None else x(own),
        intervals=intervals,
        ticks=tuple(Tick(x(top * n / TICKS), f"{top * n / TICKS:g}") for n in range(TICKS + 1)),
    )


def _span(row: IntervalInput, x: Callable[[float], float]) -> tuple[float, float] | None:
    if row.deviation is None:
        return None
    return x(row.mean - row.deviation), x(row.mean + row.deviation)


def _interval(
    row: IntervalInput, y: float, mean_x: float, span: tuple[float, float] | None
) -> Interval:
    return Interval(
        label=row.label,
        label_y=y + 14,
        line_y=y + 28,
        x=span[0] if span else None,
        width=round(span[1] - span[0], 2) if span else 0,
        mean_x=mean_x,
    )

"""Geometry of the burn-up: effort done beside what was agreed, and how much there is in all."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from roadmap.charts.curve import Frame
from roadmap.charts.scale import TimeScale, TimeTick, fitted, line, named_months, rounded

WIDE = Frame(1000, 330, 52, 940, 22, 292)
NARROW = Frame(340, 270, 40, 326, 22, 232)
NICE_STEPS = (1, 2, 5)
MOST_VALUES = 5


@dataclass(frozen=True)
class WeekPoint:
    """Where it stood on a day, in likely person-days; `total` is all that is not dropped."""

    day: date
    total: float
    planned: float
    done: float


@dataclass(frozen=True)
class Level:
    y: float
    text: str


@dataclass(frozen=True)
class BurnUp:
    """Three lines: `agreed` in steps, over the whole time; `total` and `done` up to today.

    `changed`: the days on which there was more or less to do than the week before.
    """

    frame: Frame
    ticks: tuple[TimeTick, ...]
    levels: tuple[Level, ...]
    agreed: str
    total: str
    done: str
    today_x: float
    points: tuple[WeekPoint, ...]
    end_x: float
    end_y: float
    changed: tuple[date, ...]


def burn_up(
    points: Sequence[WeekPoint],
    agreed: Sequence[tuple[date, float]],
    start: date,
    frame: Frame = WIDE,
) -> BurnUp | None:
    """`agreed`: effort agreed to be done by the end of each day. None where nothing is known."""
    if not points or not agreed:
        return None
    last = max(points[-1].day, agreed[-1][0])
    axis = fitted(min(start, points[0].day), last, frame.left, frame.right)
    most = max(agreed[-1][1], *(point.total for point in points), 1.0)
    step, top = scale_of(most)

    def y(value: float) -> float:
        return rounded(frame.bottom - (frame.bottom - frame.top) * value / top)

    return BurnUp(
        frame=frame,
        ticks=named_months(axis),
        levels=tuple(Level(y(n * step), f"{n * step:g}") for n in range(int(top / step) + 1)),
        agreed=line(_steps(agreed, start, axis, y)),
        total=line((axis.x(point.day), y(point.total)) for point in points),
        done=line((axis.x(point.day), y(point.done)) for point in points),
        today_x=axis.x(points[-1].day),
        points=tuple(points),
        end_x=axis.x(points[-1].day),
        end_y=y(points[-1].done),
        changed=tuple(
            after.day
            for before, after in pairwise(points)
            if abs(after.total - before.total) >= 0.1
        ),
    )


def scale_of(most: float) -> tuple[float, float]:
    """The distance of the lines and the top one, in round numbers."""
    size = 10.0 ** math.floor(math.log10(most))
    steps = [part * size * scale for scale in (0.1, 1) for part in NICE_STEPS]
    step = next(step for step in [*steps, 10 * size] if most / step <= MOST_VALUES)
    return step, step * math.ceil(most / step - 1e-9)


def _steps(
    agreed: Sequence[tuple[date, float]],
    start: date,
    axis: TimeScale,
    y: Callable[[float], float],
) -> Iterable[tuple[float, float]]:
    height = y(0)
    yield axis.x(min(start, agreed[0][0])), height
    for day, value in agreed:
        x = axis.end(day)
        yield x, height
        height = y(value)
        yield x, height

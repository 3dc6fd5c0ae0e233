"""Geometry of what was forecast when: the finish as it was expected, week by week."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from roadmap.charts.curve import Frame
from roadmap.charts.scale import TimeTick, fitted, line, month_starts, named_months, rounded

WIDE = Frame(1000, 300, 84, 960, 22, 262)
NARROW = Frame(340, 270, 72, 328, 22, 232)
MOST_LEVELS = 6
# So that a forecast that never moved is a line in the middle and not at an edge.
MARGIN = timedelta(days=14)


@dataclass(frozen=True)
class Said:
    """What was expected on a day: the likely finish, and in half and four of five of the runs."""

    day: date
    expected: date
    p50: date
    p80: date
    agreed: date


@dataclass(frozen=True)
class DayLevel:
    y: float
    day: date


@dataclass(frozen=True)
class ForecastHistory:
    """Time goes to the right, later finishes lie higher. `band`: from P50 to P80."""

    frame: Frame
    ticks: tuple[TimeTick, ...]
    levels: tuple[DayLevel, ...]
    band: str
    expected: str
    agreed: str
    said: tuple[Said, ...]
    end_x: float
    end_y: float


def forecast_history(said: Sequence[Said], frame: Frame = WIDE) -> ForecastHistory | None:
    """From the second forecast on: one point is no history."""
    if len(said) < 2:
        return None
    axis = fitted(said[0].day, said[-1].day, frame.left, frame.right)
    days = [day for one in said for day in (one.expected, one.p50, one.p80, one.agreed)]
    first, last = min(days) - MARGIN, max(days) + MARGIN
    span = (last - first).days

    def y(day: date) -> float:
        return rounded(frame.bottom - (frame.bottom - frame.top) * (day - first).days / span)

    high = [(axis.x(one.day), y(one.p80)) for one in said]
    low = [(axis.x(one.day), y(one.p50)) for one in said]
    return ForecastHistory(
        frame=frame,
        ticks=named_months(axis),
        levels=tuple(DayLevel(y(day), day) for day in _levels(first, last)),
        band=line([*high, *reversed(low)]),
        expected=line((axis.x(one.day), y(one.expected)) for one in said),
        agreed=line((axis.x(one.day), y(one.agreed)) for one in said),
        said=tuple(said),
        end_x=axis.x(said[-1].day),
        end_y=y(said[-1].expected),
    )


def _levels(first: date, last: date) -> Iterable[date]:
    """First days of months, few enough to be read."""
    months = [day for day in month_starts(fitted(first, last, 0, 100)) if first <= day <= last]
    every = max(1, -(-len(months) // MOST_LEVELS))
    return months[::every]

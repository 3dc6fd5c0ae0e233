"""Geometry of finishes: how often the runs of a forecast end when, and ranges one above another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from roadmap.charts.curve import LETTERS
from roadmap.charts.documents import to_range
from roadmap.charts.scale import TimeScale, TimeTick, cut, fitted, named_months, rounded
from roadmap.domain.forecasting.ranges import Range

Document = Mapping[str, Any]

BARS_HEIGHT = 74.0
AXIS_HEIGHT = 26.0
LABEL_HEIGHT = 18.0
# A name stands to the right of its line.
LABEL_WIDTH = 128.0
STRIP_TOP, STRIP_ROW = 12.0, 46.0
EDGE = 8.0
WIDTH = 1000.0
LETTER_WIDTH, NAME_CHARACTER = 20.0, 7.2


@dataclass(frozen=True)
class HistogramBar:
    x: float
    y: float
    width: float
    height: float
    first: date
    last: date
    count: int


@dataclass(frozen=True)
class Mark:
    """A day with a name at the top of its line. `kind`: p50, p80, p95, plan or deadline."""

    kind: str
    day: date
    x: float
    label_y: float = 0.0
    chance: float | None = None


@dataclass(frozen=True)
class FinishChart:
    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    bars: tuple[HistogramBar, ...]
    marks: tuple[Mark, ...]
    ticks: tuple[TimeTick, ...]
    runs: int


@dataclass(frozen=True)
class FinishStrip:
    """One scenario's finish. `shown`: as much of its name as fits. `planned`: where the plan ends,
    `line`: from there or from P50 to P95, `likely`: from P50 to P80.
    """

    letter: str
    name: str
    shown: str
    number: int
    y: float
    line: str
    likely: str
    planned: str
    planned_on: date | None
    range: Range | None


@dataclass(frozen=True)
class FinishComparison:
    width: float
    height: float
    left: float
    right: float
    bottom: float
    strips: tuple[FinishStrip, ...]
    ticks: tuple[TimeTick, ...]
    deadlines: tuple[Mark, ...]


def finish_chart(
    plan: Document, forecast: Document | None, width: float = WIDTH
) -> FinishChart | None:
    """When the whole ends, in how many of the runs; with deadlines for the whole."""
    histogram = (forecast or {}).get("histogram")
    likely = to_range((forecast or {}).get("finish"))
    if not histogram or not likely or forecast is None:
        return None
    first = date.fromisoformat(histogram["first"])
    last = first + timedelta(days=histogram["days"] * len(histogram["counts"]) - 1)
    marks = [("p50", likely.p50, None), ("p80", likely.p80, None), ("p95", likely.p95, None)]
    if plan.get("finish"):
        marks.append(("plan", date.fromisoformat(plan["finish"]), None))
    marks += [
        ("deadline", date.fromisoformat(d["by"]), d["chance"])
        for d in forecast.get("deadlines", [])
        if not d["about"]
    ]
    days = [day for _, day, _ in marks]
    axis = _axis(min([first, *days]), max([last, *days]), max(days), width)
    placed = _marks(marks, axis)
    top = max(mark.label_y for mark in placed) + 12
    bottom = top + BARS_HEIGHT
    return FinishChart(
        width=width,
        height=bottom + AXIS_HEIGHT,
        left=EDGE,
        right=axis.right,
        top=top,
        bottom=bottom,
        bars=tuple(_bars(first, histogram["days"], histogram["counts"], axis, bottom)),
        marks=placed,
        ticks=named_months(axis),
        runs=forecast["runs"],
    )


def _axis(first: date, last: date, marked: date, width: float) -> TimeScale:
    """As wide as it can be with room for the name beside the last mark."""
    whole = fitted(first, last, EDGE, width - EDGE)
    part = (whole.end(marked) - EDGE) / (whole.right - EDGE)
    room = (width - EDGE - LABEL_WIDTH - EDGE) / part
    return fitted(first, last, EDGE, min(width - EDGE, EDGE + room))


def finish_comparison(
    scenarios: Sequence[tuple[str, Document, Document | None]],
    deadlines: Iterable[date] = (),
    width: float = WIDTH,
) -> FinishComparison | None:
    """Finishes of two to four scenarios one above another. `scenarios`: name, plan, forecast."""
    rows = [
        (name, _day(plan.get("finish")), to_range((forecast or {}).get("finish")))
        for name, plan, forecast in scenarios
    ]
    limits = sorted(set(deadlines))
    days = [day for _, planned, _ in rows for day in (planned,) if day]
    days += [day for _, _, found in rows if found for day in (found.p50, found.p95)]
    if not days:
        return None
    axis = fitted(min([*days, *limits]), max([*days, *limits]), EDGE, width - EDGE)
    bottom = STRIP_TOP + STRIP_ROW * len(rows)
    return FinishComparison(
        width=width,
        height=bottom + AXIS_HEIGHT,
        left=EDGE,
        right=width - EDGE,
        bottom=bottom,
        strips=tuple(
            _strip(number, name, planned, found, axis)
            for number, (name, planned, found) in enumerate(rows)
        ),
        ticks=named_months(axis),
        deadlines=tuple(Mark("deadline", day, axis.end(day)) for day in limits),
    )


def _bars(
    first: date, days: int, counts: Sequence[int], axis: TimeScale, bottom: float
) -> Iterable[HistogramBar]:
    most = max(counts)
    for number, count in enumerate(counts):
        begin = first + timedelta(days=days * number)
        end = begin + timedelta(days=days - 1)
        height = rounded(BARS_HEIGHT * count / most)
        if count:
            height = max(1.0, height)
        x = axis.x(begin)
        width = rounded(max(1.0, axis.end(end) - x - 1))
        yield HistogramBar(x, rounded(bottom - height), width, height, begin, end, count)


def _marks(marks: Sequence[tuple[str, date, float | None]], axis: TimeScale) -> tuple[Mark, ...]:
    """Steps that fall to the right: a name never stands on the line of another one."""
    rows: list[tuple[int, float, tuple[str, date, float | None]]] = []
    for mark in sorted(marks, key=lambda mark: (mark[1], mark[0]), reverse=True):
        x = axis.end(mark[1])
        row = max((row + 1 for row, other, _ in rows if other < x + LABEL_WIDTH), default=0)
        rows.append((row, x, mark))
    top = max(row for row, _, _ in rows)
    return tuple(
        Mark(kind, day, x, 14 + LABEL_HEIGHT * (top - row), chance)
        for row, x, (kind, day, chance) in reversed(rows)
    )


def _strip(
    number: int, name: str, planned: date | None, found: Range | None, axis: TimeScale
) -> FinishStrip:
    y = STRIP_TOP + STRIP_ROW * number + 32
    at = axis.end(planned) if planned else None
    p50, p80, p95 = (axis.end(d) for d in (found.p50, found.p80, found.p95)) if found else (0, 0, 0)
    start = min(p50, at) if at is not None else p50
    return FinishStrip(
        letter=LETTERS[number],
        name=name,
        shown=cut(name, axis.right - axis.left - LETTER_WIDTH, NAME_CHARACTER),
        number=number + 1,
        y=y,
        line=f"M{start:g} {y:g}H{p95:g}m0-5v10" if found else "",
        likely=f"M{p50:g} {y:g}H{max(p80, p50 + 1):g}" if found else "",
        planned=f"M{at:g} {y - 8:g}v16" if at is not None else "",
        planned_on=planned,
        range=found,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

"""Geometry of readiness over time: a line for the likely course, a band for its range.

The scale is always 0 to 100, so that two pictures side by side can be compared.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from roadmap.charts.scale import (
    TimeScale,
    TimeTick,
    fitted,
    line,
    named_months,
    rounded,
    take_turns,
)

VALUES = (0, 25, 50, 75, 100)
# Names of gates closer than this take turns in two rows.
GATE_ROOM = 24
# What the label at the end of a line needs.
END_ROOM, END_WIDTH = 14.0, 46.0
LETTERS = "ABCD"

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Frame:
    """The drawing and the plot inside it, in pixels."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float

    def y(self, value: float) -> float:
        part = min(100.0, max(0.0, value)) / 100
        return rounded(self.bottom - (self.bottom - self.top) * part)


WIDE = Frame(1000, 330, 36, 944, 34, 296)
NARROW = Frame(340, 260, 30, 304, 34, 228)
SMALL = Frame(300, 130, 4, 266, 14, 108)


@dataclass(frozen=True)
class Point:
    day: date
    likely: float
    low: float
    high: float
    gate: str = ""


@dataclass(frozen=True)
class ValueTick:
    y: float
    text: str


@dataclass(frozen=True)
class GateLine:
    x: float
    label_y: float
    id: str
    title: str
    day: date


@dataclass(frozen=True)
class EndLabel:
    """What stands at the end of a line; `y` is moved so that labels do not cover each other."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class CurveChart:
    """`band` is a polygon, `line` a polyline. `first` and `last` are the likely values."""

    id: str
    title: str
    frame: Frame
    ticks: tuple[TimeTick, ...]
    values: tuple[ValueTick, ...]
    band: str
    line: str
    gates: tuple[GateLine, ...]
    points: tuple[Point, ...]
    start_y: float
    end: EndLabel

    @property
    def first(self) -> Point:
        return self.points[0]

    @property
    def last(self) -> Point:
        return self.points[-1]


@dataclass(frozen=True)
class ReadinessCharts:
    """The overall readiness for wide and narrow screens, and small ones of the parts.

    `done_likely` and `done_late`: when all that lifts an answer is done in half of the runs, and in
    four of five.
    """

    overall: CurveChart
    overall_narrow: CurveChart
    steps: tuple[CurveChart, ...]
    challenges: tuple[CurveChart, ...]
    done_likely: date | None = None
    done_late: date | None = None


@dataclass(frozen=True)
class Series:
    """One scenario among several; `number` selects its colour and dashes."""

    letter: str
    name: str
    number: int
    line: str
    points: tuple[Point, ...]
    end: EndLabel


@dataclass(frozen=True)
class CurveComparison:
    frame: Frame
    ticks: tuple[TimeTick, ...]
    values: tuple[ValueTick, ...]
    series: tuple[Series, ...]


def readiness_charts(
    forecast: Document | None, gates: Mapping[str, str] | None = None
) -> ReadinessCharts | None:
    """`gates`: their titles by id.

    None without a forecast, and while nothing is answered.
    """
    curve = (forecast or {}).get("readiness") or {}
    rows, done = curve.get("points", []), curve.get("by", {})
    titles: Mapping[str, str] = curve.get("titles", {})
    overall = _points(rows, "overall", "")
    if not overall:
        return None
    names = gates or {}

    def small(part: str) -> tuple[CurveChart, ...]:
        found = {name: _points(rows, part, name) for name in titles}
        return tuple(
            curve_chart(name, titles[name], points, SMALL, {})
            for name, points in found.items()
            if points
        )

    return ReadinessCharts(
        overall=curve_chart("overall", "", overall, WIDE, names),
        overall_narrow=curve_chart("overall-narrow", "", overall, NARROW, names),
        steps=small("steps"),
        challenges=small("challenges"),
        done_likely=_day(done.get("p50")),
        done_late=_day(done.get("p80")),
    )


def curve_chart(
    name: str, title: str, points: Sequence[Point], frame: Frame, gates: Mapping[str, str]
) -> CurveChart:
    """`points`: at least one, in order of time."""
    axis = fitted(points[0].day, points[-1].day, frame.left, frame.right)
    high = [(axis.x(p.day), frame.y(p.high)) for p in points]
    low = [(axis.x(p.day), frame.y(p.low)) for p in points]
    last = points[-1]
    return CurveChart(
        id=name,
        title=title,
        frame=frame,
        ticks=_time_ticks(axis, frame),
        values=_value_ticks(frame),
        band=line([*high, *reversed(low)]),
        line=line((axis.x(p.day), frame.y(p.likely)) for p in points),
        gates=tuple(_gates(points, axis, frame, gates)) if gates else (),
        points=tuple(points),
        start_y=frame.y(points[0].likely),
        end=_end(axis.x(last.day), frame.y(last.likely), whole(last.likely)),
    )


def readiness_comparison(
    scenarios: Sequence[tuple[str, Document | None]], frame: Frame = WIDE
) -> CurveComparison | None:
    """The overall readiness of two to four scenarios in one picture. `scenarios`: name, forecast.

    Those without a forecast keep their letter and have no line.
    """
    found = [
        (number, name, _points(((f or {}).get("readiness") or {}).get("points", []), "overall", ""))
        for number, (name, f) in enumerate(scenarios)
    ]
    days = [point.day for _, _, points in found for point in points]
    if not days:
        return None
    axis = fitted(min(days), max(days), frame.left, frame.right)
    series = [
        Series(
            letter=LETTERS[number],
            name=name,
            number=number + 1,
            line=line((axis.x(p.day), frame.y(p.likely)) for p in points),
            points=tuple(points),
            end=_end(
                axis.x(points[-1].day),
                frame.y(points[-1].likely),
                f"{LETTERS[number]} {whole(points[-1].likely)}",
            ),
        )
        for number, name, points in found
        if points
    ]
    return CurveComparison(
        frame=frame,
        ticks=_time_ticks(axis, frame),
        values=_value_ticks(frame),
        series=tuple(_apart(series)),
    )


def _points(rows: Iterable[Document], part: str, name: str) -> list[Point]:
    found = []
    for row in rows:
        values = row.get(part) if not name else row.get(part, {}).get(name)
        if values:
            found.append(
                Point(
                    date.fromisoformat(row["date"]),
                    values["likely"],
                    values["low"],
                    values["high"],
                    row.get("gate") or "",
                )
            )
    return found


def _time_ticks(axis: TimeScale, frame: Frame) -> tuple[TimeTick, ...]:
    return named_months(axis, 58 if frame is not SMALL else 70)


def _value_ticks(frame: Frame) -> tuple[ValueTick, ...]:
    return tuple(ValueTick(frame.y(value), str(value)) for value in VALUES)


def _gates(
    points: Sequence[Point], axis: TimeScale, frame: Frame, titles: Mapping[str, str]
) -> Iterable[GateLine]:
    marked = [point for point in points if point.gate]
    places = [axis.x(point.day) for point in marked]
    turns = take_turns(places, GATE_ROOM)
    for point, x, is_lower in zip(marked, places, turns, strict=True):
        title = titles.get(point.gate, "")
        yield GateLine(x, frame.top - (8 if is_lower else 21), point.gate, title, point.day)


def whole(number: float) -> str:
    """As pages print it: halves go up."""
    return str(math.floor(number + 0.5))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _end(x: float, y: float, text: str) -> EndLabel:
    return EndLabel(rounded(x + 6), rounded(y + 4.5), text)


def _apart(series: Sequence[Series]) -> Iterable[Series]:
    """Labels at the ends of lines that end close together, one under the other."""
    moved: list[Series] = []
    for one in sorted(series, key=lambda s: (s.end.y, s.number)):
        near = [s.end.y for s in moved if abs(s.end.x - one.end.x) < END_WIDTH]
        y = max([one.end.y, *(other + END_ROOM for other in near)])
        moved.append(replace(one, end=replace(one.end, y=rounded(y))))
    return sorted(moved, key=lambda s: s.number)

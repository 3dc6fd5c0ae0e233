"""The forecast of a plan as a report keeps it, and how it is drawn in print.

What is kept are plain records, as everything in a snapshot; a roadmap agreed without a simulation
has none, and neither has a report frozen before there were forecasts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from roadmap.charts.curve import CurveChart, Frame, Point, curve_chart
from roadmap.charts.documents import to_range
from roadmap.charts.load import LoadChart, load_charts
from roadmap.domain.forecasting.ranges import Range

Document = Mapping[str, Any]

MOST_LOADS = 9
CURVE = Frame(658, 210, 26, 620, 30, 182)


@dataclass(frozen=True)
class FreezeEntry:
    """Days, both included, without changes in production or with fewer people."""

    start: date
    finish: date
    reason: str
    is_reduced: bool = False


@dataclass(frozen=True)
class CurveEntry:
    """Overall readiness on a day: likely, and its range."""

    day: date
    likely: float
    low: float
    high: float
    gate: str = ""


@dataclass(frozen=True)
class MonthEntry:
    month: str
    used: float
    capacity: float


@dataclass(frozen=True)
class RoleEntry:
    role: str
    title: str
    months: tuple[MonthEntry, ...]


@dataclass(frozen=True)
class ChanceEntry:
    """A deadline; `chance` is None where what it is about is not in the plan."""

    title: str
    by: date
    chance: float | None


@dataclass(frozen=True)
class ForecastEntry:
    """`lifted_by`: when all that lifts an answer is done in four of five runs."""

    runs: int
    finish: Range
    chance_as_planned: float
    curve: tuple[CurveEntry, ...] = ()
    lifted_by: date | None = None
    deadlines: tuple[ChanceEntry, ...] = ()


def forecast_entry(plan: Document, forecast: Document) -> ForecastEntry | None:
    finish = to_range(forecast.get("finish"))
    if finish is None:
        return None
    readiness = forecast.get("readiness") or {}
    lifted_by = readiness.get("by", {}).get("p80")
    return ForecastEntry(
        runs=forecast["runs"],
        finish=finish,
        chance_as_planned=forecast["chance_as_planned"],
        curve=tuple(
            CurveEntry(
                date.fromisoformat(point["date"]), **point["overall"], gate=point["gate"] or ""
            )
            for point in readiness.get("points", [])
            if point["overall"]
        ),
        lifted_by=date.fromisoformat(lifted_by) if lifted_by else None,
        deadlines=chance_entries(plan, forecast),
    )


def chance_entries(plan: Document, forecast: Document) -> tuple[ChanceEntry, ...]:
    """The deadlines of a plan, with the chances of the forecast."""
    titles = {(d["about"], d["by"]): d["title"] for d in plan.get("deadlines", [])}
    return tuple(
        ChanceEntry(titles[key], date.fromisoformat(d["by"]), d["chance"])
        for d in forecast.get("deadlines", [])
        if (key := (d["about"], d["by"])) in titles
    )


def freeze_entries(plan: Document) -> tuple[FreezeEntry, ...]:
    return tuple(
        FreezeEntry(
            date.fromisoformat(freeze["start"]),
            date.fromisoformat(freeze["finish"]),
            freeze["reason"],
            freeze["kind"] == "reduced_staff",
        )
        for freeze in plan.get("freezes", [])
    )


def role_entries(plan: Document) -> tuple[RoleEntry, ...]:
    return tuple(
        RoleEntry(
            role["role"],
            role["title"],
            tuple(MonthEntry(m["month"], m["used"], m["capacity"]) for m in role["months"]),
        )
        for role in plan.get("load", [])
    )


def curve(forecast: ForecastEntry | None) -> CurveChart | None:
    """Overall readiness over time in the width of the text."""
    if forecast is None or not forecast.curve:
        return None
    points = [Point(p.day, p.likely, p.low, p.high, p.gate) for p in forecast.curve]
    return curve_chart("readiness", "", points, CURVE, {p.gate: "" for p in points})


def loads(roles: tuple[RoleEntry, ...]) -> tuple[LoadChart, ...]:
    """The roles with least to spare, as many as fit under their table."""
    charts = load_charts(
        {
            "load": [
                {
                    "role": role.role,
                    "title": role.title,
                    "months": [vars(month) for month in role.months],
                }
                for role in roles
            ]
        }
    )
    return charts[:MOST_LOADS]

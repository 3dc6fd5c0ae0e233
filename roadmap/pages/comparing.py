"""Two to four scenarios side by side, as plain values out of their stored documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from roadmap.charts.curve import NARROW, WIDE, CurveComparison, readiness_comparison
from roadmap.charts.finish import FinishComparison, finish_comparison
from roadmap.charts.load import LoadChart, load_comparison
from roadmap.models import Scenario
from roadmap.pages.scenario_diff import Compared, compared_with_scenario

LEAST, MOST = 2, 4
LETTERS = "ABCD"
NARROW_WIDTH = 340.0
Document = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """One scenario. `letter` stands for it in the pictures; dates are None until the forecast."""

    letter: str
    scenario: Scenario
    finish: date | None
    p50: date | None
    p80: date | None
    readiness_now: float | None
    readiness_after: float | None
    person_days: float
    cost: float | None
    currency: str
    initiatives: int
    left_out: int
    missed: int

    @property
    def is_forecast(self) -> bool:
        return self.p80 is not None

    @property
    def is_adopted(self) -> bool:
        return hasattr(self.scenario, "roadmap")


@dataclass(frozen=True)
class GateRow:
    """`days`: by column, the date four chances in five keep, or the planned one as long as one of
    the scenarios has no forecast; None where the plan does not reach the gate.
    """

    id: str
    title: str
    days: tuple[date | None, ...]


@dataclass(frozen=True)
class LoadRow:
    """`used` and `capacity` in person-days by column for one month."""

    month: date
    cells: tuple[tuple[float, float] | None, ...]


@dataclass(frozen=True)
class Difference:
    """What another scenario changes against the first one: its constraints, then its plan."""

    column: Column
    compared: Compared


@dataclass(frozen=True)
class Pictures:
    """Each one wide and for a phone; None where there is nothing to draw."""

    finish: FinishComparison | None
    finish_narrow: FinishComparison | None
    readiness: CurveComparison | None
    readiness_narrow: CurveComparison | None


@dataclass(frozen=True)
class Comparison:
    columns: tuple[Column, ...]
    pictures: Pictures
    gates: tuple[GateRow, ...]
    differences: tuple[Difference, ...]
    roles: tuple[tuple[str, str], ...]
    role: str
    load: tuple[LoadRow, ...]
    load_charts: tuple[LoadChart, ...]

    @property
    def without_forecast(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if not column.is_forecast)


def compare_scenarios(scenarios: Sequence[Scenario], role: str = "") -> Comparison:
    """The first scenario is what the others are held against."""
    columns = tuple(
        column(scenario, letter) for scenario, letter in zip(scenarios, LETTERS, strict=False)
    )
    roles = _roles(scenarios)
    chosen = role if role in dict(roles) else (roles[0][0] if roles else "")
    return Comparison(
        columns=columns,
        pictures=_pictures(columns),
        gates=tuple(_gates(scenarios)),
        differences=tuple(
            Difference(other, compared_with_scenario(columns[0].scenario, other.scenario))
            for other in columns[1:]
        ),
        roles=roles,
        role=chosen,
        load=tuple(_load(scenarios, chosen)),
        load_charts=load_comparison(
            chosen, [(c.letter, c.scenario.name, c.scenario.plan) for c in columns]
        ),
    )


def compared_columns(
    scenarios: Sequence[Scenario],
) -> list[tuple[Column, dict[str, date | None]]]:
    """Each scenario's figures and its gates, without pictures."""
    rows = list(_gates(scenarios))
    return [
        (column(scenario, ""), {row.id: row.days[place] for row in rows})
        for place, scenario in enumerate(scenarios)
    ]


def column(scenario: Scenario, letter: str) -> Column:
    plan, forecast = scenario.plan, forecast_of(scenario)
    finish, cost = forecast.get("finish") or {}, plan.get("cost") or {}
    readiness = plan.get("readiness") or {}
    return Column(
        letter=letter,
        scenario=scenario,
        finish=_day(plan.get("finish")),
        p50=_day(finish.get("p50")),
        p80=_day(finish.get("p80")),
        readiness_now=(readiness.get("now") or {}).get("overall"),
        readiness_after=(readiness.get("after") or {}).get("overall"),
        person_days=float(plan.get("person_days") or plan["effort_days"]["likely"]),
        cost=cost.get("total"),
        currency=cost.get("currency") or "",
        initiatives=len(plan["initiatives"]),
        left_out=len(plan.get("left_out", ())),
        missed=sum(1 for deadline in plan.get("deadlines", ()) if not deadline["is_met"]),
    )


def forecast_of(scenario: Scenario) -> Document:
    """The forecast, as long as it is one of the plan that is stored."""
    return scenario.forecast if scenario.is_forecast_current else {}


def _pictures(columns: Sequence[Column]) -> Pictures:
    plans = [(c.scenario.name, c.scenario.plan, forecast_of(c.scenario)) for c in columns]
    forecasts = [(name, forecast) for name, _, forecast in plans]
    deadlines = {
        date.fromisoformat(deadline["by"])
        for _, plan, _ in plans
        for deadline in plan.get("deadlines", ())
        if not deadline["about"]
    }
    return Pictures(
        finish=finish_comparison(plans, deadlines),
        finish_narrow=finish_comparison(plans, deadlines, NARROW_WIDTH),
        readiness=readiness_comparison(forecasts, WIDE),
        readiness_narrow=readiness_comparison(forecasts, NARROW),
    )


def _gates(scenarios: Sequence[Scenario]) -> Iterable[GateRow]:
    titles: dict[str, str] = {}
    for scenario in scenarios:
        titles |= {gate["id"]: gate["title"] for gate in scenario.plan["gates"]}
    # Simulated days beside planned ones would compare what cannot be compared.
    all_forecast = all(forecast_of(scenario) for scenario in scenarios)
    for gate_id, title in titles.items():
        days = tuple(_gate_day(scenario, gate_id, all_forecast) for scenario in scenarios)
        yield GateRow(gate_id, title, days)


def _gate_day(scenario: Scenario, gate_id: str, is_forecast: bool) -> date | None:
    if is_forecast:
        found = (forecast_of(scenario).get("gates") or {}).get(gate_id)
        return _day(found["p80"]) if found else None
    planned = (g["date"] for g in scenario.plan["gates"] if g["id"] == gate_id)
    return _day(next(planned, None))


def _roles(scenarios: Sequence[Scenario]) -> tuple[tuple[str, str], ...]:
    """Roles with work in any of them, the one with the most work first."""
    used: dict[str, float] = {}
    titles: dict[str, str] = {}
    for scenario in scenarios:
        for load in scenario.plan.get("load", ()):
            titles[load["role"]] = load["title"]
            total = sum(month["used"] for month in load["months"])
            used[load["role"]] = max(used.get(load["role"], 0), total)
    ordered = sorted(titles, key=lambda role: (-used[role], titles[role]))
    return tuple((role, titles[role]) for role in ordered)


def _load(scenarios: Sequence[Scenario], role: str) -> Iterable[LoadRow]:
    by_scenario = []
    for scenario in scenarios:
        found = next((x for x in scenario.plan.get("load", ()) if x["role"] == role), None)
        months = found["months"] if found else ()
        by_scenario.append({m["month"]: (m["used"], m["capacity"]) for m in months})
    for month in sorted({month for months in by_scenario for month in months}):
        cells = tuple(months.get(month) for months in by_scenario)
        yield LoadRow(date.fromisoformat(f"{month}-01"), cells)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

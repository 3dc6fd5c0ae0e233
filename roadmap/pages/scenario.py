"""Everything the page of a scenario shows, put together from what is stored with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from roadmap.charts import Gantt
from roadmap.charts.documents import plan_gantt
from roadmap.models import Scenario, ScenarioChange
from roadmap.pages.board import Board, Filters, board
from roadmap.pages.changes import ChangeLine, change_lines
from roadmap.pages.head import ADOPTED, PREVIEW, SEARCHED, SEARCHING, Head, head
from roadmap.pages.moves import SearchMove, moved_by_search
from roadmap.pages.plan_items import Document, PlanItem, plan_items, role_titles
from roadmap.pages.words import Address, search_ended


@dataclass(frozen=True)
class ScenarioPage:
    head: Head
    items: Mapping[str, PlanItem]
    board: Board
    chart: Gantt | None
    roles: Mapping[str, str]
    search_moves: tuple[SearchMove, ...]
    search_ended: str
    changes: tuple[ChangeLine, ...]
    # The last change that still counts: what “undo” takes back.
    undo: ChangeLine | None
    # For moving a bar by working days: weekdays (0 is Monday) and the free days in between.
    weekdays: tuple[int, ...]
    holidays: tuple[str, ...]


def scenario_page(
    scenario: Scenario,
    changes: Sequence[ScenarioChange],
    last: ScenarioChange | None,
    filters: Filters,
    today: date,
    address: Address,
    *,
    adopted: bool,
) -> ScenarioPage:
    """`changes`: the newest, newest first. `last`: what “undo” takes back, however long ago."""
    plan, forecast = scenario.plan, current_forecast(scenario)
    items = plan_items(plan, scenario.decisions, forecast)
    shown = board(plan, items, filters)
    return ScenarioPage(
        head=head(plan, forecast, state_of(scenario, adopted=adopted)),
        items=items,
        board=shown,
        chart=_chart(plan, shown, forecast, today, address),
        roles=role_titles(plan),
        search_moves=moved_by_search(scenario, items),
        search_ended=search_ended(scenario.schedule),
        changes=change_lines(changes),
        undo=change_lines([last])[0] if last else None,
        weekdays=tuple(sorted(scenario.to_constraints().working_weekdays)),
        holidays=tuple(plan.get("holidays", ())),
    )


def current_forecast(scenario: Scenario) -> Document:
    """The simulation of this very plan; empty when there is none or it is of an older one."""
    return scenario.forecast if scenario.is_forecast_current else {}


def is_adopted(scenario: Scenario) -> bool:
    return hasattr(scenario, "roadmap")


def is_searching(scenario: Scenario) -> bool:
    return bool(scenario.job and scenario.job.is_open)


def state_of(scenario: Scenario, *, adopted: bool) -> str:
    if adopted:
        return ADOPTED
    if is_searching(scenario):
        return SEARCHING
    return SEARCHED if scenario.schedule.get("is_searched") else PREVIEW


def _chart(
    plan: Document, shown: Board, forecast: Document, today: date, address: Address
) -> Gantt | None:
    ids = {item.id for phase in shown.phases for item in phase.items}
    entries = [entry for entry in plan.get("initiatives", []) if entry["id"] in ids]
    # Arrows of a chain with gaps would join what does not follow on each other.
    whole = len(entries) == shown.total
    return plan_gantt({**plan, "initiatives": entries}, forecast, today, address, with_arrows=whole)

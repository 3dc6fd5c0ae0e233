"""What is different between two stored plans, as a page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from roadmap.domain.plan_diff import Moved, PlanDiff, plan_diff
from roadmap.models import Roadmap, Scenario

Document = Mapping[str, Any]
FIRST_MOVES = 15


@dataclass(frozen=True)
class Compared:
    """`name` of what it is compared with, which is a scenario or a roadmap."""

    name: str
    diff: PlanDiff
    currency: str
    base: Scenario | None = None
    roadmap: Roadmap | None = None

    @property
    def first(self) -> tuple[Moved, ...]:
        return self.diff.moved[:FIRST_MOVES]

    @property
    def rest(self) -> tuple[Moved, ...]:
        return self.diff.moved[FIRST_MOVES:]


def compared(base: Scenario, scenario: Scenario) -> Compared:
    return _compared(base.name, base.plan, scenario, base=base)


def current_to_compare(current: Roadmap | None, scenario: Scenario) -> Compared | None:
    """Against the roadmap people work by; None without one, or when this plan is it."""
    if current is None or current.scenario_id == scenario.pk:
        return None
    return _compared(current.name, current.plan, scenario, roadmap=current)


def _compared(name: str, before: Document, scenario: Scenario, **what: Any) -> Compared:
    after = scenario.plan
    currency = (after.get("cost") or before.get("cost") or {}).get("currency") or ""
    return Compared(name, plan_diff(before, after), currency, **what)

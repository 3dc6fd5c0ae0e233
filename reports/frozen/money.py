"""Person-days and money of a plan by phase and role, and what of it nobody priced. Pure."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from roadmap.domain.constraints.stated import Constraints


@dataclass(frozen=True)
class RoleCost:
    """`days`: likely person-days. `rate`: of a day, None where nobody stated one."""

    role: str
    title: str
    days: float
    rate: float | None = None


@dataclass(frozen=True)
class PhaseCost:
    """`own`: what the own people's work of a phase costs; the partner is paid by presence."""

    phase: str
    days: float
    own: float


@dataclass(frozen=True)
class CostEntry:
    """Beside `reports.frozen.prices`: the same money by phase and role, and the limits set."""

    currency: str = ""
    phases: tuple[PhaseCost, ...] = ()
    roles: tuple[RoleCost, ...] = ()
    budget: float | None = None
    budget_days: float | None = None

    @property
    def unpriced(self) -> tuple[RoleCost, ...]:
        return tuple(role for role in self.roles if not role.rate)


def cost_entry(
    plan: Mapping[str, Any], stated: Constraints, titles: Mapping[str, str]
) -> CostEntry:
    return CostEntry(
        currency=(plan.get("cost") or {}).get("currency") or stated.currency,
        phases=tuple(_phases(plan)),
        roles=tuple(_roles(plan, stated, titles)),
        budget=stated.budget,
        budget_days=stated.budget_days,
    )


def _phases(plan: Mapping[str, Any]) -> Iterable[PhaseCost]:
    for phase in plan.get("phases", ()):
        parts = [part for part in plan["initiatives"] if part["phase"] == phase["id"]]
        if parts:
            yield PhaseCost(
                phase["title"],
                round(math.fsum(part["effort_days"]["likely"] for part in parts), 1),
                round(math.fsum(part.get("cost") or 0.0 for part in parts), 2),
            )


def _roles(
    plan: Mapping[str, Any], stated: Constraints, titles: Mapping[str, str]
) -> Iterable[RoleCost]:
    days: dict[str, float] = defaultdict(float)
    for part in plan["initiatives"]:
        for role, amount in (part.get("person_days") or {}).items():
            days[role] += amount
    for role, amount in sorted(days.items(), key=lambda pair: (-round(pair[1], 6), pair[0])):
        if amount:
            rate = stated.day_rates.get(role)
            yield RoleCost(role, titles.get(role, role), round(amount, 1), rate)

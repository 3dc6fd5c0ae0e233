"""What a board paper says beyond the plan: decisions asked for, what is priced and what is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class AskedGate:
    """A gate whose decision was asked for and is not made. `roles`: who has to approve."""

    id: str
    asked_on: date | None = None
    met: int = 0
    items: int = 0
    roles: tuple[str, ...] = ()
    approved: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class InitiativeCost:
    id: str
    amount: float


@dataclass(frozen=True)
class MoneyEntry:
    """Money of a plan, an estimate. `unpriced`: roles with work and without a day rate."""

    currency: str
    own: float
    partner: float
    total: float
    by_initiative: tuple[InitiativeCost, ...] = ()
    unpriced: tuple[str, ...] = ()


@dataclass(frozen=True)
class BoardEntry:
    """`money`: None where no day rate is stated at all."""

    asked: tuple[AskedGate, ...] = ()
    money: MoneyEntry | None = None
    blocked: tuple[str, ...] = ()
    adopted_on: date | None = None


def money_entry(
    plan: Mapping[str, Any], rates: Mapping[str, float], titles: Mapping[str, str]
) -> MoneyEntry | None:
    cost = plan.get("cost")
    if not cost:
        return None
    worked: Iterable[str] = {
        role
        for part in plan["initiatives"]
        for role, days in (part.get("person_days") or {}).items()
        if days
    }
    return MoneyEntry(
        currency=cost["currency"],
        own=cost["own"],
        partner=cost["partner"],
        total=cost["total"],
        by_initiative=tuple(
            InitiativeCost(part["id"], part["cost"])
            for part in plan["initiatives"]
            if part.get("cost")
        ),
        unpriced=tuple(sorted(titles.get(r, r) for r in worked if not rates.get(r))),
    )

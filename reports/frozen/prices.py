"""What people cost a day, as it was stated when the report was asked for. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from roadmap.domain.constraints.stated import Constraints, Staffing
from roadmap.domain.tracking.slip import WorkingDays


@dataclass(frozen=True)
class RateEntry:
    """Money for a person-day of a role's own people."""

    role: str
    title: str
    rate: float


@dataclass(frozen=True)
class PartnerEntry:
    """Somebody from outside, paid for the working days they are there while the plan runs."""

    title: str
    fte: float
    days: int
    rate: float
    reason: str = ""


@dataclass(frozen=True)
class PricesEntry:
    """`own`, `partner` and `total` are the plan's own figures, an estimate."""

    currency: str
    own: float
    partner: float
    total: float
    rates: tuple[RateEntry, ...] = ()
    partners: tuple[PartnerEntry, ...] = ()


def prices_entry(
    plan: Mapping[str, Any], constraints: Constraints, titles: Mapping[str, str]
) -> PricesEntry | None:
    """None where no day rate is stated, as the plan then has no cost. `titles`: of the roles."""
    cost = plan.get("cost")
    if not cost:
        return None
    return PricesEntry(
        currency=cost["currency"],
        own=cost["own"],
        partner=cost["partner"],
        total=cost["total"],
        rates=tuple(
            RateEntry(role, titles.get(role, role), rate)
            for role, rate in sorted(constraints.day_rates.items())
            if rate
        ),
        partners=tuple(_partners(plan, constraints, titles)),
    )


def _partners(
    plan: Mapping[str, Any], constraints: Constraints, titles: Mapping[str, str]
) -> list[PartnerEntry]:
    start = date.fromisoformat(plan["start"])
    finish = date.fromisoformat(plan["finish"] or plan["start"])
    holidays = tuple(date.fromisoformat(day) for day in plan.get("holidays", ()))
    weekdays = tuple(plan.get("working_weekdays") or range(5))
    calendar = WorkingDays(holidays, weekdays)
    return [
        PartnerEntry(
            title=titles.get(one.role, one.role),
            fte=one.fte,
            days=_presence(one, start, finish, calendar),
            rate=_rate(one, constraints),
            reason=one.reason,
        )
        for one in constraints.staffing
        if one.is_partner
    ]


def _presence(one: Staffing, start: date, finish: date, calendar: WorkingDays) -> int:
    first, last = max(one.start, start), min(one.finish or finish, finish)
    if last < first:
        return 0
    return calendar.slip(first - timedelta(days=1), last)


def _rate(one: Staffing, constraints: Constraints) -> float:
    if one.day_rate is not None:
        return one.day_rate
    return constraints.day_rates.get(one.role, 0.0)

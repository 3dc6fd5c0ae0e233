"""What an organization tells the planner about its calendar and its people.

The file format is documented in `docs/constraints-format.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

MAX_FTE = 10_000
MAX_WIP = 100
MAX_HOLIDAYS = 1_000
MAX_FREEZES = 100
MAX_STAFFING = 100
MAX_DEADLINES = 100
MAX_DELAY_WEEKS = 104
MAX_REASON = 300
MAX_MONEY = 10_000_000_000
MAX_DAYS = 1_000_000
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
# Monday to Friday.
WEEKDAYS = frozenset(range(5))


class FreezeKind(StrEnum):
    """`go_live`: nothing goes live, other work runs on. `reduced_staff`: less capacity."""

    GO_LIVE = "go_live"
    REDUCED_STAFF = "reduced_staff"


@dataclass(frozen=True)
class Freeze:
    """First and last day, both included. `capacity` is the part of the roles that is left
    (0 to 1) and counts for reduced staff only. Without `roles` it holds for all of them.
    """

    start: date
    finish: date
    reason: str = ""
    kind: FreezeKind = FreezeKind.GO_LIVE
    capacity: float = 0.5
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Staffing:
    """People who join a role (`fte` above 0) or leave it (below 0), first and last day included.

    Without a `finish` it is for good. A `partner` comes from outside and costs `day_rate` for
    each day worked, whatever the role's own rate is.
    """

    role: str
    fte: float
    start: date
    finish: date | None = None
    reason: str = ""
    is_partner: bool = False
    day_rate: float | None = None


@dataclass(frozen=True)
class Deadline:
    """A day given from outside. `about`: a gate or an initiative; empty for the whole plan."""

    by: date
    about: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Constraints:
    """What the planner must respect.

    `role_fte`: FTE the programme can have of a role, net of other duties. 0: nobody has it.
    `holidays` are all free days, those of `country` and `subdivision` as they were known when
    this was written and the organization's own; only they count, the two names are for show.
    `working_weekdays`: 0 is Monday. `free_share`: part of the week (0 to 1) that unplanned work
    leaves; None takes it from the answers. `budget` in `currency`, `budget_days` in person-days.
    `day_rates`: per role. `targets`: step → the level its questions shall reach, else 3.
    `vendor_delay_weeks`: how much longer than usual everything takes that vendors have a part in.
    `may_end_early`: where time or money do not reach for all gates, the last ones are left out
    whole; otherwise no gate ever is, and a plan that does not fit says so.
    """

    start: date | None = None
    holidays: frozenset[date] = frozenset()
    role_fte: Mapping[str, float] = field(default_factory=dict)
    wip_limit: int | None = None
    freezes: tuple[Freeze, ...] = ()
    country: str = ""
    subdivision: str = ""
    working_weekdays: frozenset[int] = WEEKDAYS
    staffing: tuple[Staffing, ...] = ()
    free_share: float | None = None
    budget: float | None = None
    budget_days: float | None = None
    currency: str = ""
    day_rates: Mapping[str, float] = field(default_factory=dict)
    deadlines: tuple[Deadline, ...] = ()
    targets: Mapping[str, int] = field(default_factory=dict)
    vendor_delay_weeks: float = 0
    may_end_early: bool = False


def constraints_to_json(constraints: Constraints) -> dict[str, Any]:
    """The same content as plain data in a fixed order, in the words of the file format."""
    return {
        "start": _iso(constraints.start),
        "country": constraints.country,
        "subdivision": constraints.subdivision,
        "working_weekdays": sorted(constraints.working_weekdays),
        "holidays": sorted(day.isoformat() for day in constraints.holidays),
        "role_fte": dict(sorted(constraints.role_fte.items())),
        "free_share": constraints.free_share,
        "staffing": [_staffing_to_json(people) for people in constraints.staffing],
        "budget": constraints.budget,
        "budget_days": constraints.budget_days,
        "currency": constraints.currency,
        "day_rates": dict(sorted(constraints.day_rates.items())),
        "wip_limit": constraints.wip_limit,
        "freezes": [_freeze_to_json(freeze) for freeze in constraints.freezes],
        "deadlines": [
            {"by": deadline.by.isoformat(), "about": deadline.about, "reason": deadline.reason}
            for deadline in constraints.deadlines
        ],
        "targets": dict(sorted(constraints.targets.items())),
        "vendor_delay_weeks": constraints.vendor_delay_weeks,
        "may_end_early": constraints.may_end_early,
    }


def constraints_from_json(data: Mapping[str, Any]) -> Constraints:
    """The way back from `constraints_to_json`; what is not there has its default."""
    return Constraints(
        start=_day(data.get("start")),
        country=data.get("country", ""),
        subdivision=data.get("subdivision", ""),
        working_weekdays=frozenset(data.get("working_weekdays", WEEKDAYS)),
        holidays=frozenset(date.fromisoformat(day) for day in data.get("holidays", [])),
        role_fte=dict(data.get("role_fte", {})),
        free_share=data.get("free_share"),
        staffing=tuple(_staffing_from_json(people) for people in data.get("staffing", [])),
        budget=data.get("budget"),
        budget_days=data.get("budget_days"),
        currency=data.get("currency", ""),
        day_rates=dict(data.get("day_rates", {})),
        wip_limit=data.get("wip_limit"),
        freezes=tuple(_freeze_from_json(freeze) for freeze in data.get("freezes", [])),
        deadlines=tuple(
            Deadline(
                date.fromisoformat(deadline["by"]),
                deadline.get("about", ""),
                deadline.get("reason", ""),
            )
            for deadline in data.get("deadlines", [])
        ),
        targets=dict(data.get("targets", {})),
        vendor_delay_weeks=data.get("vendor_delay_weeks", 0),
        may_end_early=data.get("may_end_early", False),
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _freeze_to_json(freeze: Freeze) -> dict[str, Any]:
    return {
        "start": freeze.start.isoformat(),
        "finish": freeze.finish.isoformat(),
        "reason": freeze.reason,
        "kind": freeze.kind.value,
        "capacity": freeze.capacity,
        "roles": list(freeze.roles),
    }


def _freeze_from_json(data: Mapping[str, Any]) -> Freeze:
    return Freeze(
        start=date.fromisoformat(data["start"]),
        finish=date.fromisoformat(data["finish"]),
        reason=data["reason"],
        kind=FreezeKind(data["kind"]),
        capacity=data["capacity"],
        roles=tuple(data.get("roles", ())),
    )


def _staffing_to_json(people: Staffing) -> dict[str, Any]:
    return {
        "role": people.role,
        "fte": people.fte,
        "start": people.start.isoformat(),
        "finish": _iso(people.finish),
        "reason": people.reason,
        "partner": people.is_partner,
        "day_rate": people.day_rate,
    }


def _staffing_from_json(data: Mapping[str, Any]) -> Staffing:
    return Staffing(
        role=data["role"],
        fte=data["fte"],
        start=date.fromisoformat(data["start"]),
        finish=_day(data.get("finish")),
        reason=data.get("reason", ""),
        is_partner=data.get("partner", False),
        day_rate=data.get("day_rate"),
    )

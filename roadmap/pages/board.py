"""What the scenario's board shows: filters, phases with their initiatives, and the calendar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from roadmap.pages.plan_items import Document, PlanItem

SORTS = ("start", "rank")


@dataclass(frozen=True)
class Filters:
    """What the address asks for; anything it names that is not there is left out."""

    role: str = ""
    phase: str = ""
    critical: bool = False
    sort: str = "start"

    @property
    def is_narrowing(self) -> bool:
        return bool(self.role or self.phase or self.critical)

    @property
    def query(self) -> str:
        """The filters as an address holds them: empty for the page as it stands."""
        parts = {
            "role": self.role,
            "phase": self.phase,
            "critical": "1" if self.critical else "",
            "sort": self.sort if self.sort != SORTS[0] else "",
        }
        return urlencode({name: value for name, value in parts.items() if value})

    def shows(self, item: PlanItem) -> bool:
        return (
            (not self.role or self.role in item.roles)
            and (not self.phase or self.phase == item.phase)
            and (not self.critical or item.is_critical)
        )


@dataclass(frozen=True)
class Phase:
    """`number` selects its colour. `items`: those the filters show, in the order asked for."""

    id: str
    title: str
    number: int
    items: tuple[PlanItem, ...]
    total: int


@dataclass(frozen=True)
class Choice:
    id: str
    title: str


@dataclass(frozen=True)
class Board:
    filters: Filters
    phases: tuple[Phase, ...]
    roles: tuple[Choice, ...]
    all_phases: tuple[Choice, ...]
    shown: int
    total: int


def read_filters(query: Mapping[str, str], plan: Document) -> Filters:
    roles = {part["role"] for part in plan.get("capacity", [])}
    phases = {phase["id"] for phase in plan.get("phases", [])}
    role, phase, sort = query.get("role", ""), query.get("phase", ""), query.get("sort", "")
    return Filters(
        role=role if role in roles else "",
        phase=phase if phase in phases else "",
        critical=query.get("critical") == "1",
        sort=sort if sort in SORTS else SORTS[0],
    )


def board(plan: Document, items: Mapping[str, PlanItem], filters: Filters) -> Board:
    phases = tuple(_phases(plan, items.values(), filters))
    return Board(
        filters=filters,
        phases=phases,
        roles=tuple(_roles(plan, items.values())),
        all_phases=tuple(Choice(phase["id"], phase["title"]) for phase in plan.get("phases", [])),
        shown=sum(len(phase.items) for phase in phases),
        total=len(items),
    )


def _phases(plan: Document, items: Iterable[PlanItem], filters: Filters) -> Iterable[Phase]:
    known = list(items)
    for number, phase in enumerate(plan.get("phases", []), start=1):
        members = [item for item in known if item.phase == phase["id"]]
        shown = _sorted([item for item in members if filters.shows(item)], filters.sort)
        if shown:
            yield Phase(phase["id"], phase["title"], number, tuple(shown), len(members))


def _sorted(items: Sequence[PlanItem], order: str) -> list[PlanItem]:
    def key(item: PlanItem) -> tuple[Any, ...]:
        return (item.rank,) if order == "rank" else (item.start, item.finish, item.rank)

    return sorted(items, key=key)


def _roles(plan: Document, items: Iterable[PlanItem]) -> Iterable[Choice]:
    used = {role for item in items for role in item.roles}
    for part in plan.get("capacity", []):
        if part["role"] in used:
            yield Choice(part["role"], part["title"])

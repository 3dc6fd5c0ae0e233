"""What board, timeline and table show, read with the same few queries whatever its size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet
from django.http import Http404

from accounts.models import Organization, User
from accounts.tenancy import Access
from roadmap.domain.constraints.stated import WEEKDAYS
from roadmap.domain.tracking.slip import WorkingDays
from roadmap.models import GateState, PlannedInitiative, Roadmap
from roadmap.pages.work_items import (
    DONE,
    DROPPED,
    OPEN,
    Document,
    Known,
    WorkItem,
    behind_gates,
    expected_dates,
    slip_of,
)
from roadmap.services.following.asking import latest_forecast
from roadmap.services.work.rules import WORKERS
from roadmap.services.work.tracking import organization_today

# Of an initiative, all but what only its own page shows.
LONG = ("details", "reasons", "satisfied", "note", "bound_by", "effort", "facts")
PARTS = ("phases", "capacity", "freezes", "critical_chain")


@dataclass(frozen=True)
class Work:
    """One roadmap and all its work as of `today`, the day where the organization is."""

    roadmap: Roadmap
    today: date
    items: tuple[WorkItem, ...]
    gates: tuple[GateState, ...]
    known: Known
    forecast: Document
    forecast_on: date | None
    freezes: tuple[Mapping[str, Any], ...]
    chain: tuple[str, ...]

    def item(self, initiative_id: str) -> WorkItem | None:
        return next((item for item in self.items if item.id == initiative_id), None)


def read_work(access: Access, pk: int, today: date | None = None) -> Work:
    """Five queries: roadmap, initiatives, gates, forecast, members."""
    work = work_of(access.scope(Roadmap), access.organization, pk, today)
    return replace(work, known=replace(work.known, owners=_owners(access, work.items)))


def work_of(
    roadmaps: QuerySet[Roadmap], organization: Organization, pk: int, today: date | None = None
) -> Work:
    """The same without the people who may own work, for a reader who is not to see them."""
    roadmap = _roadmap(roadmaps, pk)
    roadmap.organization = organization
    today = today or organization_today(organization)
    gates = tuple(roadmap.gates.only(*GATE_COLUMNS))
    found = latest_forecast(roadmap)
    forecast: Document = found.document if found else {}
    plan = {part: getattr(roadmap, f"plan_{part}") or [] for part in PARTS}
    chain = tuple(forecast.get("critical_chain") or plan["critical_chain"])
    items = _items(roadmap, gates, forecast, chain, today)
    return Work(
        roadmap=roadmap,
        today=today,
        items=items,
        gates=gates,
        known=Known(
            phases={p["id"]: p["title"] for p in plan["phases"]},
            roles=_used_roles(plan["capacity"], items),
            gates={gate.gate_id: gate.title for gate in gates},
            owners={},
        ),
        forecast=forecast,
        forecast_on=found.as_of if found else None,
        freezes=tuple(plan["freezes"]),
        chain=chain,
    )


GATE_COLUMNS = ("roadmap_id", "gate_id", "title", "review", "planned_on", "is_open", "opened_at")


def _roadmap(roadmaps: QuerySet[Roadmap], pk: int) -> Roadmap:
    """Without its documents but for the parts shown, which the database takes out of them."""
    rows = roadmaps.defer("plan", "forecast", "constraints")
    parts = {f"plan_{part}": F(f"plan__{part}") for part in PARTS}
    calendar = {
        "free_days": F("constraints__holidays"),
        "weekdays": F("constraints__working_weekdays"),
    }
    found = rows.annotate(**parts, **calendar).filter(pk=pk).first()
    if found is None:
        raise Http404("No such roadmap.")
    return found


def day_in(zone: ZoneInfo, moment: datetime) -> date:
    """The day it was there; clocks that are put forward or back change nothing about it."""
    return moment.astimezone(zone).date()


def working_days(roadmap: Any) -> WorkingDays:
    weekdays = WEEKDAYS if roadmap.weekdays is None else roadmap.weekdays
    return WorkingDays(map(date.fromisoformat, roadmap.free_days or ()), weekdays)


def _owners(access: Access, items: tuple[WorkItem, ...]) -> dict[int, str]:
    """Members who may report progress, and whoever owns something here although they left."""
    rows = User.objects.filter(
        memberships__organization=access.organization.pk, memberships__role__in=WORKERS
    )
    found = {user.pk: str(user) for user in rows}
    found |= {item.owner_id: item.owner for item in items if item.owner_id is not None}
    return dict(sorted(found.items(), key=lambda person: person[1].casefold()))


def _used_roles(capacity: Any, items: tuple[WorkItem, ...]) -> dict[str, str]:
    """In the order of the plan; what it does not name comes last, under its id."""
    used = {role for item in items for role in item.roles}
    named = {part["role"]: part["title"] for part in capacity if part["role"] in used}
    return {**named, **{role: role for role in sorted(used - named.keys())}}


def _items(
    roadmap: Roadmap,
    gates: tuple[GateState, ...],
    forecast: Document,
    chain: tuple[str, ...],
    today: date,
) -> tuple[WorkItem, ...]:
    rows = list(roadmap.initiatives.defer(*LONG).select_related("owner", "waits_for", "updated_by"))
    closed = {gate.gate_id: gate.review for gate in gates if not gate.is_open}
    behind = behind_gates({row.initiative_id: row.predecessors for row in rows}, closed)
    pending = {row.initiative_id for row in rows if row.status in OPEN}
    # A plan that ends early may hold work of the guide for a gate it does not reach.
    reached = {gate.gate_id for gate in gates}
    days, told = working_days(roadmap), forecast.get("initiatives", {})
    return tuple(
        _item(
            row,
            told.get(row.initiative_id, {}),
            days,
            today,
            gate=row.gate if row.gate in reached else "",
            behind=behind.get(row.initiative_id, ()),
            waits_for=tuple(name for name in row.predecessors if name in pending),
            is_critical=_is_critical(row.initiative_id, told, chain),
        )
        for row in rows
    )


def _item(
    row: PlannedInitiative, told: Document, days: WorkingDays, today: date, **more: Any
) -> WorkItem:
    start, finish = expected_dates(row, row.status, told, today)
    is_open = row.status in OPEN
    return WorkItem(
        pk=row.pk,
        id=row.initiative_id,
        title=row.title,
        kind=row.kind,
        phase=row.phase,
        roles=tuple(row.roles),
        rank=row.rank,
        status=row.status,
        start=row.start_on,
        finish=row.finish_on,
        baseline_start=row.baseline_start_on,
        baseline_finish=row.baseline_finish_on,
        expected_start=start,
        expected_finish=finish,
        started_on=row.started_on,
        finished_on=row.finished_on,
        is_late=row.is_late(today),
        percent=100 if row.status == DONE else min(row.percent, 100),
        slip=slip_of(days, row.baseline_finish_on, finish, row.status),
        p50=_day(told.get("p50")) if is_open else None,
        p80=_day(told.get("p80")) if is_open else None,
        owner_id=row.owner_id,
        owner=str(row.owner) if row.owner else "",
        blocked_because=row.blocked_because if row.status != DROPPED else "",
        blocked_on=str(row.waits_for) if row.waits_for else "",
        position=row.position,
        version=row.version,
        updated_by=str(row.updated_by) if row.updated_by else "",
        updated_at=row.updated_at,
        **more,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _is_critical(name: str, told: Document, chain: tuple[str, ...]) -> bool:
    """By the newest forecast; by the plan as long as there is none."""
    found: bool | None = told.get(name, {}).get("critical")
    return name in chain if found is None else found

"""The same initiative across clients: how many have it and how far, and one of them closely."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Q
from django.http import Http404
from django.utils import timezone

from accounts.tenancy import Access
from desk.domain.portfolio import ClientRow
from desk.domain.spread import Held, Spread, spread
from desk.queries import roadmaps_seen
from roadmap.domain.progress import Status
from roadmap.enums import InitiativeStatus
from roadmap.models import PlannedInitiative

PAGE = 50
ORDER = [
    InitiativeStatus.IN_PROGRESS,
    InitiativeStatus.NOT_STARTED,
    InitiativeStatus.DONE,
    InitiativeStatus.DROPPED,
]
COUNTS: dict[str, Any] = {
    "clients": Count("pk"),
    "planned": Count("pk", filter=Q(status=InitiativeStatus.NOT_STARTED)),
    "under_way": Count("pk", filter=Q(status=InitiativeStatus.IN_PROGRESS)),
    "done": Count("pk", filter=Q(status=InitiativeStatus.DONE)),
    "dropped": Count("pk", filter=Q(status=InitiativeStatus.DROPPED)),
    "blocked": Count("pk", filter=~Q(blocked_because="")),
}


@dataclass(frozen=True)
class InitiativeList:
    page: Page
    clients: int
    search: str


@dataclass(frozen=True)
class ClientLine:
    client: ClientRow
    roadmap: int
    held: Held
    status: str
    is_blocked: bool
    slip: int | None


@dataclass(frozen=True)
class InitiativeAcross:
    id: str
    title: str
    lines: tuple[ClientLine, ...]
    planned: Spread | None
    actual: Spread | None
    clients: int
    counts: tuple[tuple[str, int], ...]


def initiative_list(access: Access, search: str, number: str | None) -> InitiativeList:
    """By how many clients have it. Three queries."""
    seen = roadmaps_seen(access.organization)
    rows = PlannedInitiative.objects.filter(roadmap__in=list(seen)).exclude(kind="review")
    if search:
        rows = rows.filter(Q(title__icontains=search) | Q(initiative_id__iexact=search))
    found = rows.values("initiative_id").annotate(title=Max("title"), **COUNTS)
    ordered = list(found.order_by("-clients", "initiative_id"))
    return InitiativeList(Paginator(ordered, PAGE).get_page(number), len(seen), search)


def initiative_across(access: Access, initiative_id: str) -> InitiativeAcross:
    """Who has it, when, and how long it takes. Two queries; 404 where no client has it."""
    seen = roadmaps_seen(access.organization)
    rows = PlannedInitiative.objects.filter(roadmap__in=list(seen), initiative_id=initiative_id)
    found = list(
        rows.only(
            "roadmap_id",
            "initiative_id",
            "title",
            "status",
            "start_on",
            "finish_on",
            "baseline_finish_on",
            "started_on",
            "finished_on",
            "blocked_because",
        )
    )
    if not found:
        raise Http404("No client of yours has this initiative.")
    today = timezone.localdate()
    lines = [
        _line(row, client, client.today or today)
        for row in found
        if (client := seen[row.roadmap_id])
    ]
    lines.sort(key=lambda line: (_place(line), line.client.name.casefold()))
    known = {status: 0 for status in ORDER}
    for row in found:
        known[InitiativeStatus(row.status)] += 1
    return InitiativeAcross(
        id=initiative_id,
        title=found[0].title,
        lines=tuple(lines),
        planned=spread(line.held.planned_days for line in lines),
        actual=spread(line.held.actual_days for line in lines),
        clients=len(seen),
        counts=tuple((str(status.label), number) for status, number in known.items() if number),
    )


def _line(row: PlannedInitiative, client: ClientRow, today: date) -> ClientLine:
    held = Held(
        status=Status(row.status),
        planned_from=row.start_on,
        planned_to=row.finish_on,
        agreed_on=row.baseline_finish_on or row.finish_on,
        started_on=row.started_on,
        finished_on=row.finished_on,
    )
    return ClientLine(
        client=client,
        roadmap=row.roadmap_id,
        held=held,
        status=row.get_status_display(),
        is_blocked=bool(row.blocked_because) and row.is_open,
        slip=held.slip(today),
    )


def _place(line: ClientLine) -> int:
    return ORDER.index(InitiativeStatus(line.held.status.value))

"""What the desk reads of a consultancy's clients: as few queries for a thousand as for one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import Any

from django.http import Http404
from django.utils import timezone

from accounts.enums import Area, OrganizationKind
from accounts.models import Engagement, Organization
from accounts.tenancy import Access
from desk.domain.portfolio import ClientRow

COUNTED = "client__desk_summary__"
OF_ASSESSMENTS = (
    "guide_id",
    "assessed_on",
    "readiness",
    "readiness_low",
    "readiness_high",
    "band",
    "answered_percent",
    "target_percent",
    "high_risks",
    "exposures",
    "has_draft",
    "overdue_reviews",
    "overdue_assignments",
)
OF_ROADMAP = (
    "roadmap",
    "phase",
    "phase_title",
    "progress",
    "planned_on",
    "p50_on",
    "p80_on",
    "finished_on",
    "slip",
    "late",
    "blocked",
    "gate_id",
    "gate_title",
    "gate_on",
)
ALWAYS = ("as_of", "last_activity")
COLUMNS = (*OF_ASSESSMENTS, *OF_ROADMAP, *ALWAYS)
ROW_FIELDS = frozenset(field.name for field in fields(ClientRow))


def require_desk(access: Access) -> None:
    """Only a consultancy has clients, and only its own people see them: whoever advises the
    consultancy was let in by it, not by them."""
    if not access.organization.advises or access.engagement is not None:
        raise Http404("This organization advises nobody.")


def client_rows(consultancy: Organization, client: int | None = None) -> list[ClientRow]:
    """The clients whose engagement is open today where they are, each with what it covers; or
    only that `client`.

    One query. What an engagement leaves out is not even put into the row.
    """
    engagements = _open(consultancy)
    if client is not None:
        engagements = engagements.filter(client=client)
    rows = engagements.values_list(
        "client_id",
        "client__slug",
        "client__name",
        "client__kind",
        "client__time_zone",
        "areas",
        "until",
        *(COUNTED + name for name in COLUMNS),
    )
    days: dict[str, date] = {}
    kinds = {kind.value: str(kind.label) for kind in OrganizationKind}
    found = []
    for id, slug, name, kind, zone, areas, until, *figures in rows:
        if zone not in days:
            days[zone] = timezone.localdate(timezone=Organization(time_zone=zone).zone)
        if until < days[zone]:
            continue
        counted = dict(zip(COLUMNS, figures, strict=True))
        found.append(
            ClientRow(
                id=id,
                slug=slug,
                name=name,
                kind=kinds.get(kind, kind),
                until=until,
                sees_assessments=Area.ASSESSMENTS in areas,
                sees_roadmap=Area.ROADMAP in areas,
                today=days[zone],
                **_opened(counted, areas),
            )
        )
    return found


def _opened(counted: dict[str, Any], areas: Iterable[str]) -> dict[str, Any]:
    shown = {name: counted[name] for name in ALWAYS}
    if shown["last_activity"] is not None:
        shown["last_activity"] = timezone.localtime(shown["last_activity"])
    if counted["as_of"] is None:
        return shown
    if Area.ASSESSMENTS in areas:
        shown |= {name: counted[name] for name in OF_ASSESSMENTS}
    if Area.ROADMAP in areas:
        shown |= {name: counted[name] for name in OF_ROADMAP if name in ROW_FIELDS}
        shown["has_roadmap"] = counted["roadmap"] is not None
    return shown


def open_clients(access: Access) -> dict[int, Engagement]:
    """The consultancy's open engagements by client. One query."""
    return {
        one.client_id: one
        for one in _open(access.organization).select_related("client")
        if one.is_open(timezone.localdate(timezone=one.client.zone))
    }


def engagement_with(access: Access, slug: str) -> Engagement:
    """The consultancy's newest engagement with this client, over or not; 404 without any."""
    rows = Engagement.objects.filter(consultancy=access.organization.pk, client__slug=slug)
    found = rows.select_related("client", "consultancy").order_by("-granted_at", "-pk").first()
    if found is None:
        raise Http404("No such client.")
    return found


def former_clients(consultancy: Organization) -> list[Engagement]:
    """The newest engagement with each client that has none open, the last ended first. One query.

    Who ended it is known where somebody did; others ran out.
    """
    rows = Engagement.objects.filter(consultancy=consultancy.pk)
    newest: dict[int, Engagement] = {}
    for one in rows.select_related("client", "ended_by").order_by("-granted_at", "-pk"):
        newest.setdefault(one.client_id, one)
    days: dict[str, date] = {}
    over = []
    for one in newest.values():
        zone = one.client.time_zone
        if zone not in days:
            days[zone] = timezone.localdate(timezone=one.client.zone)
        if not one.is_open(days[zone]):
            over.append(one)
    return sorted(over, key=lambda one: one.ended_on, reverse=True)


def roadmaps_seen(consultancy: Organization) -> dict[int, ClientRow]:
    """Roadmap → client, of the clients that have opened their roadmap. One query."""
    rows = {row.id: row for row in client_rows(consultancy) if row.sees_roadmap}
    pairs = _open(consultancy).values_list("client_id", COUNTED + "roadmap")
    return {pk: rows[client] for client, pk in pairs if pk is not None and client in rows}


def _open(consultancy: Organization):  # type: ignore[no-untyped-def]
    return Engagement.objects.filter(consultancy=consultancy.pk, ended_at=None)

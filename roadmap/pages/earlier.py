"""What was said of the same initiative or gate on earlier roadmaps, beside what is said now.

Planning again makes a new roadmap and leaves the old one as it was. Talk, logs and decisions stay
where they were written, and the pages of the roadmap people work by read them along by id.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import F, Q, QuerySet

from roadmap.models import (
    GateApproval,
    GateDecision,
    GateState,
    PlannedInitiative,
    ProgressEntry,
    Roadmap,
    WorkComment,
)

Said = TypeVar("Said", GateApproval, GateDecision)


def comments_on(about: PlannedInitiative | GateState) -> QuerySet[WorkComment]:
    """Oldest first, each with `roadmap_name`: that of the earlier roadmap it was written on."""
    kind = "gate" if isinstance(about, GateState) else "initiative"
    rows = WorkComment.objects.filter(
        **{f"{kind}__{kind}_id": getattr(about, f"{kind}_id")},
        roadmap__organization=about.roadmap.organization_id,
    )
    return rows.filter(_until(about.roadmap, "roadmap")).annotate(roadmap_name=F("roadmap__name"))


def entries_of(found: PlannedInitiative) -> QuerySet[ProgressEntry]:
    """The log, newest first, each with `roadmap_name`."""
    rows = ProgressEntry.objects.filter(
        initiative__initiative_id=found.initiative_id,
        initiative__roadmap__organization=found.roadmap.organization_id,
    )
    rows = rows.filter(_until(found.roadmap, "initiative__roadmap"))
    return rows.annotate(
        roadmap_name=F("initiative__roadmap__name"), roadmap_pk=F("initiative__roadmap")
    )


def decisions_on(found: GateState) -> list[GateDecision]:
    """Newest first. One that was carried over stands once, with where it was taken."""
    rows = GateDecision.objects.filter(_same_gate(found)).select_related("decided_by")
    rows = rows.annotate(roadmap_name=F("gate__roadmap__name")).order_by("-decided_at", "-pk")
    decisions = _once(found, rows, ("kind", "decided_at"))
    for one in decisions:
        if one.gate_id != found.pk:
            one.facts = {"carried_from": one.roadmap_name, **one.facts}  # type: ignore[attr-defined]
    return decisions


def approvals_before(found: GateState) -> list[GateApproval]:
    """What was said in rounds that are over, the newest round first."""
    rows = GateApproval.objects.filter(_same_gate(found), round__lt=found.round)
    return _once(found, rows.order_by("-round", "said_at", "-pk"), ("role_id", "said_at"))


def _same_gate(found: GateState) -> Q:
    same = Q(gate__gate_id=found.gate_id, gate__roadmap__organization=found.roadmap.organization_id)
    return same & _until(found.roadmap, "gate__roadmap")


def _until(roadmap: Roadmap, path: str) -> Q:
    """The roadmap itself and those before it."""
    return Q(**{f"{path}__created_at__lt": roadmap.created_at}) | Q(**{path: roadmap.pk})


def _once(found: GateState, rows: Iterable[Said], key: tuple[str, ...]) -> list[Said]:
    """Of copies the one of this roadmap."""
    told: dict[tuple[object, ...], Said] = {}
    for row in rows:
        name = tuple(getattr(row, part) for part in key)
        if name not in told or row.gate_id == found.pk:
            told[name] = row
    return list(told.values())

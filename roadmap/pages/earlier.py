"""What was said of the same initiative or gate on the roadmap before: it stays there."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from roadmap.models import GateState, PlannedInitiative, ProgressEntry, Roadmap, WorkComment


def reported_before(found: PlannedInitiative) -> Roadmap | None:
    """The newest earlier roadmap with a log or comments of this initiative."""
    there = PlannedInitiative.objects.filter(
        Exists(ProgressEntry.objects.filter(initiative=OuterRef("pk")))
        | Exists(WorkComment.objects.filter(initiative=OuterRef("pk"))),
        roadmap=OuterRef("pk"),
        initiative_id=found.initiative_id,
    )
    return _newest(found.roadmap, Exists(there))


def discussed_before(found: GateState) -> Roadmap | None:
    """The newest earlier roadmap with comments on this gate."""
    there = WorkComment.objects.filter(gate__roadmap=OuterRef("pk"), gate__gate_id=found.gate_id)
    return _newest(found.roadmap, Exists(there))


def _newest(roadmap: Roadmap, has_something: Exists) -> Roadmap | None:
    before = Q(created_at__lt=roadmap.created_at) | Q(
        created_at=roadmap.created_at, pk__lt=roadmap.pk
    )
    rows = Roadmap.objects.filter(before, has_something, organization=roadmap.organization_id)
    return rows.only("name", "organization_id").order_by("-created_at", "-pk").first()

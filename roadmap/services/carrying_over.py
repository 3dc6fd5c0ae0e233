"""What was done on one roadmap counts on the next: by id, as it was reported."""

from __future__ import annotations

from dataclasses import dataclass

from roadmap.enums import InitiativeStatus
from roadmap.models import PlannedInitiative, Roadmap
from roadmap.services.gates.carrying import carry_gates

PROGRESS = (
    "status",
    "started_on",
    "finished_on",
    "owner",
    "percent",
    "remaining_days",
    "expected_on",
    "blocked_because",
    "blocked_at",
    "waits_for",
    "position",
    "note",
    "updated_by",
    "updated_at",
)


@dataclass(frozen=True)
class CarriedOver:
    """`name` of the roadmap it comes from; `initiatives`: how many are not as if new."""

    name: str = ""
    initiatives: int = 0

    def __bool__(self) -> bool:
        return bool(self.initiatives)


def under_way(roadmap: Roadmap) -> list[PlannedInitiative]:
    """Initiatives of which something was reported."""
    rows = roadmap.initiatives.select_related("updated_by").defer("details", "reasons", "satisfied")
    return [row for row in rows if _is_reported(row)]


def _is_reported(row: PlannedInitiative) -> bool:
    said = (row.note, row.owner_id, row.blocked_because, row.expected_on, row.remaining_days)
    return row.status != InitiativeStatus.NOT_STARTED or any(
        part is not None and part != "" for part in said
    )


def carry_over(before: Roadmap, after: Roadmap) -> CarriedOver:
    """Call it in the transaction that makes the new roadmap. The old one keeps everything."""
    old = {row.initiative_id: row for row in under_way(before)}
    opened = carry_gates(before, after)
    carried = []
    for row in after.initiatives.all():
        known = old.get(row.initiative_id)
        if known is None or (row.kind == "review" and known.is_done and row.gate not in opened):
            continue
        for name in PROGRESS:
            setattr(row, name, getattr(known, name))
        row.version = 1
        carried.append(row)
    PlannedInitiative.objects.bulk_update(carried, [*PROGRESS, "version"])
    return CarriedOver(before.name, len(carried))

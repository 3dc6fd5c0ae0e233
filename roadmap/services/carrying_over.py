"""What was done on one roadmap counts on the next: by id, as it was reported."""

from __future__ import annotations

from dataclasses import dataclass

from roadmap.enums import InitiativeStatus
from roadmap.models import GateConfirmation, GateState, PlannedInitiative, Roadmap

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
    opened = _gates(before, after)
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


def _gates(before: Roadmap, after: Roadmap) -> set[str]:
    """Open gates stay open, and what people vouched for stands where the item still says the same.

    Where the new plan asks for more than the old one did, the gate's own page says what is missing.
    """
    old = {gate.gate_id: gate for gate in before.gates.prefetch_related("confirmations")}
    new = [gate for gate in after.gates.all() if gate.gate_id in old]
    confirmations, opened = [], []
    for gate in new:
        known = old[gate.gate_id]
        texts = {item["id"]: item["text"] for item in known.checklist}
        same = {item["id"] for item in gate.checklist if texts.get(item["id"]) == item["text"]}
        confirmations += [
            GateConfirmation(
                gate=gate,
                item_id=confirmation.item_id,
                note=confirmation.note,
                confirmed_by_id=confirmation.confirmed_by_id,
                confirmed_at=confirmation.confirmed_at,
            )
            for confirmation in known.confirmations.all()
            if confirmation.item_id in same
        ]
        if known.is_open:
            gate.is_open, gate.opened_at = True, known.opened_at
            gate.opened_by_id = known.opened_by_id
            opened.append(gate)
    GateConfirmation.objects.bulk_create(confirmations)
    GateState.objects.bulk_update(opened, ["is_open", "opened_at", "opened_by"])
    return {gate.gate_id for gate in opened}

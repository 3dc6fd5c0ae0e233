"""What was shown, said and decided at the gates of a roadmap counts on the next one, too.

Copies keep the names and dates of what they are copied from. The old roadmap keeps everything.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from roadmap.models import (
    GateApproval,
    GateApprover,
    GateConfirmation,
    GateDecision,
    GateState,
    PlannedInitiative,
    Roadmap,
    StartOverride,
    WorkEvidence,
)

STATE = ("is_open", "opened_at", "opened_by", "round", "asked_at", "asked_by")
EVIDENCE = ("kind", "title", "url", "stored_name", "file_name", "content_type", "size", "sha256")


def carry_gates(before: Roadmap, after: Roadmap) -> set[str]:
    """The ids of the gates that stay open.

    Open gates stay open, and what people vouched for or attached stands where the item still says
    the same. A decision that is asked for goes on where the whole checklist says the same; else it
    has to be asked for again. Where the new plan asks for more, the gate's own page says what is
    missing.
    """
    _approvers(before, after)
    old = {gate.gate_id: gate for gate in before.gates.all()}
    pairs = [(old[gate.gate_id], gate) for gate in after.gates.all() if gate.gate_id in old]
    for known, gate in pairs:
        same = _same_items(known, gate)
        _confirmations(known, gate, same)
        _evidence(after, known.evidence.filter(removed_at=None), gate=gate, items=same)
        is_asked = known.asked_at is not None and _is_unchanged(known, gate)
        if known.is_open or is_asked:
            _round(known, gate)
        else:
            _number(known, gate)
    _work(before, after, {known.pk: gate for known, gate in pairs})
    return {gate.gate_id for known, gate in pairs if known.is_open}


def _approvers(before: Roadmap, after: Roadmap) -> None:
    wanted = {role.id for gate in after.gates.all() for role in gate.roles}
    copies = [
        GateApprover(
            roadmap=after, role_id=a.role_id, person_id=a.person_id, named_by_id=a.named_by_id
        )
        for a in before.approvers.filter(role_id__in=wanted)
    ]
    GateApprover.objects.bulk_create(copies, ignore_conflicts=True)


def _same_items(known: GateState, gate: GateState) -> set[str]:
    texts = {item["id"]: item["text"] for item in known.checklist}
    return {item["id"] for item in gate.checklist if texts.get(item["id"]) == item["text"]}


def _is_unchanged(known: GateState, gate: GateState) -> bool:
    """What is asked of the organization, and who has to approve."""

    def asked(state: GateState) -> set[tuple[str, str]]:
        return {(item.id, item.text) for item in state.to_checklist() if item.applies}

    return asked(known) == asked(gate) and known.roles == gate.roles


def _confirmations(known: GateState, gate: GateState, same: set[str]) -> None:
    GateConfirmation.objects.bulk_create(
        GateConfirmation(
            gate=gate,
            item_id=confirmation.item_id,
            note=confirmation.note,
            confirmed_by_id=confirmation.confirmed_by_id,
            confirmed_at=confirmation.confirmed_at,
        )
        for confirmation in known.confirmations.filter(item_id__in=same)
    )


def _round(known: GateState, gate: GateState) -> None:
    """The round under way, or the one in which the gate was opened."""
    for name in STATE:
        setattr(gate, name, getattr(known, name))
    gate.save(update_fields=STATE)
    GateApproval.objects.bulk_create(
        GateApproval(
            gate=gate,
            round=approval.round,
            role_id=approval.role_id,
            verdict=approval.verdict,
            reason=approval.reason,
            person_id=approval.person_id,
            person_name=approval.person_name,
            said_at=approval.said_at,
        )
        for approval in known.approvals.filter(round=known.round)
    )
    decisions = list(known.decisions.filter(round=known.round))
    copies = [GateDecision(gate=gate, **_decision(known, decision)) for decision in decisions]
    GateDecision.objects.bulk_create(copies)
    _date_back(decisions, copies, "decided_at")


def _number(known: GateState, gate: GateState) -> None:
    """Rounds go on counting; one that was under way is over, for another checklist is asked."""
    gate.round = known.round + (known.asked_at is not None)
    gate.save(update_fields=["round"])


def _decision(known: GateState, decision: GateDecision) -> dict[str, Any]:
    return {
        "round": decision.round,
        "kind": decision.kind,
        "reason": decision.reason,
        # A decision carried over twice names the roadmap where it was taken.
        "facts": {"carried_from": known.roadmap.name, **decision.facts},
        "decided_by_id": decision.decided_by_id,
        "decider_name": decision.decider_name,
    }


def _work(before: Roadmap, after: Roadmap, gates: dict[int, GateState]) -> None:
    """Evidence of initiatives, and the starts before a gate, by the ids of the initiatives."""
    there = {row.initiative_id: row for row in after.initiatives.only("initiative_id")}
    pieces = before.evidence.filter(
        removed_at=None, initiative__initiative_id__in=there
    ).select_related("initiative")
    _evidence(after, pieces.defer("initiative__details", "initiative__reasons"), work=there)
    overrides = list(
        StartOverride.objects.filter(
            gate__in=gates, initiative__initiative_id__in=there
        ).select_related("initiative")
    )
    copies = [
        StartOverride(
            initiative=there[override.initiative.initiative_id],
            gate=gates[override.gate_id],
            reason=override.reason,
            made_by_id=override.made_by_id,
        )
        for override in overrides
    ]
    StartOverride.objects.bulk_create(copies)
    _date_back(overrides, copies, "made_at")


def _evidence(
    after: Roadmap,
    pieces: Iterable[WorkEvidence],
    *,
    gate: GateState | None = None,
    items: set[str] | None = None,
    work: dict[str, PlannedInitiative] | None = None,
) -> None:
    """Two rows may name one file: it is deleted when no row names it any more."""
    found = [p for p in pieces if items is None or not p.item_id or p.item_id in items]
    copies = [
        WorkEvidence(
            roadmap=after,
            gate=gate,
            initiative=work[p.initiative.initiative_id] if work and p.initiative else None,
            item_id=p.item_id,
            added_by_id=p.added_by_id,
            **{name: getattr(p, name) for name in EVIDENCE},
        )
        for p in found
    ]
    WorkEvidence.objects.bulk_create(copies)
    _date_back(found, copies, "created_at")


def _date_back(originals: list[Any], copies: list[Any], field: str) -> None:
    """Copying is not what happened: the dates stay those of the originals."""
    for original, copy in zip(originals, copies, strict=True):
        setattr(copy, field, getattr(original, field))
    if copies:
        type(copies[0]).objects.bulk_update(copies, [field])

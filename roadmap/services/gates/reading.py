"""What decides about a gate, read from the database for the rules of `roadmap/domain`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from accounts.models import User
from roadmap.domain.progress import ItemResult, Shown, Status, checklist_results
from roadmap.domain.tracking.approving import Case, Judgement, Outside, Person, Said, judge
from roadmap.enums import DecisionKind, EntryKind, InitiativeStatus, Verdict
from roadmap.models import (
    GateApproval,
    GateApprover,
    GateState,
    PlannedInitiative,
    ProgressEntry,
    Roadmap,
    WorkEvidence,
)


@dataclass(frozen=True)
class Proof:
    """What has a file or link, in a roadmap: its initiatives, and the items of each gate."""

    initiatives: frozenset[str] = frozenset()
    items: Mapping[int, frozenset[str]] = field(default_factory=dict)

    def of(self, gate: GateState) -> Shown:
        return Shown(self.items.get(gate.pk, frozenset()), self.initiatives)


def proof_of(roadmap_id: int) -> Proof:
    """One query."""
    rows = WorkEvidence.objects.filter(roadmap=roadmap_id, removed_at=None).values_list(
        "initiative__initiative_id", "gate", "item_id"
    )
    initiatives: set[str] = set()
    items: dict[int, set[str]] = defaultdict(set)
    for initiative, gate, item_id in rows:
        if initiative is not None:
            initiatives.add(initiative)
        elif item_id:
            items[gate].add(item_id)
    return Proof(frozenset(initiatives), {pk: frozenset(found) for pk, found in items.items()})


def gate_results(gate: GateState) -> tuple[ItemResult, ...]:
    """How each item of the checklist stands now: three queries."""
    statuses = dict(
        PlannedInitiative.objects.filter(roadmap=gate.roadmap_id).values_list(
            "initiative_id", "status"
        )
    )
    confirmed = gate.confirmations.values_list("item_id", flat=True)
    return results_of(gate, statuses, confirmed, proof_of(gate.roadmap_id))


def results_of(
    gate: GateState, statuses: Mapping[str, str], confirmed: Iterable[str], proof: Proof
) -> tuple[ItemResult, ...]:
    known = {initiative: Status(status) for initiative, status in statuses.items()}
    return checklist_results(gate.to_checklist(), known, confirmed, proof.of(gate))


def named_of(roadmap: Roadmap) -> dict[str, frozenset[Person]]:
    """Who speaks for which role. Whoever is no member any more speaks for none."""
    rows = GateApprover.objects.filter(
        roadmap=roadmap.pk, person__memberships__organization=roadmap.organization_id
    ).values_list("role_id", "person")
    found: dict[str, set[Person]] = defaultdict(set)
    for role_id, person in rows:
        found[role_id].add(person)
    return {role_id: frozenset(people) for role_id, people in found.items()}


def asked_of(roadmap: Roadmap, person: User) -> tuple[GateState, ...]:
    """The gates that wait for this person's word in the round under way: three queries.

    A role for which somebody else spoke already waits for nobody, unless they speak for it no more.
    """
    named = named_of(roadmap)
    asked = list(roadmap.gates.filter(is_open=False, asked_at__isnull=False))
    said = {
        (word.gate_id, word.round, word.role_id)
        for word in GateApproval.objects.filter(gate__in=asked)
        if word.verdict == Verdict.REFUSE or word.person_id in named.get(word.role_id, ())
    }
    return tuple(
        gate
        for gate in asked
        if any(
            person.pk in named.get(role.id, ()) and (gate.pk, gate.round, role.id) not in said
            for role in gate.roles
        )
    )


def authors_of(gate: GateState) -> frozenset[Person]:
    """Whoever brought the proof about, and whoever asked for the decision."""
    worked_on = {p.initiative for i in gate.to_checklist() if i.applies for p in i.parts}
    evidence = WorkEvidence.objects.filter(roadmap=gate.roadmap_id, removed_at=None)
    found = {
        gate.asked_by_id,
        *gate.confirmations.values_list("confirmed_by", flat=True),
        *evidence.filter(Q(gate=gate) | Q(initiative__initiative_id__in=worked_on)).values_list(
            "added_by", flat=True
        ),
        *_reporters(gate, worked_on),
    }
    return frozenset(person for person in found if person is not None)


def _reporters(gate: GateState, worked_on: set[str]) -> set[Person | None]:
    """Who reported the work done; where no entry says it, who reported on it last."""
    done = PlannedInitiative.objects.filter(
        roadmap=gate.roadmap_id, initiative_id__in=worked_on, status=InitiativeStatus.DONE
    )
    entries = ProgressEntry.objects.filter(
        initiative__in=done, kind__in=(EntryKind.STATUS, EntryKind.OVERRIDE, EntryKind.PROGRESS)
    )
    told: dict[int, set[Person | None]] = defaultdict(set)
    for initiative, after, made_by in entries.values_list("initiative", "after", "made_by"):
        if after.get("status") == InitiativeStatus.DONE:
            told[initiative].add(made_by)
    found: set[Person | None] = set()
    for pk, updated_by in done.values_list("pk", "updated_by"):
        found |= told.get(pk) or {updated_by}
    return found


def approvals_of(gate: GateState) -> list[GateApproval]:
    """What was said in the round under way."""
    return list(gate.approvals.filter(round=gate.round).select_related("person"))


def case_of(
    gate: GateState,
    results: Iterable[ItemResult],
    outside: Outside | None = None,
    approvals: Iterable[GateApproval] | None = None,
) -> Case:
    """`approvals`: where they were read already."""
    results = list(results)
    said = approvals_of(gate) if approvals is None else approvals
    return Case(
        roles=gate.roles,
        named=named_of(gate.roadmap),
        said=tuple(Said(a.role_id, a.person_id, a.verdict == Verdict.APPROVE) for a in said),
        authors=authors_of(gate),
        unmet=tuple(result.item.id for result in results if not result.is_met),
        is_asked=gate.asked_at is not None,
        is_changed=_is_changed(gate, results),
        members=gate.roadmap.organization.memberships.count(),
        outside=outside,
    )


def _is_changed(gate: GateState, results: Iterable[ItemResult]) -> bool:
    """Whether something that lay before the approvers is gone. What came to it since is not asked:
    more evidence is no other case.
    """
    if gate.asked_at is None or gate.is_open:
        return False
    asked = gate.decisions.filter(round=gate.round, kind=DecisionKind.ASKED).last()
    return asked is not None and not _shown_in(asked.facts) <= _shown_in(facts_of(gate, results))


def _shown_in(facts: Mapping[str, Any]) -> set[tuple[str, str]]:
    """By what it is and not by its row: a copy on the next roadmap shows the same."""
    found = {("", piece["sha256"] or piece["url"]) for piece in facts["evidence"]}
    for item in facts["items"]:
        found |= {(item["id"], piece["sha256"] or piece["url"]) for piece in item["evidence"]}
        if item["confirmed"]:
            found.add((item["id"], item["confirmed"]["note"]))
    return found


def judgement_of(gate: GateState) -> Judgement:
    return judge(case_of(gate, gate_results(gate)))


def facts_of(gate: GateState, results: Iterable[ItemResult]) -> dict[str, Any]:
    """How checklist and approvals stand, in words that can be read without the rest."""
    confirmations = {
        c.item_id: {"by": str(c.confirmed_by or ""), "note": c.note}
        for c in gate.confirmations.select_related("confirmed_by")
    }
    pieces: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for piece in evidence_of(gate):
        key = piece.item_id if piece.initiative is None else piece.initiative.initiative_id
        pieces[key].append(_piece(piece))
    titles = {role.id: role.title for role in gate.roles}
    return {
        "items": [
            {
                "id": result.item.id,
                "text": result.item.text,
                "state": result.state.value,
                "confirmed": confirmations.get(result.item.id),
                "evidence": [
                    piece
                    for key in (result.item.id, *(p.initiative for p in result.item.parts))
                    for piece in pieces.get(key, ())
                ],
            }
            for result in results
        ],
        "evidence": pieces.get("", []),
        "approvals": [
            {
                "role": a.role_id,
                "title": titles.get(a.role_id, a.role_id),
                "person": a.person_name,
                "verdict": a.verdict,
                "reason": a.reason,
                "said_at": a.said_at.isoformat(),
            }
            for a in approvals_of(gate)
        ],
    }


def evidence_of(gate: GateState) -> list[WorkEvidence]:
    """What is attached to the gate, its items and the work of its items: one query."""
    worked_on = {p.initiative for i in gate.to_checklist() for p in i.parts}
    rows = WorkEvidence.objects.filter(roadmap=gate.roadmap_id, removed_at=None)
    rows = rows.select_related("added_by", "initiative").defer(
        "initiative__details", "initiative__reasons", "initiative__satisfied"
    )
    found = rows.filter(Q(gate=gate) | Q(initiative__initiative_id__in=worked_on))
    return list(found.order_by("created_at", "pk"))


def _piece(piece: WorkEvidence) -> dict[str, Any]:
    return {
        "id": piece.pk,
        "title": piece.title,
        "kind": piece.kind,
        "url": piece.url,
        "sha256": piece.sha256,
        "by": str(piece.added_by or ""),
        "on": piece.created_at.isoformat(),
    }

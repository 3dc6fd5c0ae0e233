"""Reads the gates of a roadmap for an auditor: checklist, approvals of every round, decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.utils import timezone

from reports.frozen.trace import ApprovalTrace, DecisionTrace, GateTrace, ItemTrace
from roadmap.domain.progress import ItemState
from roadmap.models import GateApprover, GateDecision, GateState, Roadmap
from roadmap.services.gates.reading import Proof, proof_of, results_of

Proofs = Mapping[str, list[str]]


def gate_traces(roadmap: Roadmap, proofs: Proofs) -> tuple[GateTrace, ...]:
    gates = list(
        roadmap.gates.select_related("opened_by").prefetch_related(
            "confirmations__confirmed_by", "approvals", "decisions"
        )
    )
    statuses = dict(roadmap.initiatives.values_list("initiative_id", "status"))
    named = _named(roadmap)
    shown = proof_of(roadmap.pk)
    return tuple(_gate(gate, statuses, shown, named, proofs) for gate in gates)


def _named(roadmap: Roadmap) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in GateApprover.objects.filter(roadmap=roadmap).select_related("person"):
        found[row.role_id].append(str(row.person))
    return found


def _gate(
    gate: GateState,
    statuses: Mapping[str, str],
    shown: Proof,
    named: Mapping[str, list[str]],
    proofs: Proofs,
) -> GateTrace:
    return GateTrace(
        id=gate.gate_id,
        title=gate.title,
        round=gate.round,
        is_open=gate.is_open,
        opened_by=str(gate.opened_by or ""),
        opened_on=_day(gate.opened_at),
        items=tuple(_items(gate, statuses, shown, proofs)),
        approvals=tuple(_approvals(gate, named)),
        decisions=tuple(_decision(row) for row in gate.decisions.all()),
        proofs=tuple(proofs.get(gate.gate_id, ())),
    )


def _items(
    gate: GateState, statuses: Mapping[str, str], shown: Proof, proofs: Proofs
) -> Iterable[ItemTrace]:
    vouched = {row.item_id: row for row in gate.confirmations.all()}
    for result in results_of(gate, statuses, vouched, shown):
        row = vouched.get(result.item.id)
        worked = tuple(part.initiative for part in result.item.parts)
        yield ItemTrace(
            id=result.item.id,
            text=result.item.text,
            state=result.state.value,
            needs_evidence=result.item.needs_evidence,
            confirmed_by=str(row.confirmed_by or "") if row else "",
            confirmed_on=_day(row.confirmed_at) if row else None,
            note=row.note if row else "",
            initiatives=worked,
            proofs=tuple(key for name in (result.item.id, *worked) for key in proofs.get(name, ())),
        )


def _approvals(gate: GateState, named: Mapping[str, list[str]]) -> Iterable[ApprovalTrace]:
    """What was said in every round, then the roles nobody spoke for in the one under way."""
    titles = {role.id: role.title for role in gate.roles}
    spoken = set()
    for said in gate.approvals.all():
        if said.round == gate.round:
            spoken.add(said.role_id)
        yield ApprovalTrace(
            role=titles.get(said.role_id, said.role_id),
            round=said.round,
            person=said.person_name,
            verdict=said.verdict,
            reason=said.reason,
            on=_day(said.said_at),
        )
    for role in gate.roles:
        if role.id not in spoken:
            people = ", ".join(named.get(role.id, ()))
            yield ApprovalTrace(role=role.title, round=gate.round, person=people)


def _decision(row: GateDecision) -> DecisionTrace:
    return DecisionTrace(
        kind=row.kind,
        round=row.round,
        by=row.decider_name,
        on=_day(row.decided_at),
        reason=row.reason,
        unmet=tuple(
            item["id"] for item in row.facts.get("items", ()) if item["state"] == ItemState.OPEN
        ),
    )


def _day(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None

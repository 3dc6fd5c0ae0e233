"""Reads what a board paper needs beyond the plan: five queries, whatever the size of the plan."""

from __future__ import annotations

from django.utils import timezone

from reports.frozen.board import AskedGate, BoardEntry, money_entry
from roadmap.enums import Verdict
from roadmap.models import GateState, Roadmap
from roadmap.services.gates.reading import proof_of, results_of


def board_entry(roadmap: Roadmap) -> BoardEntry:
    guide = roadmap.snapshot.guide
    blocked = roadmap.initiatives.exclude(blocked_because="")
    return BoardEntry(
        asked=_asked(roadmap),
        money=money_entry(
            roadmap.plan,
            roadmap.to_constraints().day_rates,
            {role.id: role.title for role in guide.roles},
        ),
        blocked=tuple(
            blocked.filter(status__in=("not_started", "in_progress")).values_list(
                "initiative_id", flat=True
            )
        ),
        adopted_on=timezone.localdate(roadmap.created_at),
    )


def _asked(roadmap: Roadmap) -> tuple[AskedGate, ...]:
    gates = list(
        roadmap.gates.filter(is_open=False, asked_at__isnull=False).prefetch_related(
            "confirmations", "approvals"
        )
    )
    if not gates:
        return ()
    statuses = dict(roadmap.initiatives.values_list("initiative_id", "status"))
    shown = proof_of(roadmap.pk)
    found = []
    for gate in gates:
        results = results_of(gate, statuses, [c.item_id for c in gate.confirmations.all()], shown)
        found.append(
            AskedGate(
                id=gate.gate_id,
                asked_on=timezone.localdate(gate.asked_at),
                met=sum(result.is_met for result in results),
                items=len(results),
                roles=tuple(role.title for role in gate.roles),
                approved=_said(gate, Verdict.APPROVE),
                refused=_said(gate, Verdict.REFUSE),
            )
        )
    return tuple(found)


def _said(gate: GateState, verdict: str) -> tuple[str, ...]:
    titles = {role.id: role.title for role in gate.roles}
    return tuple(
        titles.get(said.role_id, said.role_id)
        for said in gate.approvals.all()
        if said.round == gate.round and said.verdict == verdict
    )

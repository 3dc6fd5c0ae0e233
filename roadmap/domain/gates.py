"""What each gate of a plan asks for, seen from this organization's plan."""

from __future__ import annotations

from assessments.domain.answers import AnswerSet
from assessments.domain.facts import AnswerFacts
from guide.model import Gate, Guide
from roadmap.domain.plan import Plan
from roadmap.domain.progress import ChecklistItem, ChecklistPart, PartState

NOT_CALLED_FOR = "Your answers do not call for it."


def gate_checklists(
    guide: Guide, answers: AnswerSet, plan: Plan
) -> dict[str, tuple[ChecklistItem, ...]]:
    """The checklist of every gate whose review is in the plan."""
    states = _part_states(plan)
    facts = AnswerFacts(guide, answers)
    return {
        gate_id: _checklist(guide, guide.gate(gate_id), facts, states) for gate_id, _ in plan.gates
    }


def _checklist(
    guide: Guide, gate: Gate, facts: AnswerFacts, states: dict[str, tuple[PartState, str]]
) -> tuple[ChecklistItem, ...]:
    return tuple(
        ChecklistItem(
            id=item.id,
            text=item.text,
            parts=tuple(
                ChecklistPart(
                    initiative,
                    guide.initiative(initiative).title,
                    *states.get(initiative, (PartState.NOT_NEEDED, NOT_CALLED_FOR)),
                )
                for initiative in item.initiatives
            ),
            applies=item.applies is None or item.applies.evaluate(facts) is not False,
            needs_evidence=item.must_be_shown,
        )
        for item in gate.checklist
    )


def _part_states(plan: Plan) -> dict[str, tuple[PartState, str]]:
    """The strongest word on each initiative: planned, else left out, excluded, unclear, settled."""
    states: dict[str, tuple[PartState, str]] = {}
    for settled in plan.settled:
        state = PartState.SATISFIED if settled.shown else PartState.NOT_NEEDED
        states[settled.initiative] = (state, settled.reason)
    for open_question in plan.find_out:
        for initiative in open_question.initiatives:
            states[initiative] = (PartState.FIND_OUT, open_question.reason)
    for excluded in plan.excluded:
        states[excluded.initiative] = (PartState.EXCLUDED, excluded.reason)
    for row in plan.left_out:
        states[row.initiative.id] = (PartState.LEFT_OUT, row.reason)
    for item in plan.items:
        states[item.selected.initiative.id] = (PartState.PLANNED, "")
    return states

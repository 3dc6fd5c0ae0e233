"""Making a roadmap out of a submitted assessment."""

from dataclasses import replace
from datetime import date

from django.db import transaction

from accounts.audit import record
from accounts.models import Organization, User
from assessments.domain.answers import AnswerSet
from assessments.models import Snapshot
from guide.model import Guide
from roadmap.domain.constraints import Constraints, constraints_to_json
from roadmap.domain.document import (
    checklist_document,
    estimate_document,
    initiative_details,
    input_hash,
    plan_document,
)
from roadmap.domain.gates import gate_checklists
from roadmap.domain.planning import Plan, PlannedItem, plan
from roadmap.domain.scheduling import ENGINE, ENGINE_VERSION
from roadmap.models import GateState, PlannedInitiative, Roadmap


@transaction.atomic
def roadmap_create(
    *,
    organization: Organization,
    user: User | None,
    snapshot: Snapshot,
    name: str,
    start_on: date,
    constraints: Constraints | None = None,
) -> Roadmap:
    """Plan with the fast engine (milliseconds) and store the result with what it came from."""
    if snapshot.organization_id != organization.pk:
        raise ValueError("the assessment belongs to another organization")
    guide, answers = snapshot.guide, snapshot.answer_set()
    limits = replace(constraints or Constraints(), start=start_on)
    made = plan(guide, answers, limits, start_on)
    stated = constraints_to_json(limits)
    engine = f"{ENGINE} {ENGINE_VERSION}"
    roadmap = Roadmap.objects.create(
        organization=organization,
        snapshot=snapshot,
        name=name.strip(),
        start_on=start_on,
        finish_on=made.finish,
        constraints=stated,
        plan=plan_document(guide, made),
        input_hash=input_hash(snapshot.input_hash, stated, engine),
        engine=engine,
        created_by=user,
    )
    _store_parts(roadmap, guide, answers, made)
    record(
        organization=organization,
        actor=user,
        verb="roadmap.created",
        target=roadmap,
        detail={"snapshot": snapshot.pk, "input_hash": roadmap.input_hash},
    )
    return roadmap


def _store_parts(roadmap: Roadmap, guide: Guide, answers: AnswerSet, made: Plan) -> None:
    PlannedInitiative.objects.bulk_create(
        _initiative(roadmap, guide, answers, item) for item in made.items
    )
    GateState.objects.bulk_create(_gates(roadmap, guide, answers, made))


def _initiative(
    roadmap: Roadmap, guide: Guide, answers: AnswerSet, item: PlannedItem
) -> PlannedInitiative:
    selected, initiative = item.selected, item.selected.initiative
    return PlannedInitiative(
        roadmap=roadmap,
        initiative_id=initiative.id,
        title=initiative.title,
        kind=initiative.kind,
        rank=selected.rank,
        phase=initiative.phase,
        step=initiative.step,
        gate=initiative.gate,
        start_on=item.start,
        finish_on=item.finish,
        working_days=item.days,
        predecessors=list(selected.predecessors),
        roles=list(item.roles),
        effort=estimate_document(item.effort),
        reasons=[{"kind": r.kind, "text": r.text, "about": r.about} for r in selected.reasons],
        satisfied=[{"id": s.initiative, "reason": s.reason} for s in selected.satisfied],
        bound_by={"kind": item.bound_by.kind.value, "what": item.bound_by.what},
        details=initiative_details(guide, answers, initiative),
    )


def _gates(roadmap: Roadmap, guide: Guide, answers: AnswerSet, made: Plan) -> list[GateState]:
    checklists = gate_checklists(guide, answers, made)
    found = []
    for gate_id, planned_on in made.gates:
        gate = guide.gate(gate_id)
        found.append(
            GateState(
                roadmap=roadmap,
                gate_id=gate_id,
                title=gate.title,
                passes_when=gate.passes_when,
                blocks=gate.blocks,
                approvers=[guide.role(role).title for role in gate.approvers],
                review=gate.review,
                planned_on=planned_on,
                checklist=checklist_document(checklists[gate_id]),
            )
        )
    return found

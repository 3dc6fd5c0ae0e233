"""A scenario becomes the roadmap: what was planned is stored for good, and progress is kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Organization, User
from assessments.domain.answers import AnswerSet
from assessments.models import Snapshot
from guide.model import Guide
from jobs.services import job_cancel
from roadmap.domain.constraints.stated import Constraints
from roadmap.domain.document import checklist_document, estimate_document, initiative_details
from roadmap.domain.gates import gate_checklists
from roadmap.domain.planning import Plan, PlannedItem, finish
from roadmap.models import GateState, PlannedInitiative, Roadmap, Scenario
from roadmap.services.carrying_over import CarriedOver, carry_over
from roadmap.services.following.baseline import baseline_choose
from roadmap.services.scenarios.errors import ScenarioFrozen, ScenarioOutdated, StaleScenario
from roadmap.services.scenarios.hand import changes_since, is_frozen
from roadmap.services.scenarios.making import scenario_create
from roadmap.services.scenarios.planning import prepared, stored_schedule

# What the plan's document says of an initiative beside what has a column of its own.
FACTS = (
    "float",
    "free_float",
    "critical",
    "bound_by",
    "lifts",
    "gain",
    "person_days",
    "cost",
    "origin",
    "pinned",
    "earliest",
    "effort_changed",
    "people",
    "wave_of",
    "systems",
)


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
    """Make a scenario and adopt it as it stands, in one go."""
    scenario = scenario_create(
        organization=organization,
        user=user,
        snapshot=snapshot,
        name=name,
        start_on=start_on,
        constraints=constraints or Constraints(),
    )
    return scenario_adopt(scenario=scenario, user=user, name=name)


def current_roadmap(organization: Organization) -> Roadmap | None:
    """The one adopted last: what people work by."""
    return Roadmap.objects.filter(organization=organization).first()


@transaction.atomic
def scenario_adopt(
    *,
    scenario: Scenario,
    user: User | None,
    name: str = "",
    version: int | None = None,
    new_baseline: str | None = None,
) -> Roadmap:
    """Make the scenario's stored schedule the roadmap; nothing is planned anew.

    Progress of the roadmap before is carried over by id. `version`: the one the person saw.
    `new_baseline`: why slip counts from these dates from now on; without it the dates agreed
    earlier stay the baseline.

    Raises:
        ScenarioFrozen: it is a roadmap already.
        StaleScenario: somebody changed it in the meantime.
        ScenarioOutdated: the guide or the planner changed since it was planned.
    """
    current = Scenario.objects.select_for_update(of=("self",)).get(pk=scenario.pk)
    current.snapshot, current.organization = scenario.snapshot, scenario.organization
    if is_frozen(current):
        raise ScenarioFrozen
    if version is not None and current.version != version:
        raise StaleScenario(current, changes_since(current, version))
    ready = prepared(current)
    schedule = stored_schedule(current, ready)
    if schedule is None:
        raise ScenarioOutdated
    if current.job is not None:
        job_cancel(job=current.job)
    before = current_roadmap(current.organization)
    if before:
        # Whoever reports on it just now comes first, and is carried over.
        Roadmap.objects.select_for_update().only("pk").get(pk=before.pk)
    made = finish(ready, schedule)
    roadmap = _store(current, user, name or current.name, made)
    _store_parts(roadmap, ready.guide, ready.answers, made)
    carried = carry_over(before, roadmap) if before else CarriedOver()
    if carried:
        _note(roadmap, carried)
    if before:
        baseline_choose(before=before, after=roadmap, reason=new_baseline)
    detail = {
        "scenario": current.pk,
        "snapshot": current.snapshot_id,
        "input_hash": roadmap.input_hash,
        **({"carried_over": carried.initiatives, "from": before.pk} if before and carried else {}),
        **({"baseline": new_baseline} if new_baseline is not None else {}),
    }
    record(
        organization=current.organization,
        actor=user,
        verb="roadmap.created",
        target=roadmap,
        detail=detail,
    )
    return roadmap


def _store(scenario: Scenario, user: User | None, name: str, made: Plan) -> Roadmap:
    engine = scenario.schedule["engine"]
    return Roadmap.objects.create(
        organization=scenario.organization,
        snapshot=scenario.snapshot,
        scenario=scenario,
        name=name.strip()[:150],
        start_on=scenario.to_constraints().start,
        finish_on=made.finish,
        constraints=scenario.constraints,
        plan=scenario.plan,
        forecast=scenario.forecast if scenario.is_forecast_current else {},
        input_hash=scenario.input_hash,
        engine=f"{engine['name']} {engine['version']}"[:60],
        created_by=user,
    )


def _note(roadmap: Roadmap, carried: CarriedOver) -> None:
    roadmap.plan = {**roadmap.plan, "notes": [*roadmap.plan["notes"], carried_words(carried)]}
    roadmap.save(update_fields=["plan"])


def carried_words(carried: CarriedOver) -> str:
    return _("Progress of %(count)s initiatives was carried over from “%(name)s”.") % {
        "count": carried.initiatives,
        "name": carried.name,
    }


def _store_parts(roadmap: Roadmap, guide: Guide, answers: AnswerSet, made: Plan) -> None:
    facts = {entry["id"]: entry for entry in roadmap.plan["initiatives"]}
    PlannedInitiative.objects.bulk_create(
        _initiative(roadmap, guide, answers, item, facts[item.selected.initiative.id])
        for item in made.items
    )
    GateState.objects.bulk_create(_gates(roadmap, guide, answers, made))


def _initiative(
    roadmap: Roadmap, guide: Guide, answers: AnswerSet, item: PlannedItem, entry: dict[str, Any]
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
        baseline_start_on=item.start,
        baseline_finish_on=item.finish,
        working_days=item.days,
        predecessors=list(selected.predecessors),
        roles=list(item.roles),
        effort=estimate_document(item.effort),
        reasons=[{"kind": r.kind, "text": r.text, "about": r.about} for r in selected.reasons],
        satisfied=[{"id": s.initiative, "reason": s.reason} for s in selected.satisfied],
        bound_by={"kind": item.bound_by.kind.value, "what": item.bound_by.what},
        details=initiative_details(guide, answers, initiative),
        facts={name: entry[name] for name in FACTS if name in entry},
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
                approver_roles=[
                    {"id": role, "title": guide.role(role).title} for role in gate.approvers
                ],
                review=gate.review,
                planned_on=planned_on,
                checklist=checklist_document(checklists[gate_id]),
            )
        )
    return found

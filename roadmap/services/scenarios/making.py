"""Plans on trial: made from a submitted assessment, copied, given other constraints, renewed.

Everything that plans stores its result; nothing that is stored is planned again unasked.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Organization, User
from assessments.models import Snapshot
from jobs.services import job_cancel
from roadmap.domain.constraints.stated import Constraints, constraints_to_json
from roadmap.domain.hand.changes import Change
from roadmap.domain.hand.decisions import Decisions, decisions_to_json
from roadmap.domain.hand.refreshing import Dropped, carried_over
from roadmap.domain.problem import UnusableProblem
from roadmap.models import Roadmap, Scenario
from roadmap.services.scenarios.calendar import DECLINED, not_taken
from roadmap.services.scenarios.errors import (
    NothingToUndo,
    ScenarioFrozen,
    ScenarioOutdated,
    StaleScenario,
)
from roadmap.services.scenarios.going_on import decisions_going_on
from roadmap.services.scenarios.hand import (
    DecisionInvalid,
    is_frozen,
    last_change,
    scenario_decide,
    scenario_undo,
)
from roadmap.services.scenarios.planning import (
    Planned,
    plan_at_once,
    prepared_from,
    proposed_constraints,
    selection_from,
)
from roadmap.services.scenarios.solving import scenario_solve, scenario_stop

__all__ = [
    "Change",
    "DecisionInvalid",
    "NothingToUndo",
    "PlanImpossible",
    "ScenarioFrozen",
    "ScenarioOutdated",
    "StaleScenario",
    "is_frozen",
    "last_change",
    "scenario_constrain",
    "scenario_copy",
    "scenario_create",
    "scenario_decide",
    "scenario_delete",
    "scenario_go_on",
    "scenario_refresh",
    "scenario_rename",
    "scenario_solve",
    "scenario_stop",
    "scenario_undo",
]

NAME_LIMIT = 150


class PlanImpossible(ValueError):
    """No plan can be made of these constraints; the message says why."""


def scenario_create(
    *,
    organization: Organization,
    user: User | None,
    snapshot: Snapshot,
    name: str,
    start_on: date,
    constraints: Constraints | None = None,
    based_on: Scenario | None = None,
) -> Scenario:
    """Plan with the fast engine and store what came of it.

    Without constraints those are taken that profile and answers propose.

    Raises:
        PlanImpossible: the constraints contradict themselves.
    """
    if snapshot.organization_id != organization.pk:
        raise ValueError("the assessment belongs to another organization")
    if constraints is None:
        constraints = proposed_constraints(organization, snapshot, start_on)
    stated = replace(constraints, start=start_on)
    made = _plan(snapshot, stated, Decisions())
    scenario = _new(organization, user, snapshot, name, based_on)
    return _store(scenario, made, user, "scenario.created", {"snapshot": snapshot.pk})


def scenario_copy(*, scenario: Scenario, user: User | None, name: str = "") -> Scenario:
    """The same once more, to change it; schedule and forecast come along."""
    name = name.strip() or _copy_name(scenario.name)
    copy = _new(scenario.organization, user, scenario.snapshot, name, scenario)
    for field in ("note", "constraints", "decisions", "schedule", "plan", "input_hash"):
        setattr(copy, field, getattr(scenario, field))
    copy.forecast, copy.forecast_hash = scenario.forecast, scenario.forecast_hash
    return _save_new(copy, user, "scenario.copied", {"from": scenario.pk})


def scenario_go_on(*, roadmap: Roadmap, user: User | None, today: date, name: str = "") -> Scenario:
    """Another plan on trial from the one that became this roadmap, with what was reported since.

    Raises:
        PlanImpossible: the constraints contradict themselves.
    """
    base = roadmap.scenario
    if base is None:
        raise ValueError("this roadmap was made before there were scenarios")
    constraints = base.to_constraints()
    called_for = _called_for(base.snapshot, constraints)
    decisions = decisions_going_on(roadmap, base.to_decisions(), called_for, today, constraints)
    made = _plan(base.snapshot, constraints, decisions, base)
    name = name.strip() or _going_on_name(roadmap.name, today)
    again = _new(base.organization, user, base.snapshot, name, base)
    return _store(again, made, user, "scenario.went_on", {"from": base.pk, "roadmap": roadmap.pk})


def scenario_constrain(
    *, scenario: Scenario, constraints: Constraints, name: str, user: User | None
) -> Scenario:
    """Another scenario with these constraints and the same decisions; this one stays as it is.

    Raises:
        PlanImpossible: the constraints contradict themselves.
    """
    stated = replace(constraints, start=constraints.start or scenario.to_constraints().start)
    made = _plan(scenario.snapshot, stated, scenario.to_decisions(), scenario)
    name = name.strip() or _copy_name(scenario.name)
    changed = _new(scenario.organization, user, scenario.snapshot, name, scenario)
    changed.note = scenario.note
    return _store(changed, made, user, "scenario.constrained", {"from": scenario.pk})


def scenario_refresh(
    *,
    scenario: Scenario,
    snapshot: Snapshot,
    user: User | None,
    name: str = "",
    today: date | None = None,
) -> tuple[Scenario, tuple[Dropped, ...]]:
    """Another scenario from newer answers, with the same constraints and the decisions that still
    make sense there; what was dropped is returned, noted and recorded. From a roadmap under way,
    given `today`, it goes on from what was reported.
    """
    if snapshot.organization_id != scenario.organization_id:
        raise ValueError("the assessment belongs to another organization")
    constraints = scenario.to_constraints()
    bare = prepared_from(snapshot, constraints, Decisions())
    decisions, dropped = carried_over(scenario.to_decisions(), bare.guide, bare.selection)
    roadmap = Roadmap.objects.filter(scenario=scenario).first()
    if roadmap is not None and today is not None:
        called_for = _called_for(snapshot, constraints)
        going_on = decisions_going_on(roadmap, decisions, called_for, today, constraints)
        decisions = carried_over(going_on, bare.guide, bare.selection)[0]
    made = _plan(snapshot, constraints, decisions, scenario)
    name = name.strip() or _copy_name(scenario.name)
    renewed = _new(scenario.organization, user, snapshot, name, scenario)
    renewed.note = _note_of(dropped)
    detail = {
        "from": scenario.pk,
        "snapshot": snapshot.pk,
        "dropped": [{"about": d.about, "kinds": list(d.kinds)} for d in dropped],
    }
    return _store(renewed, made, user, "scenario.refreshed", detail), dropped


@transaction.atomic
def scenario_rename(*, scenario: Scenario, user: User | None, name: str) -> Scenario:
    """The name only; an adopted one may be renamed as well."""
    before, name = scenario.name, name.strip()[:NAME_LIMIT]
    if name and name != before:
        scenario.name = name
        scenario.save(update_fields=["name"])
        _record(scenario, user, "scenario.renamed", {"name": [before, name]})
    return scenario


@transaction.atomic
def scenario_delete(*, scenario: Scenario, user: User | None) -> None:
    """Remove it for good. One that became a roadmap says what was agreed, so it stays.

    Raises:
        ScenarioFrozen: it was adopted.
    """
    current = Scenario.objects.select_for_update(of=("self",)).get(pk=scenario.pk)
    if is_frozen(current):
        raise ScenarioFrozen
    if current.job is not None:
        job_cancel(job=current.job)
    _record(current, user, "scenario.deleted", {"snapshot": current.snapshot_id})
    current.delete()


def _plan(
    snapshot: Snapshot,
    constraints: Constraints,
    decisions: Decisions,
    base: Scenario | None = None,
) -> Planned:
    previous = base.schedule.get("starts") if base else None
    try:
        return plan_at_once(snapshot, constraints, decisions, previous)
    except UnusableProblem as error:
        raise PlanImpossible(_("No plan can be made of this: %s.") % error) from error


def _called_for(snapshot: Snapshot, constraints: Constraints) -> list[str]:
    return [item.initiative.id for item in selection_from(snapshot, constraints).items]


def _new(
    organization: Organization,
    user: User | None,
    snapshot: Snapshot,
    name: str,
    based_on: Scenario | None,
) -> Scenario:
    return Scenario(
        organization=organization,
        snapshot=snapshot,
        name=name.strip()[:NAME_LIMIT],
        based_on=based_on,
        created_by=user,
        changed_by=user,
    )


def _store(
    scenario: Scenario, made: Planned, user: User | None, verb: str, detail: dict[str, Any]
) -> Scenario:
    declined = [day.isoformat() for day in not_taken(made.prepared.constraints)]
    scenario.constraints = constraints_to_json(made.prepared.constraints) | {DECLINED: declined}
    scenario.decisions = decisions_to_json(made.prepared.decisions)
    scenario.schedule, scenario.plan = made.stored, made.plan
    scenario.input_hash = made.input_hash
    return _save_new(scenario, user, verb, detail)


@transaction.atomic
def _save_new(scenario: Scenario, user: User | None, verb: str, detail: dict[str, Any]) -> Scenario:
    scenario.save()
    _record(scenario, user, verb, {**detail, "input_hash": scenario.input_hash})
    return scenario


def _record(scenario: Scenario, user: User | None, verb: str, detail: dict[str, Any]) -> None:
    record(
        organization=scenario.organization, actor=user, verb=verb, target=scenario, detail=detail
    )


def _copy_name(name: str) -> str:
    # The end says what it is, so that is what must survive the limit.
    end = _(" (copy)")
    return f"{name[: NAME_LIMIT - len(end)]}{end}"


def _going_on_name(name: str, today: date) -> str:
    end = _(", from %s") % date_format(today, "DATE_FORMAT")
    return f"{name[: NAME_LIMIT - len(end)]}{end}"


def _note_of(dropped: tuple[Dropped, ...]) -> str:
    lines = [f"{d.about} {d.title}: {d.reason}" for d in dropped]
    return "\n".join([_("Decisions that were not taken over:"), *lines]) if lines else ""

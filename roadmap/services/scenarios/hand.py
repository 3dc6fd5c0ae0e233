"""Decisions by hand: each one planned at once, recorded, and possible to take back."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from roadmap.domain.hand.changes import Change, ChangeInvalid, changed
from roadmap.domain.hand.checks import check_decisions
from roadmap.domain.hand.decisions import Decisions, decisions_from_json, decisions_to_json
from roadmap.domain.problem import UnusableProblem
from roadmap.models import PlannedInitiative, Roadmap, Scenario, ScenarioChange
from roadmap.services.scenarios.errors import NothingToUndo, ScenarioFrozen, StaleScenario
from roadmap.services.scenarios.planning import (
    Planned,
    fingerprint,
    groundwork,
    is_current,
    plan_at_once,
    planned,
    planning_hash,
    prepared_from,
    schedule_from,
    selection_from,
)

UNDO = "undo"
# What was decided, without the long words: the record of it is for finding, not for reading.
RESULTS = ["schedule", "plan", "input_hash", "forecast_hash"]

DecisionInvalid = ChangeInvalid


def scenario_decide(
    *, scenario: Scenario, user: User | None, version: int, change: Change
) -> Scenario:
    """Decide something by hand, given the `version` the person saw, and plan anew at once.

    What is planned stays close to what stood before. Deciding the same again changes nothing.

    Raises:
        DecisionInvalid: it cannot be taken as it is; `messages` by field.
        StaleScenario: somebody else changed the plan in the meantime.
        ScenarioFrozen: it was adopted.
    """
    _require_changeable(scenario, version)
    before = scenario.to_decisions()
    known = own_ids(scenario) if change.kind == "own_add" else ()
    after = changed(before, change, known)
    if after == before or _is_as_planned(scenario, change):
        return scenario
    _check(scenario, before, after, change)
    made = _with_names(scenario, after) if change.kind == "people" else None
    made = made or _plan(scenario, after)
    # Its id was chosen just now.
    about = after.own[-1].id if change.kind == "own_add" else change.about
    with transaction.atomic():
        current = _held(scenario, version)
        ScenarioChange.objects.create(
            scenario=current,
            number=current.version + 1,
            kind=change.kind,
            about=about,
            detail=dict(change.detail),
            before=_state(current),
            made_by=user,
        )
        current.decisions = decisions_to_json(after)
        _take(current, made.stored, made.plan, made.input_hash, user)
        detail = {"kind": change.kind, "about": about, "version": current.version}
        _record(current, user, "scenario.decided", detail)
    return current


def scenario_undo(*, scenario: Scenario, user: User | None, version: int) -> Scenario:
    """Take the last decision back that still stands; its schedule comes back as it was.

    Raises:
        NothingToUndo: there is none.
        StaleScenario, ScenarioFrozen: as for `scenario_decide`.
    """
    _require_changeable(scenario, version)
    last = last_change(scenario)
    if last is None:
        raise NothingToUndo
    made = _as_before(scenario, last.before)
    with transaction.atomic():
        current = _held(scenario, version)
        ScenarioChange.objects.filter(pk=last.pk).update(is_undone=True)
        ScenarioChange.objects.create(
            scenario=current,
            number=current.version + 1,
            kind=UNDO,
            about=last.about,
            detail={**last.detail, "number": last.number, "kind": last.kind},
            made_by=user,
        )
        current.decisions = last.before["decisions"]
        _take(current, made.stored, made.plan, made.input_hash, user)
        detail = {"kind": last.kind, "about": last.about, "version": current.version}
        _record(current, user, "scenario.undone", detail)
    return current


def _is_as_planned(scenario: Scenario, change: Change) -> bool:
    """Whether it states the very effort it is planned with: nothing was decided then."""
    if change.kind != "effort":
        return False
    rows = {entry["id"]: entry["effort_days"] for entry in scenario.plan.get("initiatives", [])}
    return rows.get(change.about) == dict(change.detail)


def last_change(scenario: Scenario) -> ScenarioChange | None:
    """What “undo” would take back."""
    standing = scenario.changes.filter(is_undone=False).exclude(kind=UNDO)
    return standing.select_related("made_by").order_by("-number").first()


def own_ids(scenario: Scenario) -> set[str]:
    """Ids that were ever given to own initiatives here: progress is carried over by them."""
    planned = PlannedInitiative.objects.filter(
        roadmap__organization=scenario.organization_id, initiative_id__startswith="OWN-"
    ).values_list("initiative_id", flat=True)
    added = scenario.changes.filter(kind="own_add").values_list("about", flat=True)
    return {*planned, *added}


def is_frozen(scenario: Scenario) -> bool:
    return Roadmap.objects.filter(scenario=scenario).exists()


def forecast_hash_of(scenario: Scenario) -> str:
    """The hash the stored forecast counts for: none unless it is of the plan that stands."""
    if "of" not in scenario.forecast:
        return ""
    stands = fingerprint(
        scenario.snapshot, scenario.constraints, scenario.decisions, scenario.schedule["starts"]
    )
    return scenario.input_hash if scenario.forecast["of"] == stands else ""


def _require_changeable(scenario: Scenario, version: int) -> None:
    if is_frozen(scenario):
        raise ScenarioFrozen
    if scenario.version != version:
        raise StaleScenario(scenario, changes_since(scenario, version))


def _held(scenario: Scenario, version: int) -> Scenario:
    """The row, locked, as it was when planning began. Planning itself must not hold a lock."""
    current = Scenario.objects.select_for_update(of=("self",)).get(pk=scenario.pk)
    # What hangs on it was loaded with it; `job` and `roadmap` may be others by now.
    for name in ("snapshot", "organization", "based_on", "created_by"):
        if name in scenario._state.fields_cache:
            setattr(current, name, getattr(scenario, name))
    _require_changeable(current, version)
    return current


def changes_since(scenario: Scenario, version: int) -> list[ScenarioChange]:
    later = scenario.changes.filter(number__gt=version)
    return list(later.defer("before").select_related("made_by"))


def _check(scenario: Scenario, before: Decisions, after: Decisions, change: Change) -> None:
    """Refuse what cannot be planned. What was so before (by newer answers, say) stays possible."""
    constraints = scenario.to_constraints()
    ground = groundwork(scenario.snapshot)
    chosen = selection_from(scenario.snapshot, constraints)
    known = set(check_decisions(ground.guide, chosen, constraints, before))
    found = check_decisions(ground.guide, chosen, constraints, after)
    messages: dict[str, str] = {}
    for fault in found:
        if fault not in known:
            is_own = change.kind == "own_add" or fault.about == change.about
            messages.setdefault(fault.field if is_own else "", fault.message)
    if messages:
        raise DecisionInvalid(messages)


def _plan(scenario: Scenario, decisions: Decisions) -> Planned:
    try:
        return plan_at_once(
            scenario.snapshot,
            scenario.to_constraints(),
            decisions,
            previous=scenario.schedule.get("starts"),
            keeps_order=True,
        )
    except UnusableProblem as error:
        raise DecisionInvalid({"": f"No plan can be made like this: {error}."}) from error


def _with_names(scenario: Scenario, decisions: Decisions) -> Planned | None:
    """The schedule as it stands, and how it was found: names move nothing. None if it is of an
    older planner.
    """
    if not is_current(scenario):
        return None
    ready = prepared_from(scenario.snapshot, scenario.to_constraints(), decisions)
    found = schedule_from(scenario.schedule, ready)
    return planned(scenario.snapshot, ready, found, scenario.schedule) if found else None


def _as_before(scenario: Scenario, before: dict[str, Any]) -> Planned:
    """What stood before: its own schedule, unless planner or guide changed in between."""
    decisions = decisions_from_json(before["decisions"])
    constraints = scenario.to_constraints()
    if before["input_hash"] == planning_hash(scenario.snapshot, constraints, decisions):
        ready = prepared_from(scenario.snapshot, constraints, decisions)
        found = schedule_from(before["schedule"], ready)
        if found is not None:
            return planned(scenario.snapshot, ready, found, before["schedule"])
    return _plan(scenario, decisions)


def _state(scenario: Scenario) -> dict[str, Any]:
    return {
        "decisions": scenario.decisions,
        "schedule": scenario.schedule,
        "input_hash": scenario.input_hash,
    }


def _take(
    scenario: Scenario,
    stored: dict[str, Any],
    plan: dict[str, Any],
    input_hash: str,
    user: User | None,
) -> None:
    scenario.schedule, scenario.plan, scenario.input_hash = stored, plan, input_hash
    scenario.forecast_hash = forecast_hash_of(scenario)
    scenario.version += 1
    scenario.outcome = ""
    scenario.changed_by = user
    fields = ["decisions", "version", "outcome", "changed_by", "changed_at"]
    scenario.save(update_fields=[*RESULTS, *fields])


def _record(scenario: Scenario, user: User | None, verb: str, detail: dict[str, Any]) -> None:
    record(
        organization=scenario.organization,
        actor=user,
        verb=verb,
        target=scenario,
        detail=detail,
    )

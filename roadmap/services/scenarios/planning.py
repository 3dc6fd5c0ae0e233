"""From a scenario's rows to a plan and back: the planner with what it needs, kept while it serves.

Between two decisions by hand only the decisions change. What does not (the answers as the planner
wants them, their score) is kept in this process, by the hash of what it came from.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from accounts.models import Organization
from assessments.domain.answers import AnswerSet
from assessments.domain.scoring import Scorecard, score
from assessments.models import Snapshot
from assessments.services.targets import stored_targets
from guide.model import Guide
from roadmap.domain.constraints.proposals import propose
from roadmap.domain.constraints.stated import Constraints, constraints_to_json
from roadmap.domain.document import input_hash, plan_document
from roadmap.domain.hand.decisions import Decisions, decisions_to_json
from roadmap.domain.planning import PLANNER_VERSION, Prepared, finish, prepare, quick_schedule
from roadmap.domain.problem import Schedule
from roadmap.domain.scheduling import ENGINE, ENGINE_VERSION, follow
from roadmap.domain.selected import Selection
from roadmap.domain.selection import select
from roadmap.models import Scenario

Document = dict[str, Any]
V = TypeVar("V")
KEPT = 8


@dataclass(frozen=True)
class Groundwork:
    """What every scenario of one submitted assessment begins with."""

    guide: Guide
    answers: AnswerSet
    scorecard: Scorecard


@dataclass(frozen=True)
class Planned:
    """A schedule in the three forms it is kept in."""

    prepared: Prepared
    schedule: Schedule
    stored: Document
    plan: Document
    input_hash: str


class _Kept(Generic[V]):
    """The few values used last."""

    def __init__(self) -> None:
        self._values: OrderedDict[str, V] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str, make: Callable[[], V]) -> V:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            self._values[key] = value
            while len(self._values) > KEPT:
                self._values.popitem(last=False)
        return value


_groundworks: _Kept[Groundwork] = _Kept()
_selections: _Kept[Selection] = _Kept()
_prepared: _Kept[Prepared] = _Kept()


def groundwork(snapshot: Snapshot) -> Groundwork:
    def make() -> Groundwork:
        guide, answers = snapshot.guide, snapshot.answer_set()
        return Groundwork(guide, answers, score(guide, answers))

    return _groundworks.get(snapshot.input_hash, make)


def proposed_constraints(
    organization: Organization, snapshot: Snapshot, start_on: date
) -> Constraints:
    """What a new plan begins with: calendar, freezes and targets as profile and answers say."""
    ground = groundwork(snapshot)
    wanted = stored_targets(organization, snapshot.guide_id)
    return propose(
        ground.guide,
        ground.answers,
        start_on,
        start=start_on,
        zone=organization.time_zone,
        wanted=wanted.steps if wanted else None,
    ).constraints


def selection_from(snapshot: Snapshot, constraints: Constraints) -> Selection:
    """What answers and targets call for, before anything was decided by hand."""

    def make() -> Selection:
        ground = groundwork(snapshot)
        return select(ground.guide, ground.answers, ground.scorecard, constraints.targets)

    return _selections.get(input_hash(snapshot.input_hash, dict(constraints.targets)), make)


def prepared_from(snapshot: Snapshot, constraints: Constraints, decisions: Decisions) -> Prepared:
    """Everything that is settled before anything has a date."""

    def make() -> Prepared:
        ground = groundwork(snapshot)
        if constraints.start is None:
            raise ValueError("a scenario's constraints say when it starts")
        return prepare(
            ground.guide,
            ground.answers,
            selection_from(snapshot, constraints),
            constraints,
            decisions,
            constraints.start,
            ground.scorecard,
        )

    return _prepared.get(planning_hash(snapshot, constraints, decisions), make)


def prepared(scenario: Scenario) -> Prepared:
    return prepared_from(scenario.snapshot, scenario.to_constraints(), scenario.to_decisions())


def planning_hash(snapshot: Snapshot, constraints: Constraints, decisions: Decisions) -> str:
    """A fingerprint of all a plan follows from, the version of the planner included."""
    return input_hash(
        snapshot.input_hash,
        constraints_to_json(constraints),
        decisions_to_json(decisions),
        f"planner {PLANNER_VERSION}, {ENGINE} {ENGINE_VERSION}",
    )


def plan_at_once(
    snapshot: Snapshot,
    constraints: Constraints,
    decisions: Decisions,
    previous: Mapping[str, int] | None = None,
    keeps_order: bool = False,
) -> Planned:
    """With the fast engine, in milliseconds. `previous`: starts to begin from; with `keeps_order`
    no more moves than has to.
    """
    ready = prepared_from(snapshot, constraints, decisions)
    if keeps_order and previous:
        found = follow(ready.problem, previous)
    else:
        found = quick_schedule(ready, previous)
    stored = schedule_document(found, {"name": ENGINE, "version": ENGINE_VERSION})
    return planned(snapshot, ready, found, stored)


def planned(snapshot: Snapshot, ready: Prepared, found: Schedule, stored: Document) -> Planned:
    made = plan_document(ready.guide, finish(ready, found))
    made["engine"] = {**stored["engine"], "rule": found.rule}
    return Planned(
        prepared=ready,
        schedule=found,
        stored=stored,
        plan=made,
        input_hash=planning_hash(snapshot, ready.constraints, ready.decisions),
    )


def schedule_document(found: Schedule, engine: Document, **more: Any) -> Document:
    """A schedule as it is stored; `more`: how it was searched."""
    return {
        "starts": dict(sorted(found.starts.items())),
        "makespan": found.makespan,
        "weighted_finish": found.weighted_finish,
        "rule": found.rule,
        "broken": [list(pair) for pair in found.broken],
        "engine": engine,
        **{"is_searched": False, **more},
    }


def schedule_from(stored: Document, ready: Prepared) -> Schedule | None:
    """The stored schedule as the planner knows it; None when it is of another problem."""
    tasks = {task.id: task for task in ready.problem.tasks}
    starts = stored.get("starts")
    if starts is None or set(starts) != set(tasks):
        return None
    return Schedule(
        starts={id: starts[id] for id in tasks},
        finishes={id: starts[id] + task.duration for id, task in tasks.items()},
        makespan=stored["makespan"],
        weighted_finish=stored["weighted_finish"],
        rule=stored["rule"],
        broken=tuple((id, what) for id, what in stored["broken"]),
    )


def stored_schedule(scenario: Scenario, ready: Prepared) -> Schedule | None:
    """The scenario's schedule, if it still is one of what the scenario says; never a new one."""
    return schedule_from(scenario.schedule, ready) if is_current(scenario) else None


def is_current(scenario: Scenario) -> bool:
    """Whether planner and guide are still those that the stored plan was made with."""
    return scenario.input_hash == planning_hash(
        scenario.snapshot, scenario.to_constraints(), scenario.to_decisions()
    )


def fingerprint(
    snapshot: Snapshot, constraints: Document, decisions: Document, starts: Mapping[str, int]
) -> str:
    """What a forecast is of: one input may have had several schedules, and who does the work
    changes none of its dates.
    """
    counted = {name: part for name, part in decisions.items() if name != "people"}
    return input_hash(snapshot.input_hash, constraints, counted, dict(starts))[:16]

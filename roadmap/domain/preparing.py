"""From answers to a scheduling problem: select, apply what people decided, measure the work."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from assessments.domain.answers import AnswerSet
from assessments.domain.scoring import Scorecard, score
from guide.model import Guide
from roadmap.domain.calendar import WorkCalendar, work_calendar
from roadmap.domain.capacity import (
    RoleCapacity,
    Size,
    Workload,
    organization_size,
    role_capacities,
    workload,
)
from roadmap.domain.constraints import Constraints, Freeze, FreezeKind
from roadmap.domain.decisions import Decisions
from roadmap.domain.lifting import Gains, Lifting
from roadmap.domain.plan import ByHand, Estimate, LeftOut
from roadmap.domain.plan_notes import plan_notes
from roadmap.domain.problem import Problem, Task
from roadmap.domain.selected import SelectedInitiative, Selection
from roadmap.domain.selection import select

# The part of an initiative that changes production, at its end: it stays out of freezes.
GO_LIVE_DAYS = 5
# Containment and duties outweigh what answers cap questions, and that the rest: risk goes early.
CLASS_WEIGHT = {3: 9, 2: 3, 1: 1}
VALUE_SCALE = 100


@dataclass(frozen=True)
class Prepared:
    """Everything that is settled before anything has a date.

    `work` and `efforts` by initiative id, for what is planned; `by_hand` holds only what people
    decided something about. `capacities` by role, whether it is used or not.
    """

    guide: Guide
    answers: AnswerSet
    scorecard: Scorecard
    lifting: Lifting
    gains: Gains
    selection: Selection
    calendar: WorkCalendar
    problem: Problem
    work: Mapping[str, Workload]
    efforts: Mapping[str, Estimate]
    capacities: Mapping[str, RoleCapacity]
    by_hand: Mapping[str, ByHand]
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]
    constraints: Constraints
    decisions: Decisions


def prepare(
    guide: Guide,
    answers: AnswerSet,
    selection: Selection | None,
    constraints: Constraints,
    decisions: Decisions,
    today: date,
    scorecard: Scorecard | None = None,
) -> Prepared:
    """`selection` is made from the answers when none is given. Pure and deterministic."""
    card = scorecard or score(guide, answers)
    chosen = selection or select(guide, answers, card)
    size = organization_size(answers)
    capacities = role_capacities(guide, answers, constraints)
    amounts = {role: capacity.amount for role, capacity in capacities.items()}
    work = {
        item.initiative.id: workload(item.initiative, size.multiplier, amounts)
        for item in chosen.items
    }
    calendar = work_calendar(constraints.start or today, constraints.holidays)
    initiatives = [item.initiative for item in chosen.items]
    lifting = Lifting(guide, answers, constraints.targets)
    return Prepared(
        guide=guide,
        answers=answers,
        scorecard=card,
        lifting=lifting,
        gains=Gains(guide, lifting, card),
        selection=chosen,
        calendar=calendar,
        problem=build_problem(chosen.items, work, capacities, calendar, constraints, size),
        work=work,
        efforts={i.initiative.id: estimate(i, size.multiplier) for i in chosen.items},
        capacities=capacities,
        by_hand={},
        left_out=(),
        notes=tuple(plan_notes(initiatives, size, capacities, work, constraints)),
        constraints=constraints,
        decisions=decisions,
    )


def build_problem(
    items: Sequence[SelectedInitiative],
    work: Mapping[str, Workload],
    capacities: Mapping[str, RoleCapacity],
    calendar: WorkCalendar,
    constraints: Constraints,
    size: Size,
) -> Problem:
    """The scheduling problem in working-day numbers. A stated limit outranks that of the size."""
    return Problem(
        tasks=tuple(_task(item, work[item.initiative.id]) for item in items),
        capacities={
            role: capacity_steps(capacity.amount, calendar, constraints.freezes)
            for role, capacity in sorted(capacities.items())
        },
        wip_limit=constraints.wip_limit or size.wip_limit,
        freezes=tuple(
            _interval(calendar, freeze)
            for freeze in constraints.freezes
            if freeze.kind is FreezeKind.GO_LIVE and freeze.finish >= calendar.start
        ),
    )


def capacity_steps(
    amount: int, calendar: WorkCalendar, freezes: Sequence[Freeze]
) -> tuple[tuple[int, int], ...]:
    """(day, amount from that day on). Where freezes overlap, the one that leaves least counts."""
    reduced = [
        (*_interval(calendar, freeze), math.floor(amount * Fraction(str(freeze.capacity))))
        for freeze in freezes
        if freeze.kind is FreezeKind.REDUCED_STAFF and freeze.finish >= calendar.start
    ]
    days = sorted({0, *(day for start, finish, _ in reduced for day in (start, finish))})
    steps: list[tuple[int, int]] = []
    for day in days:
        left = min([amount, *(part for start, end, part in reduced if start <= day < end)])
        if not steps or steps[-1][1] != left:
            steps.append((day, left))
    return tuple(steps)


def estimate(item: SelectedInitiative, multiplier: float) -> Estimate:
    effort = item.initiative.effort_days
    return Estimate(
        low=_scaled(effort.low, multiplier),
        likely=_scaled(effort.likely, multiplier),
        high=_scaled(effort.high, multiplier),
    )


def _interval(calendar: WorkCalendar, freeze: Freeze) -> tuple[int, int]:
    """Half-open working-day numbers; empty when the freeze holds no working day."""
    start = calendar.date_to_day(freeze.start)
    finish = calendar.date_to_day(freeze.finish)
    return start, finish + 1 if calendar.is_working_day(freeze.finish) else finish


def _task(item: SelectedInitiative, work: Workload) -> Task:
    initiative = item.initiative
    value = round(VALUE_SCALE * item.priority) * CLASS_WEIGHT.get(item.klass, 1)
    return Task(
        id=initiative.id,
        duration=work.days,
        demands=work.demands,
        predecessors=tuple((other, 0) for other in item.predecessors),
        value=max(1, value),
        rank=item.rank,
        urgent=initiative.kind == "containment",
        go_live=min(GO_LIVE_DAYS, work.days) if initiative.go_live else 0,
    )


def _scaled(days: float, multiplier: float) -> float:
    # Exact tenths: binary fractions would print as 7.199999999999999.
    return float(round(Fraction(str(days)) * Fraction(str(multiplier)), 1))

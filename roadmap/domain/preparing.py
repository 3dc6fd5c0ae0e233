"""From answers to a scheduling problem: select, apply what people decided, measure the work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from assessments.domain.answers import AnswerSet
from assessments.domain.scoring import Scorecard, score
from guide.model import Guide
from roadmap.domain.constraints.calendar import WorkCalendar, work_calendar
from roadmap.domain.constraints.capacity import (
    Pace,
    RoleCapacity,
    Size,
    Workload,
    organization_size,
    planning_amounts,
    role_capacities,
    workload,
)
from roadmap.domain.constraints.free_time import free_time
from roadmap.domain.constraints.stated import Constraints
from roadmap.domain.fitting.omission import Fitting
from roadmap.domain.hand.adjusting import Adjusted, adjust, vendor_paces
from roadmap.domain.hand.decisions import Decisions, Going
from roadmap.domain.hand.left import workload_left
from roadmap.domain.lifting import Gains, Lifting
from roadmap.domain.plan import ByHand, Conflict, Estimate, LeftOut
from roadmap.domain.plan_notes import plan_notes
from roadmap.domain.problem import Problem, Schedule
from roadmap.domain.selected import Selection
from roadmap.domain.selection import select
from roadmap.domain.tasks import Tasks, estimate


@dataclass(frozen=True)
class Prepared:
    """Everything that is settled before anything has a date.

    `draft`: a schedule of the problem by the fast engine, where preparing needed one. `work` and
    `efforts` by initiative id, for what is planned and for what is left out.
    `capacities` by role, whether it is used or not. `by_hand` holds only what people decided
    something about.
    """

    guide: Guide
    answers: AnswerSet
    scorecard: Scorecard
    lifting: Lifting
    gains: Gains
    selection: Selection
    calendar: WorkCalendar
    problem: Problem
    draft: Schedule | None
    work: Mapping[str, Workload]
    efforts: Mapping[str, Estimate]
    capacities: Mapping[str, RoleCapacity]
    by_hand: Mapping[str, ByHand]
    left_out: tuple[LeftOut, ...]
    conflicts: tuple[Conflict, ...]
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
    """`selection` is made from the answers when none is given. Pure and deterministic.

    What deadlines, the budget or missing people do not allow is left out here, so every schedule
    of the problem is one of the plan.
    """
    card = scorecard or score(guide, answers)
    chosen = selection or select(guide, answers, card, constraints.targets)
    adjusted = adjust(guide, answers, chosen, constraints, decisions)
    calendar = work_calendar(
        constraints.start or today, constraints.holidays, constraints.working_weekdays
    )
    size = organization_size(answers)
    capacities = role_capacities(guide, answers, constraints)
    amounts = planning_amounts(capacities, calendar, constraints)
    paces = vendor_paces(adjusted.initiatives, constraints)
    work, efforts = _measured(adjusted, size, amounts, paces, decisions.going)
    tasks = Tasks(work, capacities, calendar, constraints, size, adjusted)
    lifting = Lifting(guide, answers, constraints.targets)
    gains = Gains(guide, lifting, card)
    fitted = Fitting(tasks, efforts, lifting, gains).fit()
    free = free_time(guide, answers, constraints)
    initiatives = [item.initiative for item in fitted.selection.items]
    return Prepared(
        guide=guide,
        answers=answers,
        scorecard=card,
        lifting=lifting,
        gains=gains,
        selection=fitted.selection,
        calendar=calendar,
        problem=fitted.problem,
        draft=fitted.draft,
        work=work,
        efforts=efforts,
        capacities=capacities,
        by_hand=adjusted.by_hand,
        left_out=fitted.left_out,
        conflicts=adjusted.conflicts,
        notes=tuple(plan_notes(initiatives, size, capacities, work, constraints, free)),
        constraints=constraints,
        decisions=decisions,
    )


def _measured(
    adjusted: Adjusted,
    size: Size,
    amounts: Mapping[str, int],
    paces: Mapping[str, Pace],
    going_on: Mapping[str, Going],
) -> tuple[dict[str, Workload], dict[str, Estimate]]:
    """How long each initiative takes with these people, and how much of them."""
    work, efforts = {}, {}
    for initiative in adjusted.initiatives:
        multiplier = 1.0 if initiative.id in adjusted.in_own_days else size.multiplier
        work[initiative.id] = workload(initiative, multiplier, amounts, paces[initiative.id])
        efforts[initiative.id] = estimate(initiative, multiplier)
        if going := going_on.get(initiative.id):
            work[initiative.id] = workload_left(work[initiative.id], initiative, amounts, going)
            if going.effort:
                days = going.effort
                efforts[initiative.id] = Estimate(days.low, days.likely, days.high)
    return work, efforts

"""From answers to a dated plan: score, select, measure the work, schedule."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from assessments.domain.answers import AnswerSet
from assessments.domain.scoring import Scorecard, score
from guide.model import Guide
from roadmap.domain.binding import Binding, bindings
from roadmap.domain.calendar import WorkCalendar, work_calendar
from roadmap.domain.capacity import (
    DAYS_PER_WEEK,
    LONGEST_DURATION,
    Origin,
    RoleCapacity,
    Size,
    Workload,
    organization_size,
    role_capacities,
    workload,
)
from roadmap.domain.constraints import Constraints, Freeze, FreezeKind
from roadmap.domain.problem import Problem, Schedule, Task
from roadmap.domain.scheduling import schedule
from roadmap.domain.selected import Excluded, FindOut, Satisfied, SelectedInitiative, Selection
from roadmap.domain.selection import select

# The part of an initiative that changes production, at its end: it stays out of freezes.
GO_LIVE_DAYS = 5
# Containment and duties outweigh what answers cap questions, and that the rest: risk goes early.
CLASS_WEIGHT = {3: 9, 2: 3, 1: 1}
VALUE_SCALE = 100


@dataclass(frozen=True)
class Estimate:
    """Person-days, after the size of the organization was taken into account."""

    low: float
    likely: float
    high: float


@dataclass(frozen=True)
class PlannedItem:
    """`start` and `finish` are the first and last day worked. `days`: working days between."""

    selected: SelectedInitiative
    start: date
    finish: date
    days: int
    roles: tuple[str, ...]
    effort: Estimate
    bound_by: Binding


@dataclass(frozen=True)
class Plan:
    """`items` in order of rank; `gates` with the day their review ends, in order of date."""

    start: date
    finish: date | None
    items: tuple[PlannedItem, ...]
    gates: tuple[tuple[str, date], ...]
    excluded: tuple[Excluded, ...]
    find_out: tuple[FindOut, ...]
    settled: tuple[Satisfied, ...]
    notes: tuple[str, ...]
    capacities: tuple[RoleCapacity, ...]
    rule: str

    @property
    def effort(self) -> Estimate:
        return _total(item.effort for item in self.items)


def plan(guide: Guide, answers: AnswerSet, constraints: Constraints, today: date) -> Plan:
    """The plan that follows from the answers; the same input always gives the same plan."""
    return plan_scored(guide, answers, score(guide, answers), constraints, today)


def plan_scored(
    guide: Guide, answers: AnswerSet, scorecard: Scorecard, constraints: Constraints, today: date
) -> Plan:
    """As `plan`, for those who have the scorecard already."""
    selection = select(guide, answers, scorecard)
    return plan_selection(guide, answers, selection, constraints, today)


def plan_selection(
    guide: Guide, answers: AnswerSet, selection: Selection, constraints: Constraints, today: date
) -> Plan:
    items = selection.items
    size = organization_size(answers)
    capacities = role_capacities(guide, answers, constraints)
    amounts = {role: capacity.amount for role, capacity in capacities.items()}
    work = {
        item.initiative.id: workload(item.initiative, size.multiplier, amounts) for item in items
    }
    calendar = work_calendar(constraints.start or today, constraints.holidays)
    problem = build_problem(items, work, amounts, calendar, constraints, size)
    result = schedule(problem)
    planned = tuple(_planned(items, problem, result, calendar, size.multiplier))
    used = {role for item in planned for role in item.roles}
    return Plan(
        start=calendar.day_to_date(0),
        finish=max((item.finish for item in planned), default=None),
        items=planned,
        gates=_gates(planned),
        excluded=tuple(selection.excluded),
        find_out=tuple(selection.find_out),
        settled=selection.settled,
        notes=tuple(_notes(guide, size, capacities, work, constraints, used)),
        capacities=tuple(capacity for role, capacity in capacities.items() if role in used),
        rule=result.rule,
    )


def _planned(
    items: Sequence[SelectedInitiative],
    problem: Problem,
    result: Schedule,
    calendar: WorkCalendar,
    multiplier: float,
) -> Iterable[PlannedItem]:
    held = bindings(problem, result)
    for item, task in zip(items, problem.tasks, strict=True):
        start, finish = result.starts[task.id], result.finishes[task.id]
        yield PlannedItem(
            selected=item,
            start=calendar.day_to_date(start),
            finish=calendar.finish_date(start, finish),
            days=task.duration,
            roles=tuple(item.initiative.roles),
            effort=_estimate(item, multiplier),
            bound_by=held[task.id],
        )


def build_problem(
    items: Sequence[SelectedInitiative],
    work: Mapping[str, Workload],
    amounts: Mapping[str, int],
    calendar: WorkCalendar,
    constraints: Constraints,
    size: Size,
) -> Problem:
    """The scheduling problem in working-day numbers. A stated limit outranks that of the size."""
    return Problem(
        tasks=tuple(_task(item, work[item.initiative.id]) for item in items),
        capacities={
            role: capacity_steps(amount, calendar, constraints.freezes)
            for role, amount in sorted(amounts.items())
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


def _estimate(item: SelectedInitiative, multiplier: float) -> Estimate:
    effort = item.initiative.effort_days
    return Estimate(
        low=_scaled(effort.low, multiplier),
        likely=_scaled(effort.likely, multiplier),
        high=_scaled(effort.high, multiplier),
    )


def _scaled(days: float, multiplier: float) -> float:
    # Exact tenths: binary fractions would print as 7.199999999999999.
    return float(round(Fraction(str(days)) * Fraction(str(multiplier)), 1))


def _total(estimates: Iterable[Estimate]) -> Estimate:
    rows = list(estimates)
    return Estimate(
        low=round(math.fsum(row.low for row in rows), 1),
        likely=round(math.fsum(row.likely for row in rows), 1),
        high=round(math.fsum(row.high for row in rows), 1),
    )


def _gates(items: Sequence[PlannedItem]) -> tuple[tuple[str, date], ...]:
    reviews = [item for item in items if item.selected.initiative.kind == "review"]
    dated = [(item.selected.initiative.gate, item.finish) for item in reviews]
    return tuple(sorted(dated, key=lambda gate: (gate[1], gate[0])))


def _notes(
    guide: Guide,
    size: Size,
    capacities: Mapping[str, RoleCapacity],
    work: Mapping[str, Workload],
    constraints: Constraints,
    used: set[str],
) -> Iterable[str]:
    yield from _size_notes(size, constraints)
    for role, capacity in capacities.items():
        if role in used:
            yield from _capacity_note(capacity)
    yield from _shared_notes(capacities, used)
    counted = [c for r, c in capacities.items() if r in used and c.origin is Origin.DEFAULT]
    if counted:
        titles = ", ".join(f"{c.role.title} {c.fte:g}" for c in counted)
        yield (
            "The profile does not count these roles, so an estimate is used (FTE for the "
            f"programme): {titles}. State what you really have in the constraints."
        )
    for initiative, load in work.items():
        if load.short_of:
            role_title = guide.role(load.short_of).title
            yield (
                f"{initiative} {guide.initiative(initiative).title}: {role_title} cannot carry "
                f"this work within {LONGEST_DURATION // DAYS_PER_WEEK} weeks. It is shown with "
                "that length; find more people or help from outside."
            )


def _shared_notes(capacities: Mapping[str, RoleCapacity], used: set[str]) -> Iterable[str]:
    """One sentence for each group of roles that the same people fill."""
    groups = dict.fromkeys(
        frozenset((role, *capacity.shared_with)) & used
        for role, capacity in capacities.items()
        if capacity.shared_with
    )
    for group in groups:
        if len(group) > 1:
            titles = ", ".join(c.role.title for r, c in capacities.items() if r in group)
            yield f"The same people fill these roles, so they are counted once: {titles}."


def _size_notes(size: Size, constraints: Constraints) -> Iterable[str]:
    if size.staff is None:
        yield "The number of people is not known: effort is not adapted to your size."
    elif size.multiplier != 1:
        which = "fewer than 50" if size.multiplier < 1 else "more than 300"
        yield (
            f"With {which} people in IT ({size.staff:g} FTE), effort is multiplied by "
            f"{size.multiplier:g} (estimate)."
        )
    if constraints.wip_limit:
        yield f"Limit of initiatives at the same time: {constraints.wip_limit}, as you stated."
    elif size.wip_limit:
        yield f"Limit of initiatives at the same time: {size.wip_limit}, because the team is small."


def _capacity_note(capacity: RoleCapacity) -> Iterable[str]:
    title = capacity.role.title
    if capacity.origin is Origin.NOBODY:
        yield (
            f"Nobody is counted as {title}: planned with {capacity.fte:g} FTE, covered by: "
            f"{capacity.role.covered_by}"
        )
    elif capacity.origin is Origin.FALLBACK:
        yield (
            f"Nobody is counted for {title} itself: planned with {capacity.fte:g} FTE of the "
            "people who stand in."
        )

"""A selection as the scheduling problem it makes, in working-day numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from guide.model import Initiative
from roadmap.domain.constraints.calendar import WorkCalendar
from roadmap.domain.constraints.capacity import (
    RoleCapacity,
    Size,
    Workload,
    capacity_steps,
)
from roadmap.domain.constraints.stated import Constraints, FreezeKind
from roadmap.domain.hand.adjusting import Adjusted
from roadmap.domain.plan import Estimate
from roadmap.domain.problem import HORIZON_DAYS, Problem, Task
from roadmap.domain.selected import SelectedInitiative, Selection

# The part of an initiative that changes production, at its end: it stays out of freezes.
GO_LIVE_DAYS = 5
# Containment and duties outweigh what answers cap questions, and that the rest: risk goes early.
CLASS_WEIGHT = {3: 9, 2: 3, 1: 1}
VALUE_SCALE = 100
# Below this, in hundredths of an FTE on each of its days, work mostly waits and keeps nobody busy.
MOSTLY_WAITING = 20
# What a day of the finish of the whole is worth, as a part of what a day of every task is.
FINISH_PART = Fraction(1, 4)


@dataclass(frozen=True)
class Tasks:
    """Makes the problem of any part of a selection. `work`: by initiative id."""

    work: Mapping[str, Workload]
    capacities: Mapping[str, RoleCapacity]
    calendar: WorkCalendar
    constraints: Constraints
    size: Size
    adjusted: Adjusted

    def problem(self, selection: Selection, due: Mapping[str, int] | None = None) -> Problem:
        """`due`: the days by which tasks are wanted, where there are any."""
        dues = due or {}
        tasks = tuple(self._task(item, dues.get(item.initiative.id)) for item in selection.items)
        return Problem(
            tasks=tasks,
            capacities=self._steps,
            wip_limit=self.constraints.wip_limit or self.size.wip_limit,
            freezes=self._freezes,
            finish_value=int(sum(task.value for task in tasks) * FINISH_PART),
        )

    @cached_property
    def _steps(self) -> dict[str, tuple[tuple[int, int], ...]]:
        return {
            role: capacity_steps(capacity, self.calendar, self.constraints)
            for role, capacity in sorted(self.capacities.items())
        }

    @cached_property
    def _freezes(self) -> tuple[tuple[int, int], ...]:
        spans = (
            self.calendar.interval(freeze.start, freeze.finish, HORIZON_DAYS)
            for freeze in self.constraints.freezes
            if freeze.kind is FreezeKind.GO_LIVE
        )
        return tuple((first, end) for first, end in spans if first < end)

    def _task(self, item: SelectedInitiative, due: int | None) -> Task:
        initiative, work = item.initiative, self.work[item.initiative.id]
        value = round(VALUE_SCALE * item.priority) * CLASS_WEIGHT.get(item.klass, 1)
        pinned = self.adjusted.pins.get(initiative.id)
        earliest = self.adjusted.earliest.get(initiative.id)
        return Task(
            id=initiative.id,
            duration=work.days,
            demands=work.demands,
            predecessors=tuple((other, 0) for other in item.predecessors),
            value=max(1, value),
            rank=item.rank,
            urgent=initiative.kind == "containment",
            go_live=min(GO_LIVE_DAYS, work.days) if initiative.go_live else 0,
            earliest=self.calendar.date_to_day(earliest) if earliest else 0,
            fixed=self.calendar.date_to_day(pinned) if pinned else None,
            due=due,
            wip=0 if _mostly_waits(work) else 1,
        )


def _mostly_waits(work: Workload) -> bool:
    """Whether the time that must pass sets its length, and hardly anybody is busy meanwhile."""
    return work.is_waiting and sum(work.demands.values()) < MOSTLY_WAITING


def estimate(initiative: Initiative, multiplier: float) -> Estimate:
    effort = initiative.effort_days
    return Estimate(
        low=_scaled(effort.low, multiplier),
        likely=_scaled(effort.likely, multiplier),
        high=_scaled(effort.high, multiplier),
    )


def _scaled(days: float, multiplier: float) -> float:
    # Exact tenths: binary fractions would print as 7.199999999999999.
    return float(round(Fraction(str(days)) * Fraction(str(multiplier)), 1))

"""Why each task of a schedule stands where it stands and not a day earlier."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from roadmap.domain.problem import Problem, Schedule, Task
from roadmap.domain.profile import Profile
from roadmap.domain.scheduling import freeze_profile


class BoundBy(StrEnum):
    START = "start"  # it stands on its first possible day
    FIXED = "fixed"
    PREDECESSOR = "predecessor"
    ROLE = "role"
    LIMIT = "limit"  # work in progress
    FREEZE = "freeze"
    ORDER = "order"  # a day earlier would be possible: the order of the plan has it so


@dataclass(frozen=True)
class Binding:
    kind: BoundBy
    what: str = ""  # id of the predecessor or role


def bindings(problem: Problem, schedule: Schedule) -> dict[str, Binding]:
    profiles = {role: Profile(steps) for role, steps in problem.capacities.items()}
    limit = Profile([(0, problem.wip_limit)]) if problem.wip_limit is not None else None
    for task in problem.tasks:
        start, finish = schedule.starts[task.id], schedule.finishes[task.id]
        for role, amount in task.demands.items():
            profiles[role].take(start, finish, amount)
        if limit:
            limit.take(start, finish, 1)
    freezes = freeze_profile(problem.freezes)
    return {task.id: _binding(task, schedule, profiles, limit, freezes) for task in problem.tasks}


def _binding(
    task: Task,
    schedule: Schedule,
    profiles: Mapping[str, Profile],
    limit: Profile | None,
    freezes: Profile | None,
) -> Binding:
    start = schedule.starts[task.id]
    if task.fixed is not None:
        return Binding(BoundBy.FIXED)
    arrivals = [(schedule.finishes[other] + lag, other) for other, lag in task.predecessors]
    if arrivals and max(arrivals)[0] >= start:
        return Binding(BoundBy.PREDECESSOR, max(arrivals)[1])
    if start <= task.earliest:
        return Binding(BoundBy.START)
    # Only the day before counts: the task itself already holds the others.
    day = start - 1
    for role, amount in sorted(task.demands.items()):
        if profiles[role].conflict_start(day, start, amount) is not None:
            return Binding(BoundBy.ROLE, role)
    if limit and limit.conflict_start(day, start, 1) is not None:
        return Binding(BoundBy.LIMIT)
    if task.go_live and freezes:
        live = schedule.finishes[task.id] - 1 - task.go_live
        if freezes.conflict_start(live, live + task.go_live, 1) is not None:
            return Binding(BoundBy.FREEZE)
    return Binding(BoundBy.ORDER)

"""What a schedule could not honour: fixed starts and due days, each with what stands against it."""

from collections.abc import Mapping

from roadmap.domain.problem import Problem, Task
from roadmap.domain.profile import Profile, freeze_profile

Fault = tuple[str, str]


def overloads(problem: Problem) -> list[Fault]:
    """Fixed tasks that together need more than there is, or go live inside a freeze.

    No order of the other tasks can change that.
    """
    fixed = [task for task in problem.tasks if task.fixed is not None]
    if not fixed:
        return []
    profiles = {role: Profile(steps) for role, steps in problem.capacities.items()}
    limit = Profile([(0, problem.wip_limit)]) if problem.wip_limit is not None else None
    for task in fixed:
        for role, amount in task.demands.items():
            profiles[role].take(*_interval(task), amount)
        if limit:
            limit.take(*_interval(task), task.wip)
    freezes = freeze_profile(problem.freezes)
    found = []
    for task in fixed:
        if not task.duration:
            continue
        start, finish = _interval(task)
        for role in sorted(role for role, amount in task.demands.items() if amount):
            if profiles[role].conflict_start(start, finish, 0) is not None:
                found.append((task.id, role))
        if limit and task.wip and limit.conflict_start(start, finish, 0) is not None:
            found.append((task.id, "work in progress"))
        if task.go_live and freezes and freezes.conflict_end(finish - task.go_live, finish, 1):
            found.append((task.id, "freeze"))
    return found


def late_arrivals(problem: Problem, finishes: Mapping[str, int]) -> list[Fault]:
    """Fixed tasks that begin before what they wait for is done."""
    return [
        (task.id, other)
        for task in problem.tasks
        if task.fixed is not None
        for other, lag in task.predecessors
        if finishes[other] + lag > task.fixed
    ]


def missed_dues(problem: Problem, finishes: Mapping[str, int]) -> list[Fault]:
    return [
        (task.id, "due")
        for task in problem.tasks
        if task.due is not None and finishes[task.id] > task.due
    ]


def _interval(task: Task) -> tuple[int, int]:
    start = max(0, task.fixed or 0)
    return start, start + task.duration

"""What no schedule can beat: a search that reaches it has nothing more to find."""

from itertools import pairwise

from roadmap.domain.engine.compiled import Compiled
from roadmap.domain.engine.serial import Objective
from roadmap.domain.problem import Problem


def earliest_finishes(plan: Compiled) -> list[int]:
    """The finish of each task if it had every role to itself, with all that it waits for."""
    alone, direction = plan.forward.used, plan.forward
    ends = [0] * len(plan.days)
    for task, end in direction.fixed:
        ends[task] = end
    for task in plan.free:
        start = max(plan.earliest[task], max((ends[o] for o in direction.arrows[task]), default=0))
        for other, lag in direction.lagged[task]:
            start = max(start, ends[other] + lag)
        ends[task] = _first_end(plan, alone, task, start)
    return ends


def _first_end(plan: Compiled, used: list[int], task: int, start: int) -> int:
    length, need, window = plan.days[task], plan.needs[task], plan.forward.windows[task]
    run = 0
    day = start
    while True:
        while run < length:
            run = 0 if used[day] + need & plan.guard else run + 1
            day += 1
        if window is None or not length:
            return max(day, start)
        allowed = window[0][day]
        if allowed == day:
            return day
        day, run = allowed - length, 0


def energy_bound(problem: Problem) -> int:
    """By when each role could have done all its work if no day of it were lost."""
    needed: dict[str, int] = {}
    for task in problem.tasks:
        for role, amount in task.demands.items():
            needed[role] = needed.get(role, 0) + amount * task.duration
    found = [_filled(problem.capacities[role], work) for role, work in needed.items()]
    if problem.wip_limit is not None:
        work = sum(task.wip * task.duration for task in problem.tasks)
        found.append(_filled(((0, problem.wip_limit),), work))
    return max(found, default=0)


def _filled(steps: tuple[tuple[int, int], ...], work: int) -> int:
    """The day by which so much work is done when all there is goes into it."""
    if work <= 0:
        return 0
    ordered = sorted(steps)
    for (day, amount), (until, _) in pairwise(ordered):
        done = max(0, amount) * (until - day)
        if done >= work:
            return day + -(-work // amount)
        work -= done
    day, amount = ordered[-1]
    return day + -(-work // amount) if amount > 0 else day


def lower_bound(plan: Compiled, overloads: int) -> Objective:
    """What `Judge.objective` can never be below, part by part."""
    problem = plan.problem
    ends = earliest_finishes(plan)
    makespan = max(max(ends, default=0), energy_bound(problem) if not overloads else 0)
    weighted = sum(v * end for v, end in zip(plan.network.values, ends, strict=True))
    weighted += problem.finish_value * makespan
    if problem.finish_first:
        return (overloads, makespan, weighted)
    return (overloads, weighted, makespan)

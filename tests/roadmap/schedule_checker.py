"""An independent judge of schedules, written from the planning rules of the design.

It shares no code with the engine and counts day by day, so that a fault in the engine's step
functions cannot hide in here too. It knows nothing about how a schedule was found.
"""

from collections import Counter

from roadmap.domain.problem import Problem, Schedule


def violations(problem: Problem, schedule: Schedule) -> list[str]:
    """Every broken rule in words; an empty list for a schedule that keeps them all."""
    found = []
    if set(schedule.starts) != {task.id for task in problem.tasks}:
        return ["not every task is scheduled exactly once"]
    found += _intervals(problem, schedule)
    found += _precedence(problem, schedule)
    found += _capacity(problem, schedule)
    found += _work_in_progress(problem, schedule)
    found += _freezes(problem, schedule)
    return found


def _intervals(problem, schedule):
    for task in problem.tasks:
        start, finish = schedule.starts[task.id], schedule.finishes[task.id]
        if finish - start != task.duration:
            yield f"{task.id} does not last {task.duration} days"
        if start < 0 or (start < task.earliest and task.fixed is None):
            yield f"{task.id} starts too early"
        if task.fixed is not None and start != task.fixed:
            yield f"{task.id} left its fixed start"


def _precedence(problem, schedule):
    for task in problem.tasks:
        for other, lag in task.predecessors:
            if schedule.starts[task.id] < schedule.finishes[other] + lag:
                yield f"{task.id} starts before {other} is done"


def _capacity(problem, schedule):
    used = Counter()
    for task in problem.tasks:
        for day in range(schedule.starts[task.id], schedule.finishes[task.id]):
            for role, amount in task.demands.items():
                used[role, day] += amount
    for (role, day), amount in sorted(used.items()):
        steps = sorted(problem.capacities[role])
        available = [value for since, value in steps if since <= max(day, 0)][-1]
        if amount > available:
            yield f"{role} is needed {amount} of {available} on day {day}"


def _work_in_progress(problem, schedule):
    if problem.wip_limit is None:
        return
    running = Counter()
    for task in problem.tasks:
        running.update(range(schedule.starts[task.id], schedule.finishes[task.id]))
    for day, count in sorted(running.items()):
        if count > problem.wip_limit:
            yield f"{count} tasks run on day {day}, the limit is {problem.wip_limit}"


def _freezes(problem, schedule):
    frozen = {day for start, finish in problem.freezes for day in range(start, finish)}
    for task in problem.tasks:
        finish = schedule.finishes[task.id]
        if task.go_live and frozen.intersection(range(finish - task.go_live, finish)):
            yield f"{task.id} goes live inside a freeze"

"""An independent judge of schedules, written from the planning rules of the design.

It shares no code with the engine and counts day by day, so that a fault in the engine's step
functions cannot hide in here too. It knows nothing about how a schedule was found.

A pin stands where it was put whatever the others do, and a due day may be missed; the schedule then
has to say so in `broken`. What it says there excuses that fault and no other, and must be true.
"""

from collections import Counter

from roadmap.domain.problem import Problem, Schedule

LIMIT = "work in progress"


def faults(problem: Problem, schedule: Schedule) -> list[str]:
    """Everything that is wrong with it: rules it breaks, and what it says without being true."""
    return violations(problem, schedule) or falsehoods(problem, schedule)


def violations(problem: Problem, schedule: Schedule) -> list[str]:
    """Every broken rule in words; an empty list for a schedule that keeps them all."""
    found = []
    if set(schedule.starts) != {task.id for task in problem.tasks}:
        return ["not every task is scheduled exactly once"]
    found += _intervals(problem, schedule)
    found += _precedence(problem, schedule)
    found += _amounts(problem, schedule)
    found += _freezes(problem, schedule)
    found += _due_days(problem, schedule)
    return found


def falsehoods(problem: Problem, schedule: Schedule) -> list[str]:
    """What the schedule claims of itself without being true: broken wishes and sums."""
    found = [
        f"{task} is not broken by {what}"
        for task, what in schedule.broken
        if not _is_broken(problem, schedule, task, what)
    ]
    if len(set(schedule.broken)) != len(schedule.broken):
        found.append("something is broken twice")
    makespan = max(schedule.finishes.values(), default=0)
    if schedule.makespan != makespan:
        found.append(f"the makespan is {makespan}, not {schedule.makespan}")
    weighted = sum(task.value * schedule.finishes[task.id] for task in problem.tasks)
    weighted += problem.finish_value * makespan
    if schedule.weighted_finish != weighted:
        found.append(f"the weighted finish is {weighted}, not {schedule.weighted_finish}")
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
            if (task.id, other) in schedule.broken:
                continue
            if schedule.starts[task.id] < schedule.finishes[other] + lag:
                yield f"{task.id} starts before {other} is done"


def _amounts(problem, schedule):
    """More used than there is; excused where pins alone do it and every one of them says so."""
    for (name, day), users in sorted(_users(problem, schedule).items()):
        used, available = sum(users.values()), _available(problem, name, day)
        if used <= available or all(_is_said(problem, schedule, user, name) for user in users):
            continue
        if name == LIMIT:
            yield f"{used} tasks run on day {day}, the limit is {available}"
        else:
            yield f"{name} is needed {used} of {available} on day {day}"


def _users(problem, schedule):
    """(role or limit, day) → task → amount."""
    found = {}
    for task in problem.tasks:
        taken = dict(task.demands)
        if problem.wip_limit is not None:
            taken[LIMIT] = task.wip
        for day in range(schedule.starts[task.id], schedule.finishes[task.id]):
            for name, amount in taken.items():
                if amount:
                    found.setdefault((name, day), Counter())[task.id] += amount
    return found


def _available(problem, name, day):
    if name == LIMIT:
        return problem.wip_limit
    steps = sorted(problem.capacities[name])
    return [value for since, value in steps if since <= max(day, 0)][-1]


def _is_said(problem, schedule, user, name):
    task = next(task for task in problem.tasks if task.id == user)
    return task.fixed is not None and (user, name) in schedule.broken


def _freezes(problem, schedule):
    for task in problem.tasks:
        if _goes_live_frozen(problem, schedule, task) and (
            task.fixed is None or (task.id, "freeze") not in schedule.broken
        ):
            yield f"{task.id} goes live inside a freeze"


def _goes_live_frozen(problem, schedule, task):
    finish = schedule.finishes[task.id]
    live = range(finish - task.go_live, finish)
    return any(start <= day < end for start, end in problem.freezes for day in live)


def _due_days(problem, schedule):
    for task in problem.tasks:
        if task.due is None or (task.id, "due") in schedule.broken:
            continue
        if schedule.finishes[task.id] > task.due:
            yield f"{task.id} is finished on day {schedule.finishes[task.id]}, due by {task.due}"


def _is_broken(problem, schedule, name, what):
    task = next((task for task in problem.tasks if task.id == name), None)
    if task is None:
        return False
    if what == "due":
        return task.due is not None and schedule.finishes[name] > task.due
    if task.fixed is None:
        return False
    if what == "freeze":
        return _goes_live_frozen(problem, schedule, task)
    for other, lag in task.predecessors:
        if other == what and schedule.starts[name] < schedule.finishes[other] + lag:
            return True
    return any(
        resource == what and name in users and sum(users.values()) > _available(problem, what, day)
        for (resource, day), users in _users(problem, schedule).items()
    )

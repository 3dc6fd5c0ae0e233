"""Whether pins and due days can be kept at all, asked of OR-Tools CP-SAT: for the worker alone.

The full engine looks for something better than the schedule it has, where what is kept stays kept.
A proof that nothing keeps all wishes needs every wish to be hard and no objective: this model.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from roadmap.domain.explaining.conflicts import Oracle, waited_for
from roadmap.domain.explaining.daybook import DayBook, needs
from roadmap.domain.problem import Problem, Task


def by_solver(deterministic: float = 1.0, seed: int = 1) -> Oracle:
    """An oracle for `conflicts`: at most so much of the solver's deterministic time per question,
    so that the same question always gets the same answer.
    """
    return lambda problem: _is_satisfiable(problem, deterministic, seed)


def _is_satisfiable(problem: Problem, deterministic: float, seed: int) -> bool | None:
    # Not before it is asked: it takes a second and 90 MB, which the web has not got.
    from ortools.sat.python import cp_model

    wished = [t for t in problem.tasks if t.fixed is not None or t.due is not None]
    tasks = waited_for(problem.tasks, [task.id for task in wished])
    ends = [t.fixed + t.duration for t in wished if t.fixed is not None]
    book = DayBook(problem, max([*ends, *(t.due for t in wished if t.due is not None)], default=0))
    model: Any = cp_model.CpModel()
    starts: dict[str, Any] = {}
    for task in tasks:
        days = [day for day in _days(task, book.days) if book.fits(task, day)]
        if not days:
            return False
        starts[task.id] = model.new_int_var_from_domain(cp_model.Domain.from_values(days), "")
    lengths = {task.id: task.duration for task in tasks}
    for task in tasks:
        for other, lag in task.predecessors:
            model.add(starts[task.id] >= starts[other] + lengths[other] + lag)
    for name, amounts in book.free.items():
        users = [(t, amount) for t in tasks for n, amount in needs(problem, t) if n == name]
        _limit(model, users, starts, amounts)
    solver: Any = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = deterministic
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return False
    return True if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None


def _days(task: Task, days: int) -> range:
    last = min(days, days if task.due is None else task.due) - task.duration
    if task.fixed is not None:
        return range(task.fixed, min(task.fixed, last) + 1)
    return range(task.earliest, last + 1)


def _limit(
    model: Any, users: list[tuple[Task, int]], starts: Mapping[str, Any], amounts: list[int]
) -> None:
    """What is used of one role, or of the limit, on no day more than there is."""
    if not users:
        return
    most, day = max(amounts), 0
    intervals = [
        model.new_fixed_size_interval_var(starts[task.id], task.duration, "") for task, _ in users
    ]
    sizes = [amount for _, amount in users]
    for amount, run in groupby(amounts):
        length = len(list(run))
        if amount < most:
            intervals.append(model.new_fixed_size_interval_var(day, length, ""))
            sizes.append(most - amount)
        day += length
    model.add_cumulative(intervals, sizes, most)

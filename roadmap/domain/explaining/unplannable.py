"""Work for which there is no place within the years that are planned, and what is behind it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from graphlib import TopologicalSorter
from typing import NamedTuple

from roadmap.domain.explaining.binding import BoundBy, bindings
from roadmap.domain.explaining.daybook import DayBook, needs
from roadmap.domain.problem import HORIZON_DAYS, Problem, Schedule, Task


class NoPlace(StrEnum):
    ROLE = "role"  # never so much of the role for so long, even without other work
    FREEZE = "freeze"  # never so long outside freezes
    CALENDAR = "calendar"  # roles and freezes leave no day between them
    EARLIEST = "earliest"  # it was not to start before the end of what is planned
    PIN = "pin"  # it is pinned beyond the end
    NEEDS = "needs"  # it waits for work that has no place itself
    BUSY = "busy"  # other work has the role until the end
    LIMIT = "limit"  # other work fills the work-in-progress limit until the end
    TIME = "time"  # what it waits for ends too late


class Unplannable(NamedTuple):
    """`about`: the role; of `NEEDS` the task at the root; of `TIME` the predecessor."""

    task: str
    kind: NoPlace
    about: str = ""


def unplannable(
    problem: Problem, schedule: Schedule, horizon: int = HORIZON_DAYS
) -> tuple[Unplannable, ...]:
    """The tasks that end after the horizon, in the order of the problem, each with its reason.

    A reason of its own comes before that of a predecessor, and a dependent names the task at the
    root, not the one before it.
    """
    beyond = {task.id: task for task in problem.tasks if schedule.finishes[task.id] > horizon}
    if not beyond:
        return ()
    calendar, held = DayBook(problem, horizon), bindings(problem, schedule)
    graph = {task.id: [other for other, _ in task.predecessors] for task in problem.tasks}
    found: dict[str, Unplannable] = {}
    for name in TopologicalSorter(graph).static_order():
        task = beyond.get(name)
        if task is None:
            continue
        reason = _own_reason(problem, task, calendar)
        roots = [found[other] for other in graph[name] if other in found]
        if reason is None and roots:
            late = max(roots, key=lambda root: (schedule.finishes[root.task], root.task))
            reason = (NoPlace.NEEDS, late.about if late.kind is NoPlace.NEEDS else late.task)
        if reason is None:
            binding = held[name]
            reason = (
                _CROWDED_OUT.get(binding.kind, NoPlace.TIME),
                binding.what if binding.kind in (BoundBy.ROLE, BoundBy.PREDECESSOR) else "",
            )
        found[name] = Unplannable(name, *reason)
    return tuple(found[task.id] for task in problem.tasks if task.id in found)


_CROWDED_OUT = {
    BoundBy.ROLE: NoPlace.BUSY,
    BoundBy.LIMIT: NoPlace.LIMIT,
    BoundBy.FREEZE: NoPlace.FREEZE,
}


def _own_reason(problem: Problem, task: Task, calendar: DayBook) -> tuple[NoPlace, str] | None:
    """What leaves the task no place before the horizon even if it were alone."""
    if task.fixed is not None:
        return NoPlace.PIN, ""
    if task.earliest + task.duration > calendar.days:
        return NoPlace.EARLIEST, ""
    for name, amount in needs(problem, task):
        enough = [free >= amount for free in calendar.free[name][task.earliest :]]
        if not _has_stretch(enough, task.duration):
            return NoPlace.ROLE, name
    first_live = task.earliest + task.duration - task.go_live
    if not _has_stretch([not day for day in calendar.frozen[first_live:]], task.go_live):
        return NoPlace.FREEZE, ""
    if calendar.earliest(task, task.earliest, calendar.days) is None:
        return NoPlace.CALENDAR, ""
    return None


def _has_stretch(days: Sequence[bool], length: int) -> bool:
    run = 0
    for day in days:
        if run >= length:
            break
        run = run + 1 if day else 0
    return run >= length

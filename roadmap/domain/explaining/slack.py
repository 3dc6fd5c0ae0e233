"""Float: how much later each task of a schedule can finish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter

from roadmap.domain.explaining.daybook import DayBook
from roadmap.domain.problem import Problem, Schedule, Task


@dataclass(frozen=True)
class Slack:
    """Working days. `total`: later by so much without moving the finish of the whole; `free`:
    without moving any other task either. Pinned tasks, and those that miss their due day, have
    none. Any delay up to it is possible, by starting later or by taking longer: what could only
    leap behind a freeze, or behind others who have its people, has no float.

    Free float is exact. Total float with people and limits depends on the order in which the
    others give way, so this is what one order allows (see `slack`): at least so much.
    """

    total: int
    free: int


def slack(problem: Problem, schedule: Schedule) -> dict[str, Slack]:
    """Float of every task under capacities, limits, freezes, pins and due days.

    Free: days in a row behind it that it could use while all others stay. Total: its place when
    all are pushed right (`latest_starts`).
    """
    shift = _RightShift(problem, schedule)
    free, late = shift.free(), shift.late()
    return {
        task.id: Slack(
            total=max(late[task.id] - schedule.starts[task.id], free[task.id]),
            free=free[task.id],
        )
        for task in problem.tasks
    }


def latest_starts(problem: Problem, schedule: Schedule) -> dict[str, int]:
    """The same schedule pushed right, the finish of the whole kept.

    The tasks in falling order of finish, each moved on day by day as far as its successors and what
    is left of everything allow: Wiest's (1964) backward pass, the right-justification of Valls,
    Ballestín and Quintanilla (2005), here without leaps. A task's own place is always still free in
    it, since on its days there can only be, of what was moved, what had been there before.
    """
    return _RightShift(problem, schedule).late()


class _RightShift:
    def __init__(self, problem: Problem, schedule: Schedule) -> None:
        self._problem, self._starts = problem, schedule.starts
        self._days = max(schedule.finishes.values(), default=0)
        self._finishes = schedule.finishes
        self._bounds = {task.id: self._bound(task) for task in problem.tasks}
        self._successors: dict[str, list[tuple[str, int]]] = {t.id: [] for t in problem.tasks}
        for task in problem.tasks:
            for other, lag in task.predecessors:
                self._successors[other].append((task.id, lag))

    def free(self) -> dict[str, int]:
        book = DayBook(self._problem, self._days)
        for task in self._problem.tasks:
            book.take(task, self._starts[task.id])
        found = {}
        for task in self._problem.tasks:
            found[task.id] = self._latest(task, self._starts, book) - self._starts[task.id]
        return found

    def late(self) -> dict[str, int]:
        """The start of each task when all are pushed right."""
        book, late = DayBook(self._problem, self._days), dict(self._starts)
        for task in self._problem.tasks:
            if task.fixed is not None:
                book.take(task, late[task.id])
        for task in self._falling():
            if task.fixed is None:
                late[task.id] = self._latest(task, late, book)
                book.take(task, late[task.id])
        return late

    def _latest(self, task: Task, starts: Mapping[str, int], book: DayBook) -> int:
        start, finish = self._starts[task.id], self._finishes[task.id]
        if task.fixed is not None:
            return start
        bounds = [starts[other] - lag for other, lag in self._successors[task.id]]
        return start + book.room_behind(task, finish, min([self._bounds[task.id], *bounds]))

    def _bound(self, task: Task) -> int:
        if task.due is None:
            return self._days
        return min(self._days, max(task.due, self._finishes[task.id]))

    def _falling(self) -> list[Task]:
        graph = {t.id: [other for other, _ in t.predecessors] for t in self._problem.tasks}
        place = {
            task: number for number, task in enumerate(TopologicalSorter(graph).static_order())
        }
        # Finish alone could put a task of no length behind its successor.
        return sorted(
            self._problem.tasks,
            key=lambda t: (self._finishes[t.id], self._starts[t.id], place[t.id]),
            reverse=True,
        )

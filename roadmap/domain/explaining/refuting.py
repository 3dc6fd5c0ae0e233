"""Proofs that no schedule can keep all pins and due days. Quick and exact, but not complete."""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from graphlib import TopologicalSorter
from itertools import accumulate

from roadmap.domain.explaining.daybook import DayBook, needs
from roadmap.domain.problem import Problem, Task

# Each round makes the windows smaller by what the round before found; more hardly ever prove more.
ROUNDS = 3


def is_refuted(problem: Problem) -> bool:
    """Whether it is proven that no schedule keeps every pin and due day. False proves nothing.

    Windows first: the earliest finish that predecessors, lags, freezes and the calendar of its own
    roles allow a task, against the latest that pins and due days of what follows leave it (critical
    path method). Then the days a task is on wherever it stands in its window, together with those
    of all others, against capacity (time-table reasoning; two pins over capacity are its simplest
    case). Then, for each stretch of days, the work that must lie within it (energy reasoning). For
    the three, see Baptiste, Le Pape and Nuijten, Constraint-Based Scheduling (2001).
    """
    ends = [_latest_wish(task) for task in problem.tasks]
    days = max((end for end in ends if end is not None), default=None)
    return days is not None and _Windows(problem, days).is_refuted()


def _latest_wish(task: Task) -> int | None:
    pinned = None if task.fixed is None else task.fixed + task.duration
    return max((end for end in (pinned, task.due) if end is not None), default=None)


class _Windows:
    """Earliest start and latest finish of every task whose finish is bounded by a wish.

    The others are given nothing to do with it: they can come after everything.
    """

    def __init__(self, problem: Problem, days: int) -> None:
        self._problem, self._days = problem, days
        self._tasks = {task.id: task for task in problem.tasks}
        graph = {task.id: [other for other, _ in task.predecessors] for task in problem.tasks}
        self._order = tuple(TopologicalSorter(graph).static_order())
        self._late: dict[str, int] = {}
        self._bound_late()
        self._order = tuple(name for name in self._order if name in self._late)
        self._early = dict.fromkeys(self._order, 0)
        self._calendar = DayBook(problem, days)
        self._sure: dict[str, tuple[int, int]] = {}

    def is_refuted(self) -> bool:
        if any(late < self._tasks[name].duration for name, late in self._late.items()):
            return True
        for _ in range(ROUNDS):
            before = (dict(self._early), dict(self._late))
            book = self._sure_book()
            if _is_overdrawn(book) or not (self._push_right(book) and self._push_left(book)):
                return True
            if before == (self._early, self._late):
                return self._is_overloaded()
        return _is_overdrawn(self._sure_book()) or self._is_overloaded()

    def _bound_late(self) -> None:
        for name in reversed(self._order):
            task = self._tasks[name]
            ends = [task.due] if task.due is not None else []
            ends += [task.fixed + task.duration] if task.fixed is not None else []
            ends += [self._late[name]] if name in self._late else []
            if not ends:
                continue
            self._late[name] = min(ends)
            for other, lag in task.predecessors:
                finish = self._late[name] - task.duration - lag
                self._late[other] = min(finish, self._late.get(other, finish))

    def _sure_book(self) -> DayBook:
        """What is left beside the days that tasks are on wherever they stand in their window."""
        book = self._calendar.copy()
        for name in self._order:
            days = self._tasks[name].duration
            self._sure[name] = (self._late[name] - days, self._early[name] + days)
            book.take_days(self._tasks[name], *self._sure[name])
        return book

    def _push_right(self, book: DayBook) -> bool:
        """Raise the earliest starts; False when one has no place left."""
        for name in self._order:
            task = self._tasks[name]
            arrivals = [
                self._early[other] + self._tasks[other].duration + lag
                for other, lag in task.predecessors
            ]
            wished = task.earliest if task.fixed is None else task.fixed
            start = max([self._early[name], wished, *arrivals])
            book.take_days(task, *self._sure[name], -1)
            place = book.earliest(task, start, self._late[name])
            book.take_days(task, *self._sure[name])
            if place is None:
                return False
            self._early[name] = place
        return True

    def _push_left(self, book: DayBook) -> bool:
        for name in reversed(self._order):
            task = self._tasks[name]
            book.take_days(task, *self._sure[name], -1)
            place = book.latest(task, self._late[name], self._early[name])
            book.take_days(task, *self._sure[name])
            if place is None:
                return False
            self._late[name] = place + task.duration
            for other, lag in task.predecessors:
                self._late[other] = min(self._late[other], place - lag)
        return True

    def _is_overloaded(self) -> bool:
        work: dict[str, list[tuple[str, int]]] = {}
        for name in self._order:
            for resource, amount in needs(self._problem, self._tasks[name]):
                work.setdefault(resource, []).append((name, amount))
        calendar = self._calendar.free
        for resource, users in work.items():
            if self._is_too_much(users, calendar[resource]):
                return True
            # Of those that take more than half, only one can run at a time.
            most = max(calendar[resource], default=0)
            large = [(name, 1) for name, amount in users if 2 * amount > most]
            if self._is_too_much(large, [1] * self._days):
                return True
        return False

    def _is_too_much(self, users: Sequence[tuple[str, int]], capacity: Sequence[int]) -> bool:
        """Whether some stretch of days holds less than what must be done within it."""
        total = [0, *accumulate(capacity)]
        rising = sorted(
            (self._late[n], -self._early[n], amount * self._tasks[n].duration)
            for n, amount in users
        )
        inside: list[tuple[int, int]] = []
        for number, (until, early, work) in enumerate(rising):
            insort(inside, (early, work))
            if number + 1 < len(rising) and rising[number + 1][0] == until:
                continue
            energy, end = 0, total[until]
            for since, part in inside:
                energy += part
                if energy > end - total[-since]:
                    return True
        return False


def _is_overdrawn(book: DayBook) -> bool:
    return any(min(days, default=0) < 0 for days in book.free.values())

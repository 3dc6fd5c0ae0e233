"""Why each task of a schedule stands where it stands and not a day earlier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from roadmap.domain.explaining.daybook import LIMIT, DayBook, needs
from roadmap.domain.problem import Problem, Schedule, Task


class BoundBy(StrEnum):
    START = "start"  # it stands on the first day of the plan
    EARLIEST = "earliest"  # it was not to start before that day
    FIXED = "fixed"
    PREDECESSOR = "predecessor"
    ROLE = "role"
    LIMIT = "limit"  # work in progress
    FREEZE = "freeze"
    ORDER = "order"  # a day earlier would be possible: the order of the plan has it so


@dataclass(frozen=True)
class Binding:
    """What keeps a task from starting a day earlier.

    `what`: id of the predecessor or role. `until`: the working-day number from which it no longer
    stands in the way; of a freeze, the day after it, when the go-live part begins. `holders`: the
    tasks behind it, the one to ask first in front: the predecessor; who has the role, or the places
    under the limit, on the day before; where the calendar alone stands in the way, whoever keeps
    the task from the last place before it, or nobody. `lag`: working days between predecessor and
    start. `since`: first day of the freeze. `is_absence`: there would be too little of the role
    even without other work.
    """

    kind: BoundBy
    what: str = ""
    until: int | None = None
    holders: tuple[str, ...] = ()
    lag: int = 0
    since: int | None = None
    is_absence: bool = False


def bindings(problem: Problem, schedule: Schedule) -> dict[str, Binding]:
    found = _Reasons(problem, schedule)
    return {task.id: found.binding(task) for task in problem.tasks}


def chain(
    problem: Problem,
    schedule: Schedule,
    task: str,
    found: Mapping[str, Binding] | None = None,
) -> tuple[tuple[str, Binding], ...]:
    """The task with its binding, then what holds it with its own, and so on back to what waits for
    no other work: day 0, a pin, an earliest day, a freeze or an absence that nothing stands before.

    Every link starts earlier than the one before it, or is its predecessor, so this ends.
    """
    found = bindings(problem, schedule) if found is None else found
    links: dict[str, Binding] = {}
    link: str | None = task
    while link is not None and link not in links:
        links[link] = found[link]
        link = next(iter(found[link].holders), None)
    return tuple(links.items())


def critical_chain(
    problem: Problem, schedule: Schedule, found: Mapping[str, Binding] | None = None
) -> tuple[str, ...]:
    """The ids of the tasks that set the finish of the whole, the first one in front.

    Goldratt (1997) calls critical chain the longest chain of tasks when people count as well as
    predecessors. Here it is read off the finished schedule: from the task that finishes last (of
    equals the first of the problem) back along `chain`. In another order of equal finish it could
    be another one, so it says what sets the finish of this schedule, not of every schedule.
    """
    if not problem.tasks:
        return ()
    last = max(problem.tasks, key=lambda task: schedule.finishes[task.id])
    return tuple(task for task, _ in reversed(chain(problem, schedule, last.id, found)))


class _Reasons:
    """One schedule, and what its tasks leave free on each day."""

    def __init__(self, problem: Problem, schedule: Schedule) -> None:
        self._problem = problem
        self._starts, self._finishes = schedule.starts, schedule.finishes
        days = max(schedule.finishes.values(), default=0)
        self._calendar, self._book = DayBook(problem, days), DayBook(problem, days)
        self._users: dict[str, list[tuple[Task, int]]] = {}
        for task in problem.tasks:
            self._book.take(task, self._starts[task.id])
            for name, amount in needs(problem, task):
                self._users.setdefault(name, []).append((task, amount))

    def binding(self, task: Task) -> Binding:
        start = self._starts[task.id]
        if task.fixed is not None:
            return Binding(BoundBy.FIXED, until=task.fixed)
        arrival, before, lag = self._arrival(task)
        if before and arrival >= start:
            return Binding(BoundBy.PREDECESSOR, before, arrival, (before,), lag)
        if start <= task.earliest:
            if not start:
                return Binding(BoundBy.START)
            return Binding(BoundBy.EARLIEST, until=task.earliest)
        # Only the day before counts: the task itself already holds the others.
        name = self._book.short(task, start - 1)
        if name == LIMIT:
            return Binding(BoundBy.LIMIT, "", start, self._holders(LIMIT, start - 1, task))
        if name:
            return self._by_role(task, name)
        return self._by_freeze(task)

    def _by_role(self, task: Task, role: str) -> Binding:
        start = self._starts[task.id]
        if self._calendar.free[role][start - 1] < task.demands[role]:
            holders = self._holders_of_the_place_before(task)
            return Binding(BoundBy.ROLE, role, start, holders, is_absence=True)
        return Binding(BoundBy.ROLE, role, start, self._holders(role, start - 1, task))

    def _by_freeze(self, task: Task) -> Binding:
        live = self._finishes[task.id] - task.go_live
        covering = [
            (until, -since) for since, until in self._problem.freezes if since < live <= until
        ]
        if not task.go_live or not covering:
            return Binding(BoundBy.ORDER)
        until, since = max(covering)
        holders = self._holders_of_the_place_before(task)
        return Binding(BoundBy.FREEZE, "", until, holders, since=-since)

    def _holders(self, name: str, day: int, task: Task) -> tuple[str, ...]:
        """Who has it on that day: first those who give it back next, of them the largest share."""
        found = [
            (self._finishes[other.id], -amount, other.id)
            for other, amount in self._users.get(name, ())
            if other is not task and self._starts[other.id] <= day < self._finishes[other.id]
        ]
        return tuple(other for _, _, other in sorted(found))

    def _holders_of_the_place_before(self, task: Task) -> tuple[str, ...]:
        """Who keeps it from the last place that the calendar alone would leave it before this."""
        start, finish = self._starts[task.id], self._finishes[task.id]
        place = self._calendar.latest(task, finish - 1, task.earliest)
        if place is None:
            return ()
        arrival, before, _ = self._arrival(task)
        if arrival > place:
            return (before,)
        self._book.take(task, start, -1)
        clash = self._last_clash(task, place)
        self._book.take(task, start)
        return self._holders(*clash, task) if clash else ()

    def _last_clash(self, task: Task, place: int) -> tuple[str, int] | None:
        for day in range(place + task.duration - 1, place - 1, -1):
            name = self._book.short(task, day)
            if name:
                return name, day
        return None

    def _arrival(self, task: Task) -> tuple[int, str, int]:
        """When the last predecessor lets it start, which one that is, and its lag."""
        return max(
            ((self._finishes[other] + lag, other, lag) for other, lag in task.predecessors),
            default=(0, "", 0),
        )

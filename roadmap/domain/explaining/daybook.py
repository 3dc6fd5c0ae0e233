"""What is free on each working day, counted day by day: for explaining schedules, not for making
them. It shares nothing with the engine, so that it cannot repeat the engine's faults.
"""

from __future__ import annotations

from collections.abc import Sequence

from roadmap.domain.problem import Problem, Task

# The name the work-in-progress limit goes by among the roles, as in `Schedule.broken`.
LIMIT = "work in progress"


def amounts_by_day(steps: Sequence[tuple[int, int]], days: int) -> list[int]:
    """The amount on each of the first `days` days; the last step lasts for ever."""
    found: list[int] = []
    ordered = sorted(steps)
    for index, (_, amount) in enumerate(ordered):
        until = ordered[index + 1][0] if index + 1 < len(ordered) else days
        found.extend([amount] * (min(until, days) - len(found)))
    return found


def needs(problem: Problem, task: Task) -> list[tuple[str, int]]:
    """Everything countable the task takes on each of its days: roles by name, then the limit."""
    if not task.duration:
        return []
    found = sorted((role, amount) for role, amount in task.demands.items() if amount)
    if problem.wip_limit is not None and task.wip:
        found.append((LIMIT, task.wip))
    return found


class DayBook:
    """What each role and the limit have free on the days 0 … `days` − 1, and which are frozen."""

    def __init__(self, problem: Problem, days: int) -> None:
        self.days = days
        self.free = {
            role: amounts_by_day(steps, days) for role, steps in problem.capacities.items()
        }
        if problem.wip_limit is not None:
            self.free[LIMIT] = [problem.wip_limit] * days
        self.frozen = bytearray(days)
        for start, finish in problem.freezes:
            first, last = max(0, start), min(finish, days)
            self.frozen[first:last] = b"\1" * max(0, last - first)
        self._needs = {task.id: needs(problem, task) for task in problem.tasks}

    def copy(self) -> DayBook:
        twin = DayBook.__new__(DayBook)
        twin.days, twin.frozen, twin._needs = self.days, self.frozen, self._needs
        twin.free = {name: amounts.copy() for name, amounts in self.free.items()}
        return twin

    def take(self, task: Task, start: int, times: int = 1) -> None:
        """Use what the task needs from `start` on; with `times` = −1 it is given back."""
        self.take_days(task, start, start + task.duration, times)

    def take_days(self, task: Task, first: int, finish: int, times: int = 1) -> None:
        if first >= finish:
            return
        finish = min(finish, self.days)
        for name, amount in self._needs[task.id]:
            free, used = self.free[name], amount * times
            for day in range(first, finish):
                free[day] -= used

    def short(self, task: Task, day: int) -> str | None:
        """The first role, or the limit, that has too little left for the task on that day."""
        for name, amount in self._needs[task.id]:
            if self.free[name][day] < amount:
                return name
        return None

    def fits(self, task: Task, start: int) -> bool:
        return self._not_before(task, start) <= start

    def earliest(self, task: Task, start: int, until: int) -> int | None:
        """The first start from `start` on where it fits and is finished by `until`."""
        while start + task.duration <= until:
            possible = self._not_before(task, start)
            if possible <= start:
                return start
            start = possible
        return None

    def latest(self, task: Task, finish: int, floor: int) -> int | None:
        """The last start not below `floor` where it fits and is finished by `finish`."""
        while finish - task.duration >= floor:
            possible = self._not_after(task, finish)
            if possible >= finish:
                return finish - task.duration
            finish = possible
        return None

    def room_behind(self, task: Task, finish: int, until: int) -> int:
        """Days in a row from `finish` on, at most up to `until`, on which it could go on."""
        day = finish
        while day < until and not (task.go_live and self.frozen[day]) and not self.short(task, day):
            day += 1
        return max(0, day - finish)

    def _not_before(self, task: Task, start: int) -> int:
        """A start before which no place overlapping this one fits; at most `start` if it fits."""
        finish, found = start + task.duration, start
        for name, amount in self._needs[task.id]:
            part = self.free[name][start:finish]
            if part and min(part) < amount:
                short = max(day for day, free in enumerate(part, start) if free < amount)
                found = max(found, short + 1)
        if task.go_live:
            # Only the last days mind a freeze: the others may work through it.
            frozen = self.frozen.rfind(1, finish - task.go_live, finish)
            if frozen >= 0:
                found = max(found, frozen + 1 + task.go_live - task.duration)
        return found

    def _not_after(self, task: Task, finish: int) -> int:
        """A finish after which no place overlapping this one fits; `finish` if it fits."""
        start, found = finish - task.duration, finish
        for name, amount in self._needs[task.id]:
            part = self.free[name][start:finish]
            if part and min(part) < amount:
                found = min(found, next(d for d, free in enumerate(part, start) if free < amount))
        if task.go_live:
            frozen = self.frozen.find(1, finish - task.go_live, finish)
            if frozen >= 0:
                found = min(found, frozen)
        return found

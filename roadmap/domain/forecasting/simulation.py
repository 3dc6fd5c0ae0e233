"""The same plan played through again and again, each time with other efforts.

Knows problems, schedules and outcomes only; what they mean in dates is `forecast.py`'s.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from roadmap.domain.forecasting.uncertainty import Outcome
from roadmap.domain.problem import Problem, Schedule
from roadmap.domain.profile import Profile

LIMIT = "work in progress"
TELL_EVERY = 50
Tell = Callable[[int, int], object]


@dataclass(frozen=True)
class Runs:
    """Day numbers by task, one for each run; `critical`: in how many runs it was critical."""

    count: int
    starts: Mapping[str, Sequence[int]]
    finishes: Mapping[str, Sequence[int]]
    critical: Mapping[str, int]


@dataclass
class _Played:
    """One run: when each task (by position) starts and finishes, and what is left of everything."""

    starts: list[int]
    finishes: list[int]
    needs: list[list[tuple[int, int]]]
    profiles: list[Profile]
    ends: dict[int, list[int]] = field(default_factory=dict)


def play(
    problem: Problem,
    schedule: Schedule,
    outcomes: Mapping[str, Sequence[Outcome]],
    tell: Tell | None = None,
    begun: Collection[str] = (),
) -> Runs:
    """Each run places the tasks one by one in the order of the schedule's starts, each as early as
    its predecessors, the people, the limit and the freezes allow (serial schedule generation;
    Kolisch 1996). A pinned task starts on its day, or as soon as it can after it; one of `begun`
    started on it for certain, whoever is short of people, and lasts over a freeze it runs into.

    `outcomes`: task → what it needs, run by run. `tell` hears how many runs are done, of how many.
    """
    player = _Player(problem, schedule, begun)
    runs = min((len(found) for found in outcomes.values()), default=0)
    ids = [task.id for task in problem.tasks]
    starts: list[list[int]] = [[] for _ in ids]
    finishes: list[list[int]] = [[] for _ in ids]
    critical = [0] * len(ids)
    for run in range(runs):
        played = player.play([outcomes[name][run] for name in ids])
        for task, (start, finish) in enumerate(zip(played.starts, played.finishes, strict=True)):
            starts[task].append(start)
            finishes[task].append(finish)
        for task in player.critical(played):
            critical[task] += 1
        if tell is not None and (run + 1) % TELL_EVERY == 0:
            tell(run + 1, runs)
    return Runs(
        count=runs,
        starts=dict(zip(ids, starts, strict=True)),
        finishes=dict(zip(ids, finishes, strict=True)),
        critical=dict(zip(ids, critical, strict=True)),
    )


class _Player:
    def __init__(self, problem: Problem, schedule: Schedule, begun: Collection[str]) -> None:
        self._tasks = problem.tasks
        self._begun = [task.id in begun and task.fixed is not None for task in problem.tasks]
        place = {task.id: number for number, task in enumerate(problem.tasks)}
        self._before = [[(place[o], lag) for o, lag in t.predecessors] for t in problem.tasks]
        self._order = _order(problem, schedule, self._before)
        self._names = {role: number for number, role in enumerate(problem.capacities)}
        self._steps = [sorted(steps) for steps in problem.capacities.values()]
        if problem.wip_limit is not None:
            self._names[LIMIT] = len(self._steps)
            self._steps.append([(0, problem.wip_limit)])
        self._profiles = [Profile(steps) for steps in self._steps]
        # What is left for good: planning leaves out what needs people who never come back.
        self._for_good = [steps[-1][1] for steps in self._steps]
        self._freezes = _merged(problem.freezes)
        self._needs: dict[tuple[int, int], list[tuple[int, int]]] = {}

    def play(self, outcomes: Sequence[Outcome]) -> _Played:
        count = len(self._tasks)
        played = _Played(
            starts=[0] * count,
            finishes=[0] * count,
            needs=[self._needs_of(task, outcomes[task]) for task in range(count)],
            profiles=[profile.copy() for profile in self._profiles],
        )
        finishes, profiles = played.finishes, played.profiles
        for task in self._order:
            if self._begun[task]:
                self._go_on(task, outcomes[task].days, played)
                continue
            start, days = self._floor(task), outcomes[task].days
            for other, lag in self._before[task]:
                arrival = finishes[other] + lag
                if arrival > start:
                    start = arrival
            needs = played.needs[task]
            start = self._earliest(
                start, days, needs, min(self._tasks[task].go_live, days), profiles
            )
            finish = start + days
            for number, amount in needs:
                profiles[number].take(start, finish, amount)
            played.starts[task], finishes[task] = start, finish
            played.ends.setdefault(finish, []).append(task)
        return played

    def _go_on(self, task: int, days: int, played: _Played) -> None:
        start = self._floor(task)
        finish = start + days
        for number, amount in played.needs[task]:
            played.profiles[number].take(start, finish, amount)
        live = min(self._tasks[task].go_live, days)
        thaw = _frozen_until(self._freezes, finish - live, finish) if live else None
        if thaw is not None:
            finish = thaw + live
        played.starts[task], played.finishes[task] = start, finish
        played.ends.setdefault(finish, []).append(task)

    def critical(self, played: _Played) -> set[int]:
        """Everything on a chain without a gap that ends with the last finish: a day more of any of
        them and the task after it starts later. A start that only the calendar holds (the first
        day, a pin, a freeze, people who come later) ends the chain.
        """
        last = max(played.finishes, default=0)
        open_ones = [task for task, finish in enumerate(played.finishes) if finish == last]
        found: set[int] = set()
        while open_ones:
            task = open_ones.pop()
            if task not in found:
                found.add(task)
                open_ones.extend(self._holders(task, played))
        return found

    def _holders(self, task: int, played: _Played) -> list[int]:
        """The tasks without whose finish this one would have started a day earlier."""
        start = played.starts[task]
        if start <= self._floor(task):
            return []
        arrived = [o for o, lag in self._before[task] if played.finishes[o] + lag == start]
        if arrived:
            return arrived
        ended = played.ends.get(start, [])
        if not ended:
            return []
        short = {
            number
            for number, amount in played.needs[task]
            if _free_on(played.profiles[number], start - 1) < amount
        }
        return [o for o in ended if any(number in short for number, _ in played.needs[o])]

    def _floor(self, task: int) -> int:
        details = self._tasks[task]
        return details.earliest if details.fixed is None else details.fixed

    def _needs_of(self, task: int, outcome: Outcome) -> list[tuple[int, int]]:
        key = (task, id(outcome))
        if key not in self._needs:
            found = [(self._names[role], n) for role, n in outcome.demands.items()]
            if LIMIT in self._names and self._tasks[task].wip:
                found.append((self._names[LIMIT], self._tasks[task].wip))
            clipped = [(number, min(n, self._for_good[number])) for number, n in found]
            self._needs[key] = [(number, n) for number, n in clipped if n > 0]
        return self._needs[key]

    def _earliest(
        self,
        start: int,
        days: int,
        needs: list[tuple[int, int]],
        live: int,
        profiles: list[Profile],
    ) -> int:
        while True:
            finish = start + days
            for number, amount in needs:
                end = profiles[number].conflict_end(start, finish, amount)
                if end is not None:
                    start = end
                    break
            else:
                thaw = _frozen_until(self._freezes, finish - live, finish) if live else None
                if thaw is None:
                    return start
                start = thaw - (days - live)


def _order(
    problem: Problem, schedule: Schedule, before: Sequence[Sequence[tuple[int, int]]]
) -> list[int]:
    """Positions by start; a predecessor always first, also one of no length or a pin's."""
    starts = [schedule.starts[task.id] for task in problem.tasks]
    waiting = sorted(
        range(len(starts)), key=lambda t: (starts[t], schedule.finishes[problem.tasks[t].id], t)
    )
    order: list[int] = []
    placed: set[int] = set()

    def place(task: int) -> None:
        if task not in placed:
            placed.add(task)
            for other, _ in before[task]:
                place(other)
            order.append(task)

    for task in waiting:
        place(task)
    return order


def _merged(freezes: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, finish in sorted(freezes):
        if finish <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], finish))
        else:
            found.append((start, finish))
    return found


def _frozen_until(freezes: Sequence[tuple[int, int]], start: int, finish: int) -> int | None:
    """The end of the last freeze that touches [start, finish)."""
    for begin, end in reversed(freezes):
        if begin < finish and start < end:
            return end
    return None


def _free_on(profile: Profile, day: int) -> int:
    return profile.free[max(0, bisect_right(profile.times, day) - 1)]

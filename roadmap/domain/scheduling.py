"""The fast engine: serial schedule generation by priority rules, then forward-backward improvement.

Every rule gives one schedule that keeps all the constraints; each is improved by pushing its tasks
to the right and then to the left again; the best one wins. Nothing is random and nothing looks at
a clock, so the same problem always gives the same schedule.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from roadmap.domain.priorities import RULES, Key, Network, build_network
from roadmap.domain.problem import Problem, Schedule, Task
from roadmap.domain.profile import Profile

ENGINE = "serial-forward-backward"
ENGINE_VERSION = "1"
# More rounds hardly ever find anything better, and each one costs two schedules.
IMPROVEMENT_ROUNDS = 2

Starts = list[int]
Demand = tuple[int, int]  # (position of the profile, amount)


Objective = tuple[int, int, int, int]
Tell = Callable[[Schedule, str], bool]


@dataclass(frozen=True)
class SearchLimits:
    """What a search may spend: schedules of the fast engine, CP-SAT's deterministic time; wall
    seconds are a cap on top (None: no clock, the same input then always gives the same bytes).
    """

    schedules: int = 20_000
    deterministic: float = 5.0
    seconds: float | None = None
    seed: int = 1


@dataclass(frozen=True)
class SearchResult:
    """`ended_by`: "proven" (nothing better exists), "limit", "clock" or "stopped" (by `tell`)."""

    schedule: Schedule
    engine: str
    version: str
    solver_version: str
    seed: int
    parameters: Mapping[str, object]
    ended_by: str
    is_proven: bool
    phases: Mapping[str, object] = field(default_factory=dict)


def search(
    problem: Problem,
    limits: SearchLimits,
    *,
    previous: Schedule | Mapping[str, int] | None = None,
    tell: Tell | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> SearchResult:
    """The full engine; `tell(schedule, phase)` hears of each better one, its False stops."""
    first = schedule(problem, previous)
    stopped = tell is not None and not tell(first, "rules")
    return SearchResult(
        schedule=first,
        engine=ENGINE,
        version=ENGINE_VERSION,
        solver_version="",
        seed=limits.seed,
        parameters={"schedules": limits.schedules, "deterministic": limits.deterministic},
        ended_by="stopped" if stopped else "limit",
        is_proven=False,
    )


def schedule(problem: Problem, previous: Schedule | Mapping[str, int] | None = None) -> Schedule:
    """The best schedule found, by objective, in this order: fixed starts and due days kept, risk
    reduced early (Σ value × finish), finish of the whole, closeness to the previous starts.
    """
    before = previous.starts if isinstance(previous, Schedule) else previous or {}
    generator = _Generator(problem, build_network(problem), before)
    best: Objective | None = None
    chosen: tuple[Starts, str] = ([], "none")
    for name, rule in (("due", generator.by_due), ("previous", generator.by_previous), *RULES):
        starts = generator.forward(rule(generator.network))
        for attempt in range(IMPROVEMENT_ROUNDS + 1):
            objective = generator.objective(starts)
            if best is None or objective < best:
                best, chosen = objective, (starts, name)
            if attempt == IMPROVEMENT_ROUNDS:
                break
            improved = generator.improve(starts)
            if improved == starts:
                break
            starts = improved
    return generator.result(*chosen)


def freeze_profile(freezes: Sequence[tuple[int, int]]) -> Profile | None:
    """A profile that is 0 inside every freeze and 1 outside; None without freezes."""
    edges: dict[int, int] = {0: 0}
    for start, finish in freezes:
        if finish > start:
            edges[start] = edges.get(start, 0) + 1
            edges[finish] = edges.get(finish, 0) - 1
    if len(edges) == 1:
        return None
    depth, steps = 0, []
    for day in sorted(edges):
        depth += edges[day]
        steps.append((day, 0 if depth else 1))
    return Profile(steps)


class _Generator:
    """Places the tasks of one problem, again and again, in different orders."""

    def __init__(self, problem: Problem, network: Network, before: Mapping[str, int]) -> None:
        self.problem = problem
        self.network = network
        self._before = [before.get(task.id) for task in problem.tasks]
        roles = {role: index for index, role in enumerate(problem.capacities)}
        self._profiles = [Profile(steps) for steps in problem.capacities.values()]
        self._demands: list[list[Demand]] = [
            [(roles[role], amount) for role, amount in sorted(task.demands.items()) if amount]
            for task in problem.tasks
        ]
        if problem.wip_limit is not None:
            self._profiles.append(Profile([(0, problem.wip_limit)]))
            for task, demands in zip(problem.tasks, self._demands, strict=True):
                if task.wip:
                    demands.append((len(self._profiles) - 1, task.wip))
        self._freezes = freeze_profile(problem.freezes)
        self._leading = _leading(problem.tasks, network)

    def forward(self, keys: Sequence[Key]) -> Starts:
        """Serial generation: of the tasks whose predecessors stand, the lowest key comes next."""
        network, tasks = self.network, self.problem.tasks
        profiles = [profile.copy() for profile in self._profiles]
        starts: Starts = [-1] * len(tasks)
        self._place_fixed(starts, profiles)
        full = [(self._leading[task], key, task) for task, key in enumerate(keys)]
        waiting = [len(arrows) for arrows in network.predecessors]
        ready = [full[task] for task, count in enumerate(waiting) if count == 0]
        heapify(ready)
        while ready:
            task = heappop(ready)[2]
            if starts[task] < 0:
                starts[task] = self._earliest(task, self._after(task, starts), profiles)
                self._take(task, starts[task], profiles)
            for successor, _ in network.successors[task]:
                waiting[successor] -= 1
                if waiting[successor] == 0:
                    heappush(ready, full[successor])
        return starts

    def improve(self, starts: Starts) -> Starts:
        """Forward-backward improvement: as late as possible, then early again in that order."""
        return self.forward([(float(start),) for start in self._backward(starts)])

    def by_due(self, network: Network) -> list[Key]:
        """What is due first, and what that waits for."""
        due = [task.due if task.due is not None else 10**9 for task in self.problem.tasks]
        for task in reversed(network.topological):
            for successor, lag in network.successors[task]:
                latest = due[successor] - network.durations[successor] - lag
                due[task] = min(due[task], latest)
        return [
            (float(d if d < 10**8 else 10**9), *rest)
            for d, rest in zip(due, dict(RULES)["inherited-rank"](network), strict=True)
        ]

    def by_previous(self, network: Network) -> list[Key]:
        return [
            (float(start) if start is not None else float(rank),)
            for start, rank in zip(self._before, network.ranks, strict=True)
        ]

    def objective(self, starts: Starts) -> Objective:
        weighted, makespan, moved = 0, 0, 0
        for start, days, value, before in zip(
            starts, self.network.durations, self.network.values, self._before, strict=True
        ):
            weighted += value * (start + days)
            makespan = max(makespan, start + days)
            moved += abs(start - before) if before is not None else 0
        weighted += self.problem.finish_value * makespan
        if self.problem.finish_first:
            return (len(self.broken(starts)), makespan, weighted, moved)
        return (len(self.broken(starts)), weighted, makespan, moved)

    def broken(self, starts: Starts) -> list[tuple[str, str]]:
        """Fixed starts and due days not kept: the task and what stands against it."""
        tasks, found = self.problem.tasks, []
        for details, start in zip(tasks, starts, strict=True):
            if details.due is not None and start + details.duration > details.due:
                found.append((details.id, "due"))
        fixed = [index for index, task in enumerate(tasks) if task.fixed is not None]
        for task in fixed:
            for other, lag in self.network.predecessors[task]:
                if starts[other] + tasks[other].duration + lag > starts[task]:
                    found.append((tasks[task].id, tasks[other].id))
        if fixed:
            found.extend(self._overloads(starts, fixed))
        return found

    def result(self, starts: Starts, rule: str) -> Schedule:
        tasks = self.problem.tasks
        _, weighted, makespan, _ = self.objective(starts)
        if self.problem.finish_first:
            weighted, makespan = makespan, weighted
        return Schedule(
            starts={task.id: start for task, start in zip(tasks, starts, strict=True)},
            finishes={t.id: start + t.duration for t, start in zip(tasks, starts, strict=True)},
            makespan=makespan,
            weighted_finish=weighted,
            rule=rule,
            broken=tuple(self.broken(starts)),
        )

    def _backward(self, starts: Starts) -> Starts:
        """The same tasks, each as late as the others and the finish of the whole allow."""
        network, tasks = self.network, self.problem.tasks
        profiles = [profile.copy() for profile in self._profiles]
        late = list(starts)
        for task, fixed in enumerate(t.fixed for t in tasks):
            if fixed is not None:
                self._take(task, starts[task], profiles)
        makespan = max((s + t.duration for s, t in zip(starts, tasks, strict=True)), default=0)
        place = {task: number for number, task in enumerate(network.topological)}
        # Finish order alone could put a task of no length before its successor.
        order = sorted(
            range(len(tasks)), key=lambda t: (starts[t] + tasks[t].duration, starts[t], place[t])
        )
        for task in reversed(order):
            if tasks[task].fixed is not None:
                continue
            finish = makespan
            for successor, lag in network.successors[task]:
                finish = min(finish, late[successor] - lag)
            late[task] = self._latest(task, finish, starts[task], profiles)
            self._take(task, late[task], profiles)
        return late

    def _earliest(self, task: int, start: int, profiles: list[Profile]) -> int:
        """The first start from `start` on at which capacity, limits and freezes allow the task."""
        days = self.network.durations[task]
        if not days:
            return start
        live = self.problem.tasks[task].go_live if self._freezes else 0
        demands = [(profiles[index], amount) for index, amount in self._demands[task]]
        while True:
            finish = start + days
            for profile, amount in demands:
                end = profile.conflict_end(start, finish, amount)
                if end is not None:
                    start = end
                    break
            else:
                if not live or self._freezes is None:
                    return start
                end = self._freezes.conflict_end(finish - live, finish, 1)
                if end is None:
                    return start
                start = end - (days - live)

    def _latest(self, task: int, finish: int, floor: int, profiles: list[Profile]) -> int:
        """The last start that fits before `finish`; `floor` when nothing later does."""
        days = self.network.durations[task]
        live = self.problem.tasks[task].go_live if self._freezes else 0
        demands = [(profiles[index], amount) for index, amount in self._demands[task]]
        while days and finish - days > floor:
            for profile, amount in demands:
                begin = profile.conflict_start(finish - days, finish, amount)
                if begin is not None:
                    finish = begin
                    break
            else:
                if not live or self._freezes is None:
                    return finish - days
                begin = self._freezes.conflict_start(finish - live, finish, 1)
                if begin is None:
                    return finish - days
                finish = begin
        return max(floor, finish - days)

    def _after(self, task: int, starts: Starts) -> int:
        day = self.problem.tasks[task].earliest
        for other, lag in self.network.predecessors[task]:
            day = max(day, starts[other] + self.network.durations[other] + lag)
        return day

    def _take(self, task: int, start: int, profiles: list[Profile]) -> None:
        finish = start + self.network.durations[task]
        for index, amount in self._demands[task]:
            profiles[index].take(start, finish, amount)

    def _place_fixed(self, starts: Starts, profiles: list[Profile]) -> None:
        for index, task in enumerate(self.problem.tasks):
            if task.fixed is not None:
                starts[index] = task.fixed
                self._take(index, task.fixed, profiles)

    def _overloads(self, starts: Starts, fixed: list[int]) -> list[tuple[str, str]]:
        """Fixed tasks that together need more than there is, or go live inside a freeze."""
        names = [*self.problem.capacities, "work in progress"]
        profiles = [profile.copy() for profile in self._profiles]
        for task in fixed:
            self._take(task, starts[task], profiles)
        found = []
        for task in fixed:
            details = self.problem.tasks[task]
            finish = starts[task] + details.duration
            for index, _ in self._demands[task]:
                if profiles[index].conflict_start(starts[task], finish, 0) is not None:
                    found.append((details.id, names[index]))
            live = details.go_live
            if live and self._freezes and self._freezes.conflict_end(finish - live, finish, 1):
                found.append((details.id, "freeze"))
        return found


def _leading(tasks: Sequence[Task], network: Network) -> list[int]:
    """0 for urgent tasks, 1 for what a fixed start waits for, 2 for the rest."""
    leading = [0 if task.urgent else 2 for task in tasks]
    for index in reversed(network.topological):
        if tasks[index].fixed is not None or leading[index] == 1:
            for other, _ in network.predecessors[index]:
                leading[other] = min(leading[other], 1)
    return leading

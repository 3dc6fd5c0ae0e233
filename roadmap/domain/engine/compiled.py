"""A problem made ready for fast schedule generation: everything by position, days as one list.

The amounts of all roles used on one day stand side by side in one integer, each in a field of its
own with a guard bit above it. A field is filled so that one unit too much sets its guard bit: one
addition and one mask test all roles of a day at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from heapq import heapify, heappop, heappush
from math import gcd

from roadmap.domain.priorities import Key, Network, build_network
from roadmap.domain.problem import Problem, Task
from roadmap.domain.profile import Profile

Starts = list[int]
# First allowed place for a go-live that would end (begin, looking backward) on each day, and what
# to add to a start to reach that end.
Window = tuple[list[int], int]


@dataclass(frozen=True, slots=True)
class Field:
    """Where a role stands in the integer of a day; amounts are counted in multiples of `unit`."""

    shift: int
    width: int
    unit: int
    most: int
    steps: tuple[tuple[int, int], ...]

    @property
    def full(self) -> int:
        return (1 << self.width) - 1

    def of(self, amounts: int) -> int:
        """The amount of this field among all of them."""
        return amounts >> self.shift & self.full

    @property
    def guard(self) -> int:
        return 1 << self.shift + self.width


@dataclass(frozen=True, slots=True)
class Direction:
    """What a pass over the days needs, forward or (days counted from the end) backward."""

    arrows: list[tuple[int, ...]]
    lagged: list[tuple[tuple[int, int], ...]]
    used: list[int]
    windows: list[Window | None]
    fixed: list[tuple[int, int]]  # (task, where it ends in this direction)


@dataclass(frozen=True, slots=True)
class Compiled:
    """Tasks stand in a topological order: a predecessor always has the lower position."""

    problem: Problem
    tasks: tuple[Task, ...]
    network: Network
    days: list[int]
    needs: list[int]
    fields: list[Field]
    guard: int
    horizon: int
    earliest: list[int]
    leading: list[int]
    is_led: bool  # some tasks go before the others
    free: list[int]  # the tasks without a fixed start
    before: list[frozenset[int]]  # what must stand before the task in a list
    after: list[frozenset[int]]
    freezes: list[tuple[int, int]]
    forward: Direction
    backward: Direction

    def used_by(self, tasks: Sequence[int], finishes: Sequence[int]) -> list[int]:
        """Per day what is not there or taken, by fixed tasks and by these."""
        used = self.forward.used.copy()
        for task in tasks:
            need = self.needs[task]
            for day in range(finishes[task] - self.days[task], finishes[task]):
                used[day] += need
        return used

    def closed_starts(self, task: int) -> list[tuple[int, int]]:
        """First and last of the starts that would put the go-live into a freeze."""
        days, live = self.days[task], self.tasks[task].go_live
        if not live:
            return []
        return [(start - days + 1, finish - days + live - 1) for start, finish in self.freezes]

    def order(self, keys: Sequence[Key]) -> list[int]:
        """Of the tasks whose predecessors stand before, the lowest key comes next."""
        network, leading = self.network, self.leading
        waiting = [len(arrows) for arrows in network.predecessors]
        ready = [
            (leading[task], keys[task], task) for task, count in enumerate(waiting) if not count
        ]
        heapify(ready)
        found = []
        while ready:
            task = heappop(ready)[2]
            found.append(task)
            for successor, _ in network.successors[task]:
                waiting[successor] -= 1
                if not waiting[successor]:
                    heappush(ready, (leading[successor], keys[successor], successor))
        return [task for task in found if self.tasks[task].fixed is None]


def compile_problem(problem: Problem) -> Compiled:
    first = build_network(problem)
    tasks = tuple(problem.tasks[index] for index in first.topological)
    network = build_network(problem, tasks)
    fields = _fields(problem)
    days = [task.duration for task in tasks]
    horizon = _horizon(problem)
    leading = _leading(tasks, network)
    free = [index for index, task in enumerate(tasks) if task.fixed is None]
    used = _used(problem, fields, horizon)
    # Room behind day 0: a pass backward may need it when fixed starts contradict each other.
    spare = horizon + sum(days) + sum(_longest_lag(task) for task in tasks)
    reverse = used[::-1] + [used[-1]] * (spare - horizon + 1)
    freezes = _merged(problem.freezes)
    return Compiled(
        problem=problem,
        tasks=tasks,
        network=network,
        days=days,
        needs=[_need(task, fields) for task in tasks],
        fields=list(fields.values()),
        guard=sum(field.guard for field in fields.values()),
        horizon=horizon,
        earliest=[task.earliest for task in tasks],
        leading=leading,
        is_led=len({leading[task] for task in free}) > 1,
        free=free,
        before=[frozenset(other for other, _ in arrows) for arrows in network.predecessors],
        after=[frozenset(other for other, _ in arrows) for arrows in network.successors],
        freezes=freezes,
        forward=Direction(
            *_arrows(network.predecessors),
            used,
            _windows(tasks, freezes, horizon, is_forward=True),
            [(i, t.fixed + t.duration) for i, t in enumerate(tasks) if t.fixed is not None],
        ),
        backward=Direction(
            *_arrows(network.successors),
            reverse,
            _windows(
                tasks,
                [(horizon - finish, horizon - start) for start, finish in reversed(freezes)],
                spare,
                is_forward=False,
            ),
            [(i, horizon - t.fixed) for i, t in enumerate(tasks) if t.fixed is not None],
        ),
    )


WORK_IN_PROGRESS = "\0work in progress"


def _amounts(task: Task) -> Iterable[tuple[str, int]]:
    yield from task.demands.items()
    yield WORK_IN_PROGRESS, task.wip


def _fields(problem: Problem) -> dict[str, Field]:
    """A field for each role that some task needs; amounts without their common divisor."""
    wanted: dict[str, list[int]] = {}
    for task in problem.tasks:
        for role, amount in _amounts(task):
            if amount > 0 and task.duration:
                wanted.setdefault(role, []).append(amount)
    steps = dict(problem.capacities)
    if problem.wip_limit is not None:
        steps[WORK_IN_PROGRESS] = ((0, problem.wip_limit),)
    fields: dict[str, Field] = {}
    shift = 0
    for role in sorted(wanted.keys() & steps.keys()):
        unit = reduce(gcd, wanted[role])
        most = max(max(0, amount) // unit for _, amount in steps[role])
        width = max(1, max(most, max(wanted[role]) // unit).bit_length())
        fields[role] = Field(shift, width, unit, most, tuple(sorted(steps[role])))
        shift += width + 1
    return fields


def _need(task: Task, fields: Mapping[str, Field]) -> int:
    if not task.duration:
        return 0
    return sum(
        amount // fields[role].unit << fields[role].shift
        for role, amount in _amounts(task)
        if amount > 0 and role in fields
    )


def _used(problem: Problem, fields: Mapping[str, Field], horizon: int) -> list[int]:
    """Per day, all fields at once: what is not there counts as used, and so do fixed tasks."""
    days = [0] * horizon
    for role, field in fields.items():
        profile = Profile(field.steps)
        for task in problem.tasks:
            if task.fixed is not None:
                amount = dict(_amounts(task)).get(role, 0)
                profile.take(max(0, task.fixed), max(0, task.fixed + task.duration), amount)
        full = field.full
        edges = [*profile.times, horizon]
        for index, amount in enumerate(profile.free):
            # Fixed tasks may need more than there is: then nothing is left, not less.
            taken = full - max(0, amount) // field.unit << field.shift
            if taken:
                first, last = edges[index], min(edges[index + 1], horizon)
                days[first:last] = [other + taken for other in days[first:last]]
    return days


def _horizon(problem: Problem) -> int:
    """A day by which a serial schedule has surely placed everything."""
    quiet = [0]
    quiet += [day for steps in problem.capacities.values() for day, _ in steps]
    quiet += [finish for _, finish in problem.freezes]
    quiet += [task.earliest for task in problem.tasks]
    quiet += [task.fixed + task.duration for task in problem.tasks if task.fixed is not None]
    work = sum(task.duration + task.go_live + _longest_lag(task) for task in problem.tasks)
    return max(quiet) + work + 2


def _longest_lag(task: Task) -> int:
    return max((lag for _, lag in task.predecessors), default=0)


def _arrows(
    arrows: Sequence[Sequence[tuple[int, int]]],
) -> tuple[list[tuple[int, ...]], list[tuple[tuple[int, int], ...]]]:
    return (
        [tuple(sorted({other for other, lag in pairs if not lag})) for pairs in arrows],
        [tuple((other, lag) for other, lag in pairs if lag) for pairs in arrows],
    )


def _merged(freezes: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, finish in sorted(freezes):
        if finish <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(finish, found[-1][1]))
        else:
            found.append((start, finish))
    return found


def _windows(
    tasks: Sequence[Task], freezes: Sequence[tuple[int, int]], horizon: int, *, is_forward: bool
) -> list[Window | None]:
    """Forward the go-live ends with the task; counted from the end it begins with it."""
    tables: dict[int, list[int]] = {}
    found: list[Window | None] = []
    for task in tasks:
        if not task.go_live or not freezes:
            found.append(None)
            continue
        if task.go_live not in tables:
            tables[task.go_live] = _allowed(freezes, task.go_live, horizon, is_forward)
        found.append((tables[task.go_live], task.duration if is_forward else 0))
    return found


def _allowed(
    freezes: Sequence[tuple[int, int]], length: int, horizon: int, is_forward: bool
) -> list[int]:
    table = list(range(horizon + 1))
    for start, finish in reversed(freezes):
        first = start + 1 if is_forward else start - length + 1
        next_free = finish + length if is_forward else finish
        for day in range(max(0, first), min(next_free, horizon)):
            table[day] = table[min(next_free, horizon)]
    return table


def _leading(tasks: Sequence[Task], network: Network) -> list[int]:
    """0 for urgent tasks, 1 for what a fixed start waits for, 2 for the rest.

    What a task waits for leads at least as far as the task itself.
    """
    leading = [0 if task.urgent else 2 for task in tasks]
    for index in reversed(network.topological):
        own = 1 if tasks[index].fixed is not None else leading[index]
        for other, _ in network.predecessors[index]:
            leading[other] = min(leading[other], own)
    return leading

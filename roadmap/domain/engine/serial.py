"""Serial schedule generation: each task of a list in turn, as early as what stands before allows.

(Kelley 1963; lists of activities as in Hartmann 1998.) A list must name predecessors first.
"""

from collections.abc import Sequence
from operator import mul

from roadmap.domain.engine.compiled import Compiled, Direction, Starts

# (broken, weighted finish, makespan) or, when the finish comes first, (broken, makespan, weighted).
Objective = tuple[int, int, int]


def forward(plan: Compiled, order: Sequence[int]) -> list[int]:
    """The finish of each task when every one starts as early as it can, in this order."""
    return _place(plan, plan.forward, order, plan.earliest)


def backward(plan: Compiled, order: Sequence[int], makespan: int) -> list[int]:
    """The start of each task when every one ends as late as it can before `makespan`."""
    horizon = plan.horizon
    floor = [horizon - makespan] * len(plan.days)
    return [horizon - end for end in _place(plan, plan.backward, order, floor)]


def _place(
    plan: Compiled, direction: Direction, order: Sequence[int], earliest: Sequence[int]
) -> list[int]:
    # The innermost loop of the engine: one function, nothing but local names.
    days, needs, guard = plan.days, plan.needs, plan.guard
    arrows, lagged, windows = direction.arrows, direction.lagged, direction.windows
    used = direction.used.copy()
    ends = [0] * len(days)
    for task, end in direction.fixed:
        ends[task] = end
    for task in order:
        start = earliest[task]
        for other in arrows[task]:
            if ends[other] > start:
                start = ends[other]
        for other, lag in lagged[task]:
            if ends[other] + lag > start:
                start = ends[other] + lag
        length, need = days[task], needs[task]
        # From the end of the wanted days back to their begin: a day that is full moves the start
        # behind it, and days once seen to be free are not looked at again.
        low = start
        day = end = start + length
        while day > low:
            day -= 1
            if used[day] + need & guard:
                start = day + 1
                low = end
                day = end = start + length
        window = windows[task]
        if window is not None:
            allowed, offset = window
            while allowed[start + offset] != start + offset:
                start = allowed[start + offset] - offset
                low = start
                day = end = start + length
                while day > low:
                    day -= 1
                    if used[day] + need & guard:
                        start = day + 1
                        low = end
                        day = end = start + length
        ends[task] = end
        for day in range(start, end):
            used[day] += need
    return ends


class Judge:
    """Weighs schedules by the objective of the problem."""

    __slots__ = ("_arrivals", "_days", "_dues", "_fixed_faults", "_plan", "_values", "before")

    def __init__(self, plan: Compiled, fixed_faults: int, before: Sequence[int | None]) -> None:
        self._plan = plan
        self._values = list(plan.network.values)
        self._days = plan.days
        self._fixed_faults = fixed_faults
        self._dues = [(i, task.due) for i, task in enumerate(plan.tasks) if task.due is not None]
        self._arrivals = [
            (other, task.fixed - lag)
            for index, task in enumerate(plan.tasks)
            if task.fixed is not None
            for other, lag in plan.network.predecessors[index]
        ]
        self.before = [(i, start) for i, start in enumerate(before) if start is not None]

    def objective(self, finishes: Sequence[int]) -> Objective:
        broken = self._fixed_faults
        for task, day in self._dues:
            broken += finishes[task] > day
        for task, day in self._arrivals:
            broken += finishes[task] > day
        makespan = max(finishes, default=0)
        weighted = sum(map(mul, self._values, finishes))
        weighted += self._plan.problem.finish_value * makespan
        if self._plan.problem.finish_first:
            return (broken, makespan, weighted)
        return (broken, weighted, makespan)

    def deadlines(self, task: int) -> list[int]:
        """By when the task should be done: its due day, and the fixed starts behind it."""
        return [day for other, day in (*self._dues, *self._arrivals) if other == task]

    def moved(self, finishes: Sequence[int]) -> int:
        """Days by which the starts differ from the previous ones, all together."""
        return sum(abs(finishes[task] - self._days[task] - start) for task, start in self.before)


def starts_of(plan: Compiled, finishes: Sequence[int]) -> Starts:
    return [finish - length for finish, length in zip(finishes, plan.days, strict=True)]


def is_feasible(plan: Compiled, finishes: Sequence[int]) -> bool:
    """Whether the schedule keeps every rule, but for fixed starts that contradict others."""
    direction, guard = plan.forward, plan.guard
    fixed = dict(direction.fixed)
    used = direction.used.copy()
    for task, (finish, days) in enumerate(zip(finishes, plan.days, strict=True)):
        if task in fixed:
            if fixed[task] != finish:
                return False
            continue
        start = finish - days
        if start < plan.earliest[task] or finish >= len(used):
            return False
        if any(finishes[other] + lag > start for other, lag in plan.network.predecessors[task]):
            return False
        window = direction.windows[task]
        if window is not None and window[0][finish] != finish:
            return False
        for day in range(start, finish):
            if used[day] + plan.needs[task] & guard:
                return False
            used[day] += plan.needs[task]
    return True

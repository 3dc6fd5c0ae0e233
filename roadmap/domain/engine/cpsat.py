"""OR-Tools CP-SAT on the whole problem or on a part of it, asked only for something better.

Nothing here is imported before a search wants it: the solver takes a second and 90 MB, and only the
worker may spend them. One worker, a fixed seed and the solver's deterministic time make it repeat.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from threading import Thread
from typing import Any

from roadmap.domain.engine.best import Best
from roadmap.domain.engine.bounds import earliest_finishes
from roadmap.domain.engine.compiled import Field

# How often a running solver is asked to stop, in seconds.
POLL = 0.02


@dataclass(frozen=True)
class Answer:
    """`finishes` of all tasks when something better was found. `is_final`: the solver searched
    everything: there is nothing better than `finishes`, or than what there was before.
    """

    finishes: list[int] | None
    is_final: bool
    deterministic: float


def solver_version() -> str:
    return version("ortools")


def better_than(
    best: Best, chosen: Sequence[int], deterministic: float, seed: int, goes_on: Callable[[], bool]
) -> Answer:
    """Move the chosen tasks, all others stay, so that the whole becomes better than the best."""
    model = _Model(best, chosen)
    if not model.is_open:
        return Answer(None, True, 0.0)
    return model.solve(deterministic, seed, goes_on)


class _Model:
    def __init__(self, best: Best, chosen: Sequence[int]) -> None:
        from ortools.sat.python import cp_model

        self._cp: Any = cp_model
        self._model: Any = cp_model.CpModel()
        self._best = best
        self._plan = best.plan
        self._chosen = [task for task in chosen if self._plan.tasks[task].fixed is None]
        self._free = set(self._chosen)
        self._makespan = max(best.finishes, default=0)
        self._latest_end = self._makespan - 1 if self._is_finish_first else self._longest()
        self._domains = self._start_domains()
        open_days = [
            self._open_days(*pair) for pair in zip(self._chosen, self._domains, strict=True)
        ]
        self.is_open = bool(open_days) and all(open_days)
        if self.is_open:
            self._of = {
                task: self._model.new_int_var_from_domain(cp_model.Domain.from_intervals(days), "")
                for task, days in zip(self._chosen, open_days, strict=True)
            }
            self._arrows()
            self._capacities()
            self._objective()

    @property
    def _is_finish_first(self) -> bool:
        return self._plan.problem.finish_first

    def _longest(self) -> int:
        """What is worth more early may end later than now, though never beyond every task's turn.

        A part of the tasks stays within the finish of the whole: that is where it can gain.
        """
        return self._plan.horizon if len(self._free) == len(self._plan.free) else self._makespan

    def _start_domains(self) -> list[tuple[int, int]]:
        plan, ends = self._plan, self._best.finishes
        heads, tails = earliest_finishes(plan), self._tails()
        latest = self._latest_ends(heads)
        found = []
        for task in self._chosen:
            days = plan.days[task]
            first, last = (
                heads[task] - days,
                min(latest[task], self._latest_end - tails[task]) - days,
            )
            for other, lag in plan.network.predecessors[task]:
                if other not in self._free:
                    first = max(first, ends[other] + lag)
            for other, lag in plan.network.successors[task]:
                if other not in self._free and plan.tasks[other].fixed is None:
                    last = min(last, ends[other] - plan.days[other] - lag - days)
            for day in self._best.judge.deadlines(task):
                if ends[task] <= day:
                    last = min(last, day - days)
            if plan.tasks[task].urgent:
                last = min(last, ends[task] - days)
            found.append((first, last))
        return found

    def _latest_ends(self, heads: Sequence[int]) -> list[int]:
        """Where a task would cost more than all that the others could gain at best."""
        values, ends = self._plan.network.values, self._best.finishes
        if self._is_finish_first:
            return [self._latest_end] * len(values)
        gain = sum(v * (end - head) for v, end, head in zip(values, ends, heads, strict=True))
        gain += self._plan.problem.finish_value * self._makespan
        return [
            head + gain // value if value > 0 else self._latest_end
            for head, value in zip(heads, values, strict=True)
        ]

    def _tails(self) -> list[int]:
        plan = self._plan
        tails = [0] * len(plan.days)
        for task in reversed(plan.network.topological):
            for other, lag in plan.network.successors[task]:
                if plan.tasks[other].fixed is None:
                    tails[task] = max(tails[task], lag + plan.days[other] + tails[other])
        return tails

    def _open_days(self, task: int, domain: tuple[int, int]) -> list[list[int]]:
        """The starts of the domain that keep the go-live out of freezes, as intervals."""
        day, last = domain
        found = []
        for low, high in self._plan.closed_starts(task):
            if day < low and day <= last:
                found.append([day, min(low - 1, last)])
            day = max(day, high + 1)
        if day <= last:
            found.append([day, last])
        return found

    def _arrows(self) -> None:
        plan = self._plan
        for task in self._chosen:
            for other, lag in plan.network.predecessors[task]:
                if other in self._free:
                    self._model.add(self._of[task] >= self._of[other] + plan.days[other] + lag)

    def _capacities(self) -> None:
        plan, model = self._plan, self._model
        low = min(first for first, _ in self._domains)
        high = max(
            last + plan.days[task]
            for task, (_, last) in zip(self._chosen, self._domains, strict=True)
        )
        used = plan.used_by([t for t in plan.free if t not in self._free], self._best.finishes)
        intervals = {
            task: model.new_fixed_size_interval_var(self._of[task], plan.days[task], "")
            for task in self._chosen
            if plan.needs[task]
        }
        for field in plan.fields:
            needs = {task: field.of(plan.needs[task]) for task in intervals}
            wanted = [task for task, amount in needs.items() if amount]
            if not wanted:
                continue
            blocks = _blocks(field, used, low, high)
            least = min(amount for _, _, amount in blocks)
            capacity = field.full - least
            if sum(needs[task] for task in wanted) <= capacity and len(blocks) == 1:
                continue
            gone = [(a, b, amount - least) for a, b, amount in blocks if amount > least]
            model.add_cumulative(
                [intervals[task] for task in wanted]
                + [model.new_fixed_size_interval_var(a, b - a, "") for a, b, _ in gone],
                [needs[task] for task in wanted] + [amount for _, _, amount in gone],
                capacity,
            )

    def _objective(self) -> None:
        plan, model, ends = self._plan, self._model, self._best.finishes
        stays = max((end for task, end in enumerate(ends) if task not in self._free), default=0)
        makespan = None
        if self._is_finish_first or plan.problem.finish_value:
            makespan = model.new_int_var(stays, self._latest_end, "")
            for task in self._chosen:
                model.add(makespan >= self._of[task] + plan.days[task])
        weights = plan.network.values
        penalty = 0
        if self._is_finish_first:
            goal: Any = makespan
            now = self._makespan
        else:
            goal = sum(weights[task] * self._of[task] for task in self._chosen)
            now = sum(weights[task] * (ends[task] - plan.days[task]) for task in self._chosen)
            if makespan is not None:
                goal += plan.problem.finish_value * makespan
                now += plan.problem.finish_value * self._makespan
        for task in self._chosen:
            for day in self._best.judge.deadlines(task):
                if ends[task] > day:
                    # Missed so far: to keep it outweighs everything else.
                    penalty = penalty or 1 + self._largest_goal()
                    missed = model.new_bool_var("")
                    model.add(self._of[task] + plan.days[task] <= day).only_enforce_if(~missed)
                    goal += penalty * missed
                    now += penalty
        model.add(goal <= now - 1)
        model.minimize(goal)

    def _largest_goal(self) -> int:
        worth = sum(abs(value) for value in self._plan.network.values)
        return (worth + self._plan.problem.finish_value + 1) * (self._latest_end + 1)

    def solve(self, deterministic: float, seed: int, goes_on: Callable[[], bool]) -> Answer:
        solver: Any = self._cp.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = seed
        solver.parameters.max_deterministic_time = deterministic
        status: list[Any] = []
        # The solver runs beside, so that whoever waits keeps hearing and can stop it.
        runner = Thread(target=lambda: status.append(solver.solve(self._model)), daemon=True)
        runner.start()
        while runner.is_alive():
            runner.join(POLL)
            if runner.is_alive() and not goes_on():
                solver.stop_search()
        cp = self._cp
        finishes = None
        if status and status[0] in (cp.OPTIMAL, cp.FEASIBLE):
            finishes = list(self._best.finishes)
            for task, start in self._of.items():
                finishes[task] = solver.value(start) + self._plan.days[task]
        return Answer(
            finishes,
            bool(status) and status[0] in (cp.OPTIMAL, cp.INFEASIBLE),
            solver.response_proto.deterministic_time if status else 0.0,
        )


def _blocks(field: Field, used: Sequence[int], low: int, high: int) -> list[tuple[int, int, int]]:
    """Stretches of days on which the same amount of the field is gone already."""
    found: list[tuple[int, int, int]] = []
    for day in range(low, high):
        amount = field.of(used[day])
        if found and found[-1][2] == amount:
            found[-1] = (found[-1][0], day + 1, amount)
        else:
            found.append((day, day + 1, amount))
    return found or [(low, high, 0)]

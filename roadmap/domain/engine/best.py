"""The best schedule so far, by the objective of the problem."""

from collections.abc import Mapping, Sequence

from roadmap.domain.engine.compiled import Compiled
from roadmap.domain.engine.faults import late_arrivals, missed_dues, overloads
from roadmap.domain.engine.serial import Judge, Objective, starts_of
from roadmap.domain.problem import Schedule


class Best:
    """Keeps the better of what it is offered; equal ones by closeness to the previous starts."""

    def __init__(self, plan: Compiled, before: Mapping[str, int]) -> None:
        self.plan = plan
        self.before = [before.get(task.id) for task in plan.tasks]
        self.overloads = overloads(plan.problem)
        self.judge = Judge(plan, len(self.overloads), self.before)
        self.finishes: list[int] = []
        self.rule = "none"
        self.objective: Objective | None = None
        self._moved = 0

    def offer(self, finishes: Sequence[int], rule: str, objective: Objective | None = None) -> bool:
        """Whether it was better than what there was."""
        objective = objective or self.judge.objective(finishes)
        if self.objective is not None and objective > self.objective:
            return False
        moved = self.judge.moved(finishes)
        if objective == self.objective and moved >= self._moved:
            return False
        self.finishes, self.rule = list(finishes), rule
        self.objective, self._moved = objective, moved
        return True

    def result(self) -> Schedule:
        plan, problem = self.plan, self.plan.problem
        starts = starts_of(plan, self.finishes)
        place = {task.id: index for index, task in enumerate(plan.tasks)}
        # In the order of the problem, so that the same problem gives the same bytes.
        by_id = {task.id: starts[place[task.id]] for task in problem.tasks}
        ends = {task.id: self.finishes[place[task.id]] for task in problem.tasks}
        makespan = max(self.finishes, default=0)
        weighted = sum(task.value * ends[task.id] for task in problem.tasks)
        return Schedule(
            starts=by_id,
            finishes=ends,
            makespan=makespan,
            weighted_finish=weighted + problem.finish_value * makespan,
            rule=self.rule,
            broken=(
                *missed_dues(problem, ends),
                *late_arrivals(problem, ends),
                *self.overloads,
            ),
        )

"""What the scheduling engines are given: tasks, capacities and limits, in working-day numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

# Amounts are integers: hundredths of a full-time person.
FULL_TIME = 100
# Ten years of working days: what cannot be done before then cannot be planned.
HORIZON_DAYS = 2610


class UnusableProblem(ValueError):
    """The problem contradicts itself; no schedule can exist."""


@dataclass(frozen=True)
class Task:
    """A piece of work that runs without a break over `duration` working days.

    `demands`: role → hundredths of an FTE on each of those days. `predecessors`: (task id, lag in
    working days). `go_live`: that many days at the end stay out of freezes. `value` is what each
    day of delay costs; `rank` is the order given from outside (1 first). `urgent` tasks are placed
    before all others. A task with a `fixed` start stands there whatever the others do.
    `due`: the working-day number by which it is wanted to be finished (finish ≤ due); a schedule
    that misses it says so in `broken`. `wip`: what it takes of the work-in-progress limit; 0 for
    work that mostly waits for others.
    """

    id: str
    duration: int
    demands: Mapping[str, int] = field(default_factory=dict)
    predecessors: tuple[tuple[str, int], ...] = ()
    value: int = 1
    rank: int = 1
    urgent: bool = False
    go_live: int = 0
    earliest: int = 0
    fixed: int | None = None
    due: int | None = None
    wip: int = 1


@dataclass(frozen=True)
class Problem:
    """`capacities`: role → steps (day, amount from that day on), the first one at day 0.

    `freezes`: half-open intervals of day numbers. `wip_limit`: at most that much `wip` at a time.
    `finish_value`: what each day of delay of the whole costs, beside the values of the tasks.
    With `finish_first` the finish of the whole comes before everything but `broken`.
    """

    tasks: tuple[Task, ...]
    capacities: Mapping[str, tuple[tuple[int, int], ...]]
    wip_limit: int | None = None
    freezes: tuple[tuple[int, int], ...] = ()
    finish_value: int = 0
    finish_first: bool = False

    def __post_init__(self) -> None:
        problems = list(_faults(self))
        if problems:
            raise UnusableProblem("; ".join(problems))


@dataclass(frozen=True)
class Schedule:
    """Starts and finishes as half-open intervals of working-day numbers.

    `broken` names the fixed starts and due days that could not be honoured: the task and what
    stands against it ("due" for a due day). Without them it is always empty. `weighted_finish` is
    Σ value × finish plus `finish_value` × makespan. `rule` is the priority rule that won.
    """

    starts: Mapping[str, int]
    finishes: Mapping[str, int]
    makespan: int
    weighted_finish: int
    rule: str
    broken: tuple[tuple[str, str], ...] = ()


def _faults(problem: Problem) -> Iterable[str]:
    ids = {task.id for task in problem.tasks}
    if len(ids) != len(problem.tasks):
        yield "two tasks have the same id"
    if problem.wip_limit is not None and problem.wip_limit < 1:
        yield "the work-in-progress limit is below 1"
    for role, steps in problem.capacities.items():
        if not steps or steps[0][0] != 0:
            yield f"the capacity of {role} does not begin at day 0"
    for task in problem.tasks:
        yield from _task_faults(task, ids, problem.capacities)
        if problem.wip_limit is not None and task.wip > problem.wip_limit:
            yield f"{task.id} takes more than the work-in-progress limit"
    yield from _cycle({task.id: [p for p, _ in task.predecessors] for task in problem.tasks})


def _task_faults(
    task: Task, ids: set[str], capacities: Mapping[str, tuple[tuple[int, int], ...]]
) -> Iterable[str]:
    if task.duration < 0 or task.go_live < 0 or task.go_live > task.duration:
        yield f"{task.id} has an impossible duration"
    if task.wip < 0:
        yield f"{task.id} takes a negative part of the work-in-progress limit"
    for predecessor, lag in task.predecessors:
        if predecessor not in ids:
            yield f"{task.id} waits for {predecessor}, which is not in the problem"
        if lag < 0:
            yield f"{task.id} has a negative lag"
    for role, amount in task.demands.items():
        steps = capacities.get(role)
        if steps is None:
            yield f"{task.id} needs {role}, which has no capacity"
        elif steps and amount > max(steps)[1]:
            yield f"{task.id} needs {amount} of {role}, more than there ever is"


def _cycle(graph: Mapping[str, list[str]]) -> Iterable[str]:
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        yield "these wait for one another in a circle: " + " → ".join(error.args[1])

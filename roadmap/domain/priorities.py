"""Priority rules: in which order a serial schedule places its tasks (lowest key first)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from roadmap.domain.problem import Problem, Task

Key = tuple[float, ...]


@dataclass(frozen=True)
class Network:
    """The tasks by position, with their arrows both ways: (other task, lag)."""

    durations: tuple[int, ...]
    values: tuple[int, ...]
    ranks: tuple[int, ...]
    predecessors: tuple[tuple[tuple[int, int], ...], ...]
    successors: tuple[tuple[tuple[int, int], ...], ...]
    topological: tuple[int, ...]

    def followers(self) -> list[int]:
        """Per task, all that come after it, directly or not, as a set of bits."""
        after = [0] * len(self.durations)
        for task in reversed(self.topological):
            for successor, _ in self.successors[task]:
                after[task] |= after[successor] | 1 << successor
        return after


def build_network(problem: Problem, tasks: Sequence[Task] | None = None) -> Network:
    """The network of the problem, its tasks in the order of `tasks` when that is given."""
    tasks = problem.tasks if tasks is None else tasks
    position = {task.id: index for index, task in enumerate(tasks)}
    predecessors = tuple(
        tuple((position[other], lag) for other, lag in task.predecessors) for task in tasks
    )
    successors: list[list[tuple[int, int]]] = [[] for _ in tasks]
    for index, arrows in enumerate(predecessors):
        for other, lag in arrows:
            successors[other].append((index, lag))
    return Network(
        durations=tuple(task.duration for task in tasks),
        values=tuple(task.value for task in tasks),
        ranks=tuple(task.rank for task in tasks),
        predecessors=predecessors,
        successors=tuple(tuple(arrows) for arrows in successors),
        topological=_topological(predecessors, successors),
    )


def by_rank(network: Network) -> list[Key]:
    """The order given from outside."""
    return [(float(rank),) for rank in network.ranks]


def by_inherited_rank(network: Network) -> list[Key]:
    """A task counts as urgent as the most urgent one that waits for it."""
    best = list(network.ranks)
    for task in reversed(network.topological):
        for successor, _ in network.successors[task]:
            best[task] = min(best[task], best[successor])
    return [(float(b), float(rank)) for b, rank in zip(best, network.ranks, strict=True)]


def by_value_density(network: Network) -> list[Key]:
    """Value per day of the task together with the best run of work that it opens.

    Successors join while they raise the density, as in Horn's rule for trees.
    """
    density = [0.0] * len(network.durations)
    for task in reversed(network.topological):
        value, days = network.values[task], max(1, network.durations[task])
        opened = sorted({successor for successor, _ in network.successors[task]})
        for successor in sorted(opened, key=lambda s: (-density[s], s)):
            if density[successor] * days <= value:
                break
            value += network.values[successor]
            days += max(1, network.durations[successor])
        density[task] = value / days
    return [(-d,) for d in density]


def by_latest_finish(network: Network) -> list[Key]:
    """Latest finish on the network alone (LFT): what the longest chain cannot wait for."""
    tail = [0] * len(network.durations)
    for task in reversed(network.topological):
        for successor, lag in network.successors[task]:
            tail[task] = max(tail[task], lag + network.durations[successor] + tail[successor])
    return [(-float(t), float(rank)) for t, rank in zip(tail, network.ranks, strict=True)]


def by_positional_weight(network: Network) -> list[Key]:
    """Own duration plus that of everything behind it (GRPW over all followers)."""
    days = network.durations
    weights = [
        days[task] + sum(days[other] for other in _members(after))
        for task, after in enumerate(network.followers())
    ]
    return [(-float(w), float(rank)) for w, rank in zip(weights, network.ranks, strict=True)]


def by_followers(network: Network) -> list[Key]:
    """Most total successors first (MTS)."""
    counts = [after.bit_count() for after in network.followers()]
    return [(-float(c), float(rank)) for c, rank in zip(counts, network.ranks, strict=True)]


# Later than any due day.
NEVER = 1 << 40


def effective_dues(network: Network, dues: Sequence[int | None]) -> list[int]:
    """By when each task must be done so that no due day behind it is missed for its sake."""
    latest = [NEVER if due is None else due for due in dues]
    for task in reversed(network.topological):
        for successor, lag in network.successors[task]:
            latest[task] = min(latest[task], latest[successor] - network.durations[successor] - lag)
    return [min(day, NEVER) if day < NEVER // 2 else NEVER for day in latest]


def by_due(network: Network, dues: Sequence[int | None]) -> list[Key]:
    """What is due first, and what that waits for; the rest as worth has it."""
    latest = effective_dues(network, dues)
    return [(float(day), *key) for day, key in zip(latest, by_value_density(network), strict=True)]


def by_previous(network: Network, starts: Sequence[int | None]) -> list[Key]:
    """The order of an earlier schedule; what was not in it goes by its rank at the end."""
    return [
        (float(NEVER if start is None else start), float(rank))
        for start, rank in zip(starts, network.ranks, strict=True)
    ]


RULES: tuple[tuple[str, Callable[[Network], list[Key]]], ...] = (
    ("rank", by_rank),
    ("inherited-rank", by_inherited_rank),
    ("value-density", by_value_density),
    ("latest-finish", by_latest_finish),
    ("positional-weight", by_positional_weight),
    ("followers", by_followers),
)


def _members(bits: int) -> list[int]:
    found = []
    while bits:
        lowest = bits & -bits
        found.append(lowest.bit_length() - 1)
        bits ^= lowest
    return found


def _topological(
    predecessors: Sequence[Sequence[tuple[int, int]]], successors: Sequence[list[tuple[int, int]]]
) -> tuple[int, ...]:
    waiting = [len(arrows) for arrows in predecessors]
    ready = [task for task, count in enumerate(waiting) if count == 0]
    order = []
    while ready:
        task = heappop(ready)
        order.append(task)
        for successor, _ in successors[task]:
            waiting[successor] -= 1
            if waiting[successor] == 0:
                heappush(ready, successor)
    return tuple(order)

"""New lists of tasks from old ones, predecessors always first."""

from collections.abc import Sequence
from random import Random

from roadmap.domain.engine.compiled import Compiled

# How far a task moves in the list at most, either way.
REACH = 15


def peak_crossover(one: Sequence[int], other: Sequence[int], random: Random) -> list[int]:
    """A stretch of one as it is; what stands before and after it there in the order of the other.

    The stretch stands for a peak of work that one parent packed well.
    """
    size = len(one)
    first = random.randrange(size)
    last = first + random.randrange(size // 4, size * 3 // 4 + 1)
    place = {task: index for index, task in enumerate(one)}
    before = [task for task in other if place[task] < first]
    return [*before, *one[first:last], *(task for task in other if place[task] >= last)]


def two_point_crossover(one: Sequence[int], other: Sequence[int], random: Random) -> list[int]:
    """Begin and end as in one; in between as many tasks as the other would take next."""
    size = len(one)
    first, last = sorted((random.randrange(size), random.randrange(size)))
    found = list(one[:first])
    taken = set(found)
    found += [task for task in other if task not in taken][: last - first]
    taken = set(found)
    return [*found, *(task for task in one if task not in taken)]


def shift(order: list[int], plan: Compiled, random: Random, times: int) -> None:
    """Move some tasks to another place between their predecessors and successors."""
    size, draw, leading = len(order), random.random, plan.leading
    for _ in range(times):
        place = int(draw() * size)
        task = order.pop(place)
        before, after = plan.before[task], plan.after[task]
        first = last = place
        lowest, highest, group = max(0, place - REACH), min(size - 1, place + REACH), leading[task]
        while first > lowest and order[first - 1] not in before:
            if leading[order[first - 1]] != group:
                break
            first -= 1
        while last < highest and order[last] not in after and leading[order[last]] == group:
            last += 1
        order.insert(first + int(draw() * (last - first + 1)), task)

"""Large-neighbourhood search (Shaw 1998): CP-SAT moves the tasks of a stretch of time, all others
stay, again and again. Stretches that are solved to the end grow, those that are not shrink.

Works on the weighted finish. With the finish of the whole first it has nothing to offer: that only
moves when all of the last tasks do.
"""

from collections.abc import Callable
from random import Random

from roadmap.domain.engine.best import Best
from roadmap.domain.engine.control import Control
from roadmap.domain.engine.cpsat import better_than

FIRST_SIZE = 20
SMALLEST = 8
GROWTH, SHRINKAGE = 1.02, 0.85
# Deterministic time of one part; a part that needs none still counts as a little.
MOST, LEAST = 0.05, 0.001
# Solved parts in a row without anything better, per task, after which it ends.
PATIENCE = 3


def improve_parts(
    best: Best,
    control: Control,
    deterministic: float,
    seed: int,
    offer: Callable[[list[int]], None],
) -> float:
    """Until the deterministic time is spent or nothing moves any more; how much was spent."""
    random, plan = Random(seed), best.plan
    size, spent, idle = float(FIRST_SIZE), 0.0, 0
    while spent < deterministic and idle < PATIENCE * len(plan.free) and control.goes_on():
        ordered = sorted(plan.free, key=lambda task: best.finishes[task] - plan.days[task])
        count = min(round(size), len(ordered))
        first = random.randrange(len(ordered) - count + 1)
        part = sorted(ordered[first : first + count])
        answer = better_than(best, part, min(MOST, deterministic), seed, control.goes_on)
        spent += max(LEAST, answer.deterministic)
        idle += 1
        if answer.finishes:
            offer(answer.finishes)
            idle = 0
        if answer.is_final:
            size = min(size * GROWTH, float(len(ordered)))
        else:
            size = max(size * SHRINKAGE, float(SMALLEST))
    return spent

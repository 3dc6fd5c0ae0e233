"""Forward-backward improvement (Li and Willis 1992), also called double justification
(Valls, Ballestín and Quintanilla 2005): everything to the right, then everything to the left again.
"""

from collections.abc import Sequence

from roadmap.domain.engine.compiled import Compiled
from roadmap.domain.engine.serial import backward, forward


def improve(plan: Compiled, finishes: Sequence[int]) -> list[int]:
    """As late as possible in the order of finishes, then as early as possible in that of starts.

    Without urgent tasks and fixed starts the result never ends later than what it began with.
    """
    # Ties: what comes later in the network goes first, so that no task overtakes its successor.
    latest_first = sorted(plan.free[::-1], key=finishes.__getitem__, reverse=True)
    late = backward(plan, latest_first, max(finishes, default=0))
    return forward(plan, by_start(plan, late))


def by_start(plan: Compiled, starts: Sequence[int]) -> list[int]:
    """The list that a schedule stands for: tasks by their start, what leads before the rest."""
    if not plan.is_led:
        return sorted(plan.free, key=starts.__getitem__)
    leading = plan.leading
    return sorted(plan.free, key=lambda task: (leading[task], starts[task]))

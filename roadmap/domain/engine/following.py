"""A schedule that keeps the order of an earlier one: for a change that should move little."""

from collections.abc import Mapping

from roadmap.domain.engine.best import Best
from roadmap.domain.engine.compiled import compile_problem
from roadmap.domain.engine.serial import forward
from roadmap.domain.priorities import by_previous
from roadmap.domain.problem import Problem

FOLLOWED = "previous-order"


def followed(problem: Problem, before: Mapping[str, int]) -> Best:
    """Every task as early as it can be, in the order of the earlier starts; new ones go last."""
    plan = compile_problem(problem)
    best = Best(plan, before)
    best.offer(forward(plan, plan.order(by_previous(plan.network, best.before))), FOLLOWED)
    return best

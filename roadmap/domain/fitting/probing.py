"""A quicker look at how a problem would be scheduled, for comparing many of them.

The orders of all priority rules, improved forward and backward, without the climb that `schedule`
adds to the best of them. What is decided with it is scheduled properly afterwards.
"""

from __future__ import annotations

from roadmap.domain.engine.best import Best
from roadmap.domain.engine.compiled import compile_problem
from roadmap.domain.engine.first import rule_keys, try_order
from roadmap.domain.problem import Problem, Schedule


def probe(problem: Problem) -> Schedule:
    plan = compile_problem(problem)
    best = Best(plan, {})
    for name, keys in rule_keys(best):
        try_order(best, plan.order(keys), name)
    return best.result()

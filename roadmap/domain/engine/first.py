"""The first schedules: one for each priority rule, each improved forward and backward."""

from collections.abc import Mapping, Sequence

from roadmap.domain.engine.best import Best
from roadmap.domain.engine.compiled import compile_problem
from roadmap.domain.engine.improvement import improve
from roadmap.domain.engine.serial import forward
from roadmap.domain.priorities import RULES, Key, by_due, by_previous
from roadmap.domain.problem import Problem, Schedule

# More rounds hardly ever find anything better, and each one costs two schedules.
IMPROVEMENT_ROUNDS = 2


def first_schedules(problem: Problem, previous: Schedule | Mapping[str, int] | None) -> Best:
    before = previous.starts if isinstance(previous, Schedule) else previous or {}
    plan = compile_problem(problem)
    best = Best(plan, before)
    for name, keys in rule_keys(best):
        try_order(best, plan.order(keys), name)
    return best


def try_order(best: Best, order: Sequence[int], name: str) -> list[int]:
    """Offer the schedule of the order and what its improvement gives; the last one made."""
    plan = best.plan
    finishes = forward(plan, order)
    best.offer(finishes, name)
    for _ in range(IMPROVEMENT_ROUNDS):
        improved = improve(plan, finishes)
        if improved == finishes:
            break
        finishes = improved
        best.offer(finishes, name)
    return finishes


def rule_keys(best: Best) -> list[tuple[str, list[Key]]]:
    network = best.plan.network
    found = [(name, rule(network)) for name, rule in RULES]
    dues = [task.due for task in best.plan.tasks]
    if any(due is not None for due in dues):
        found.append(("due", by_due(network, dues)))
    if any(start is not None for start in best.before):
        found.append(("previous", by_previous(network, best.before)))
    return found

"""The first schedules: one for each priority rule, each improved forward and backward."""

from collections.abc import Mapping, Sequence
from random import Random

from roadmap.domain.engine.best import Best
from roadmap.domain.engine.compiled import compile_problem
from roadmap.domain.engine.improvement import by_start, improve
from roadmap.domain.engine.lists import shift
from roadmap.domain.engine.serial import forward, is_feasible, starts_of
from roadmap.domain.priorities import RULES, Key, by_due, by_previous, effective_dues
from roadmap.domain.problem import Problem, Schedule

# More rounds hardly ever find anything better, and each one costs two schedules.
IMPROVEMENT_ROUNDS = 2
# How often what still misses its due day is put first.
RESCUES = 4
# Steps of the climb from the best of them: few, for a preview must be there at once.
MOST_STEPS, WORK, SHIFTS = 60, 6_000, 3


def first_schedules(problem: Problem, previous: Schedule | Mapping[str, int] | None) -> Best:
    before = previous.starts if isinstance(previous, Schedule) else previous or {}
    plan = compile_problem(problem)
    best = Best(plan, before)
    for name, keys in rule_keys(best):
        try_order(best, plan.order(keys), name)
    _rescue_dues(best)
    _offer_previous(best)
    climb(best, min(MOST_STEPS, WORK // max(1, len(plan.free))))
    return best


def _rescue_dues(best: Best) -> None:
    """What misses its due day in the best schedule goes first, with all that it waits for.

    Only that much moves forward: the rest keeps the order that its worth gave it.
    """
    plan = best.plan
    dues = [task.due for task in plan.tasks]
    if all(due is None for due in dues):
        return
    latest = effective_dues(plan.network, dues)
    first: set[int] = set()
    for _ in range(RESCUES):
        missed = {
            task
            for task, (due, finish) in enumerate(zip(dues, best.finishes, strict=True))
            if due is not None and finish > due
        }
        if missed <= first:
            break
        first |= missed
        for task in reversed(plan.network.topological):
            if first & plan.after[task]:
                first.add(task)
        starts = starts_of(plan, best.finishes)
        keys: list[Key] = [
            (0.0, float(latest[task])) if task in first else (1.0, float(start))
            for task, start in enumerate(starts)
        ]
        try_order(best, plan.order(keys), "due")


def _offer_previous(best: Best) -> None:
    """The previous starts as they are, if they still keep every rule: nothing worse may follow."""
    plan = best.plan
    starts = [start for start in best.before if start is not None]
    if len(starts) < len(best.before) or not starts:
        return
    finishes = [start + days for start, days in zip(starts, plan.days, strict=True)]
    is_urgency_kept = all(
        finishes[task] <= best.finishes[task] for task in plan.free if plan.tasks[task].urgent
    )
    if is_urgency_kept and is_feasible(plan, finishes):
        best.offer(finishes, "previous")


def climb(best: Best, steps: int) -> None:
    """Move a few tasks in the list of the best schedule; keep what is not worse."""
    plan, judge, random = best.plan, best.judge, Random(1)
    if len(plan.free) < 2:
        return
    value = judge.objective(best.finishes)
    order = by_start(plan, starts_of(plan, best.finishes))
    for _ in range(steps):
        tried = list(order)
        shift(tried, plan, random, SHIFTS)
        finishes = forward(plan, tried)
        new = judge.objective(finishes)
        if new <= value:
            value, order = new, by_start(plan, starts_of(plan, finishes))
            best.offer(finishes, best.rule, new)


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

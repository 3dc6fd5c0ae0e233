"""Random scheduling problems as small and as awkward as roadmaps can be."""

import random

from hypothesis import strategies as st

from roadmap.domain.problem import Problem, Task


def crowded_problems(size=14, pins=True, dues=True, spread=60):
    """Zero stretches of capacity, freezes, limits with weights, urgent work, lags, pins, dues.

    Drawn from a seed, because drawing each figure through Hypothesis costs ten times the schedule.
    """
    return st.builds(
        crowded_problem,
        st.integers(1, size),
        st.integers(0, 2**32),
        st.just(pins),
        st.just(dues),
        st.just(spread),
    )


def crowded_problem(size, seed, pins=True, dues=True, spread=60):
    chance = random.Random(f"{size} {seed} {pins} {dues} {spread}")
    limit = chance.choice((None, 2, 3, 4))
    return Problem(
        tasks=tuple(_task(number, chance, pins, dues, spread) for number in range(size)),
        capacities={"OPS": _capacity(100, chance, spread), "SEC": _capacity(40, chance, spread)},
        wip_limit=limit,
        freezes=tuple(_freeze(chance, spread) for _ in range(chance.randint(0, 3))),
        finish_value=chance.choice((0, 0, 7)),
    )


def tight_problem(seed):
    """Three to six tasks due within two weeks, for which there is hardly room or just not."""
    chance = random.Random(f"tight {seed}")
    tasks = [
        Task(
            f"T{number}",
            chance.choice((1, 2, 3, 4)),
            {"OPS": chance.choice((30, 40, 60, 60, 70)), "SEC": chance.choice((0, 10, 25, 30))},
            tuple((f"T{other}", 0) for other in range(number) if chance.random() < 0.2),
            go_live=chance.choice((0, 0, 1)),
            earliest=chance.choice((0, 0, 0, 3)),
            fixed=chance.randint(2, 8) if chance.random() < 0.1 else None,
            due=chance.randint(8, 13) if chance.random() < 0.7 else None,
            wip=chance.choice((0, 1, 1, 2)),
        )
        for number in range(chance.randint(3, 6))
    ]
    operations = ((0, chance.choice((60, 100))), (3, chance.choice((0, 50, 100))), (5, 100))
    return Problem(
        tuple(tasks),
        {"OPS": operations, "SEC": ((0, 40),)},
        chance.choice((None, 2, 3)),
        ((4, chance.choice((5, 6, 7))),),
    )


def _task(number, chance, pins, dues, spread):
    days = chance.choice((0, 1, 2, 3, 4, 5, 7, 9))
    before = chance.sample(range(number), min(number, chance.choice((0, 0, 1, 1, 2, 3))))
    start = chance.randint(0, spread)
    return Task(
        id=f"T{number}",
        duration=days,
        demands={
            role: chance.randint(0, most)
            for role, most in (("OPS", 100), ("SEC", 40))
            if chance.random() < 0.6
        },
        predecessors=tuple((f"T{other}", chance.choice((0, 0, 1, 3))) for other in sorted(before)),
        value=chance.randint(1, 50),
        rank=chance.randint(1, 20),
        urgent=not before and chance.random() < 0.15,
        go_live=chance.randint(0, days) if chance.random() < 0.4 else 0,
        earliest=chance.randint(0, spread // 5) if chance.random() < 0.2 else 0,
        fixed=start if pins and chance.random() < 0.15 else None,
        due=start + days if dues and chance.random() < 0.2 else None,
        wip=chance.choice((0, 1, 1, 2)),
    )


def _capacity(amount, chance, spread):
    """Less or nothing for a while, now and then from the first day on; in the end all of it."""
    steps = {0: chance.choice((amount, amount, amount // 2, 0))}
    for _ in range(chance.randint(0, 2)):
        steps[chance.randint(1, spread)] = chance.choice((0, amount // 2, amount))
    steps[spread + 1] = amount
    return tuple(sorted(steps.items()))


def _freeze(chance, spread):
    start = chance.randint(0, spread)
    return start, start + chance.randint(0, spread // 4)

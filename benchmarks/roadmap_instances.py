"""Scheduling problems that look like real roadmaps, drawn from a seed. Pure; tests use them too.

Phases of equal size, each closed by a gate review that waits for all of its phase; what begins a
phase waits for the gate before it. The figures follow the shipped guide: person-days, how many
roles share the work and how often waiting for others sets the length; the work is spread over days
by the rule that planning uses (slowest role, nobody above full time).
"""

import math
import random
from collections.abc import Iterator

from roadmap.domain.problem import FULL_TIME, Problem, Task

SIZES = (40, 60, 95, 150, 300)
SEEDS = (1, 2, 3)
GATES = 8
WIP_LIMIT = 8
# Hundredths of an FTE that the programme has of each role.
ROLES = {"platform": 150, "security": 80, "quality": 100, "clinical": 50, "data": 80, "lead": 60}
PERSON_DAYS = (1, 2, 3, 3, 5, 6, 6, 8, 10, 15, 25)
# Share of the initiatives that take at least so many weeks, however many people help.
WAITING_WEEKS = (0, 0, 0, 0, 1, 1, 2, 4, 8)
CLASS_WEIGHTS = (1, 1, 1, 3, 3, 9)
URGENT = 2


def roadmap_problem(size: int, seed: int) -> Problem:
    """`size` initiatives, gate reviews among them; the same for the same arguments."""
    chance = random.Random(f"roadmap {size} {seed}")
    tasks = tuple(_tasks(size, chance))
    return Problem(
        tasks=tasks,
        capacities={role: _capacity(role, amount, chance) for role, amount in ROLES.items()},
        wip_limit=WIP_LIMIT,
        freezes=tuple(_freezes(chance)),
        # As planning has it: a quarter of what a day of every initiative is worth.
        finish_value=sum(task.value for task in tasks) // 4,
    )


def _tasks(size: int, chance: random.Random) -> Iterator[Task]:
    earlier: list[str] = []
    gate = None
    for phase in range(GATES):
        count = size * (phase + 1) // GATES - size * phase // GATES
        members = [f"P{phase + 1}-{number:02}" for number in range(1, count)]
        for number, name in enumerate(members):
            is_urgent = phase == 0 and number < URGENT
            before = () if is_urgent else _before(members[:number], earlier, gate, chance)
            yield _initiative(name, before, len(earlier) + number + 1, chance, is_urgent)
        earlier += members
        gate = f"G{phase + 1}"
        # A review: two days of the lead, and it mostly waits for others.
        yield Task(
            gate,
            duration=2,
            demands={"lead": 30},
            predecessors=tuple((name, 0) for name in members),
            value=100,
            rank=len(earlier) + phase + 1,
            wip=0,
        )


def _before(
    members: list[str], earlier: list[str], gate: str | None, chance: random.Random
) -> tuple[tuple[str, int], ...]:
    """Up to two predecessors of the same phase, else the gate; now and then a lag of a week."""
    found = chance.sample(members, min(len(members), chance.choice((0, 0, 1, 1, 2))))
    if not found and gate:
        found = [gate]
    if earlier and chance.random() < 0.2:
        found.append(chance.choice(earlier))
    return tuple((name, chance.choice((0, 0, 0, 0, 5))) for name in sorted(set(found)))


def _initiative(
    name: str,
    before: tuple[tuple[str, int], ...],
    rank: int,
    chance: random.Random,
    is_urgent: bool,
) -> Task:
    roles = chance.sample(sorted(ROLES), chance.choice((2, 2, 2, 3, 3, 4)))
    shares = [chance.randint(1, 3) for _ in roles]
    effort = chance.choice(PERSON_DAYS) * FULL_TIME
    parts = [math.ceil(effort * share / sum(shares)) for share in shares]
    limits = [min(ROLES[role], FULL_TIME) for role in roles]
    weeks = 0 if is_urgent else chance.choice(WAITING_WEEKS)
    paces = [math.ceil(part / limit) for part, limit in zip(parts, limits, strict=True)]
    days = max(1, weeks * 5, *paces)
    goes_live = chance.random() < 0.2
    return Task(
        id=name,
        duration=days,
        demands={r: math.ceil(p / days) for r, p in zip(roles, parts, strict=True)},
        predecessors=before,
        value=chance.randint(10, 100) * chance.choice(CLASS_WEIGHTS),
        rank=rank,
        urgent=is_urgent,
        go_live=min(5, days) if goes_live else 0,
        # Eight weeks of it are mostly waiting for others.
        wip=0 if weeks >= 8 else 1,
    )


def _capacity(role: str, amount: int, chance: random.Random) -> tuple[tuple[int, int], ...]:
    """Two stretches of reduced staff; the platform role gains a second person after a while."""
    steps = {0: amount}
    for day in (chance.randint(20, 60), chance.randint(150, 250)):
        steps[day] = amount * chance.choice((50, 60, 70)) // 100
        steps[day + chance.randint(10, 20)] = amount
    if role == "platform":
        joins = chance.randint(280, 320)
        steps[joins] = amount + FULL_TIME // 2
    return tuple(sorted(steps.items()))


def _freezes(chance: random.Random) -> Iterator[tuple[int, int]]:
    """An upgrade, the year's end, an accreditation survey."""
    for first, length in ((25, 15), (110, 20), (215, 30)):
        start = first + chance.randint(0, 30)
        yield start, start + length

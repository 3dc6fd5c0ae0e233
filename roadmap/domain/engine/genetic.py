"""A genetic search over lists of tasks, each child improved forward and backward.

Lists and two-point crossover: Hartmann (1998). Improving every child by double justification, the
peak crossover and sampling around priority rules for the first generation: the hybrid genetic
algorithm of Valls, Ballestín and Quintanilla (2008). Replacement is steady: a child takes the place
of the worst, and no two members are worth the same, which keeps the population apart.
"""

from bisect import insort
from collections.abc import Sequence
from random import Random

from roadmap.domain.engine.best import Best
from roadmap.domain.engine.compiled import Compiled
from roadmap.domain.engine.control import Control
from roadmap.domain.engine.improvement import by_start, improve
from roadmap.domain.engine.serial import Objective, forward, starts_of
from roadmap.domain.priorities import Key

Member = tuple[Objective, list[int]]

TOURNAMENT = 3
SHIFTS = 4
# How far a task moves in the list at most, either way.
REACH = 15
# Children without a better member, in populations, until a new population begins.
PATIENCE = 25
# Random part of a sampled key, of the range of all keys.
NOISE = 0.15
PER_CHILD = 3


class Genetic:
    def __init__(self, best: Best, control: Control, random: Random, rules: list[list[Key]]):
        self._best = best
        self._plan: Compiled = best.plan
        self._control = control
        self._random = random
        self._rules = rules
        self.population: list[Member] = []
        self.restarts = 0
        self.bound: Objective = (-1, 0, 0)

    def run(self, size: int, schedules: int) -> int:
        """Until the schedules are spent or the control says stop; how many were made.

        Called again it goes on with its population, and with the best that others found.
        """
        if len(self._plan.free) < 2:
            return 0
        left = schedules
        self._invite(self._member(self._best.finishes))
        if len(self.population) < size:
            left -= self._begin(size, left)
        idle = 0
        while left >= PER_CHILD and self._control.goes_on():
            child = self._child()
            left -= PER_CHILD
            if child[0][:2] <= self.bound[:2]:
                break
            idle = 0 if self._settle(child) else idle + 1
            if idle >= PATIENCE * size:
                self.restarts += 1
                self.population.clear()
                left -= self._begin(size, left)
                idle = 0
        return schedules - left

    def _invite(self, member: Member) -> None:
        if all(member[0] != other[0] for other in self.population):
            insort(self.population, member)

    def _begin(self, size: int, schedules: int) -> int:
        """Fill the population with samples around the rules; how many schedules that took."""
        spent = 0
        # Equal ones do not count, so a small problem may never fill it.
        for _ in range(2 * size):
            if len(self.population) >= size or schedules - spent < PER_CHILD:
                break
            if not self._control.goes_on():
                break
            member = self._improved(self._sample())
            spent += PER_CHILD
            self._invite(member)
        return spent

    def _sample(self) -> list[int]:
        keys = self._random.choice(self._rules)
        first = [key[0] for key in keys]
        noise = NOISE * (max(first) - min(first)) or 1.0
        draw = self._random.random
        return self._plan.order([(value + noise * draw(),) for value in first])

    def _improved(self, order: Sequence[int]) -> Member:
        plan, judge = self._plan, self._best.judge
        made = forward(plan, order)
        value = judge.objective(made)
        better = improve(plan, made)
        improved = judge.objective(better)
        if improved <= value:
            made, value = better, improved
        self._best.offer(made, "genetic", value)
        return value, by_start(plan, starts_of(plan, made))

    def _member(self, finishes: Sequence[int]) -> Member:
        plan = self._plan
        return self._best.judge.objective(finishes), by_start(plan, starts_of(plan, finishes))

    def _child(self) -> Member:
        one, other = self._chosen(), self._chosen()
        cross = peak_crossover if self._random.random() < 0.5 else two_point_crossover
        order = cross(one, other, self._random)
        shift(order, self._plan, self._random, SHIFTS)
        return self._improved(order)

    def _chosen(self) -> list[int]:
        draw, size = self._random.random, len(self.population)
        return self.population[min(int(draw() * size) for _ in range(TOURNAMENT))][1]

    def _settle(self, child: Member) -> bool:
        """Take the child in, the worst goes; whether it is the best of the population."""
        population = self.population
        if child[0] >= population[-1][0]:
            return False
        insort(population, child)
        place = population.index(child)
        neighbours = population[max(0, place - 1) : place] + population[place + 1 : place + 2]
        if any(child[0] == other[0] for other in neighbours):
            population.pop(place)
            return False
        population.pop()
        return place == 0


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

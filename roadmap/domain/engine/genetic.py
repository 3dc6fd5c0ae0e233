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
from roadmap.domain.engine.lists import peak_crossover, shift, two_point_crossover
from roadmap.domain.engine.serial import Objective, forward, starts_of
from roadmap.domain.priorities import Key

Member = tuple[Objective, list[int]]

TOURNAMENT = 4
SHIFTS = 4
# Children without a better member, in populations, until a new population begins.
PATIENCE = 25
# How many of the children are improved forward and backward. That serves the finish of the whole;
# for the weighted finish most children do as well without, and cost a third.
IMPROVED_FOR_FINISH, IMPROVED = 1.0, 0.3
# Random part of a sampled key, of the range of all keys.
NOISE = 0.15


class Genetic:
    def __init__(self, best: Best, control: Control, random: Random, rules: list[list[Key]]):
        self._best = best
        self._plan: Compiled = best.plan
        self._control = control
        self._random = random
        self._rules = rules
        self.population: list[Member] = []
        self.restarts = 0
        self._left = 0
        is_first = self._plan.problem.finish_first
        self._share = IMPROVED_FOR_FINISH if is_first else IMPROVED
        self.bound: Objective = (-1, 0, 0)

    def run(self, size: int, schedules: int) -> int:
        """Until the schedules are spent or the control says stop; how many were made.

        Called again it goes on with its population, and with the best that others found.
        """
        if len(self._plan.free) < 2:
            return 0
        self._left = schedules
        self._invite(self._member(self._best.finishes))
        if len(self.population) < size:
            self._begin(size)
        idle = 0
        while self._left > 0 and self._control.goes_on():
            child = self._child()
            if child[0][:2] <= self.bound[:2]:
                break
            idle = 0 if self._settle(child) else idle + 1
            if idle >= PATIENCE * size:
                self.restarts += 1
                self.population.clear()
                self._begin(size)
                idle = 0
        return schedules - self._left

    def _invite(self, member: Member) -> None:
        if all(member[0] != other[0] for other in self.population):
            insort(self.population, member)

    def _begin(self, size: int) -> None:
        """Fill the population with samples around the rules."""
        # Equal ones do not count, so a small problem may never fill it.
        for _ in range(2 * size):
            if len(self.population) >= size or self._left <= 0 or not self._control.goes_on():
                break
            self._invite(self._made(self._sample(), 1.0))

    def _sample(self) -> list[int]:
        keys = self._random.choice(self._rules)
        first = [key[0] for key in keys]
        noise = NOISE * (max(first) - min(first)) or 1.0
        draw = self._random.random
        return self._plan.order([(value + noise * draw(),) for value in first])

    def _made(self, order: list[int], improved: float) -> Member:
        plan, judge = self._plan, self._best.judge
        made = forward(plan, order)
        value = judge.objective(made)
        self._left -= 1
        if improved == 1.0 or self._random.random() < improved:
            better = improve(plan, made)
            better_value = judge.objective(better)
            self._left -= 2
            if better_value <= value:
                made, value = better, better_value
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
        return self._made(order, self._share)

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

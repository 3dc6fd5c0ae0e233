"""The full search: rules, genetic search, CP-SAT on the whole, then on parts, in this order.

Each phase may use a share of what is left: of the counts, or of the seconds where these are the
budget. Which share goes to what was measured (docs/scheduling.md).
"""

from random import Random

from roadmap.domain.engine.best import Best
from roadmap.domain.engine.bounds import lower_bound
from roadmap.domain.engine.control import Control
from roadmap.domain.engine.first import rule_keys
from roadmap.domain.engine.genetic import Genetic
from roadmap.domain.engine.improvement import by_start, improve
from roadmap.domain.engine.serial import forward, is_feasible, starts_of
from roadmap.domain.priorities import Key

# Members of a population: fewer where a schedule takes longer to make.
MOST_MEMBERS, LEAST_MEMBERS, MEMBERS_BY_SIZE = 120, 30, 12_000
FIRST_GENETIC = 0.4
# Of what is left after that: CP-SAT on the whole, and where parts can be improved the two shares.
WHOLE, PARTS = 0.2, 0.6
# For the finish of the whole CP-SAT ends small plans, and those that nearly reach their bound;
# the others are the genetic search's.
WHOLE_WHEN_NEAR, WHOLE_WHEN_FAR = 0.5, 0.1
SMALL, NEAR = 60, 1.05


class Search:
    def __init__(
        self, best: Best, control: Control, schedules: int, deterministic: float, seed: int
    ) -> None:
        self.best, self.control = best, control
        self.phases: dict[str, dict[str, float]] = {}
        self.solver_version = ""
        self._seed = seed
        self._schedules = schedules
        self._deterministic = deterministic
        self._bound = lower_bound(best.plan, len(best.overloads))
        self._genetic = Genetic(best, control, Random(seed), _rules_to_sample(best))

    def run(self) -> None:
        self.control.begin("rules")
        self._note("rules")
        self.control.goes_on()
        self._stop_when_proven()
        with_solver = self._deterministic > 0
        self._breed("genetic", FIRST_GENETIC if with_solver else 1.0)
        if with_solver:
            if self.best.plan.problem.finish_first:
                self._solve_whole(self._share_of_whole())
            else:
                self._solve_whole(WHOLE)
                self._solve_parts(PARTS)
            self._breed("genetic again", 1.0)
        self.control.tell_last()
        self.control.end("limit")

    def _share_of_whole(self) -> float:
        objective = self.best.objective or self._bound
        is_near = objective[1] <= NEAR * self._bound[1]
        is_small = len(self.best.plan.free) <= SMALL
        return WHOLE_WHEN_NEAR if is_near or is_small else WHOLE_WHEN_FAR

    def _breed(self, phase: str, share: float) -> None:
        if self.control.ended_by or self._schedules <= 0:
            return
        self.control.begin(phase, share)
        self._genetic.bound = self._bound
        made = self._genetic.run(_members(self.best), int(self._schedules * share))
        self._schedules -= made
        self._note(phase, schedules=made)
        self._stop_when_proven()

    def _solve_whole(self, share: float) -> None:
        from roadmap.domain.engine.cpsat import better_than, solver_version

        if self.control.ended_by:
            return
        self.solver_version = solver_version()
        self.control.begin("solver", share)
        plan, spent = self.best.plan, 0.0
        answer = better_than(
            self.best, plan.free, self._deterministic * share, self._seed, self.control.goes_on
        )
        spent += answer.deterministic
        if answer.finishes:
            self._offer(answer.finishes, "solver")
        self._deterministic -= spent
        self._note("solver", deterministic=spent)
        if answer.is_final and self._is_unbroken():
            self.control.end("proven")
        self._stop_when_proven()

    def _solve_parts(self, share: float) -> None:
        from roadmap.domain.engine.parts import improve_parts

        if self.control.ended_by or not self.best.plan.free:
            return
        self.control.begin("parts", share)
        spent = improve_parts(
            self.best,
            self.control,
            self._deterministic,
            self._seed,
            lambda finishes: self._offer(finishes, "solver"),
        )
        self._deterministic -= spent
        self._note("parts", deterministic=spent)
        self._stop_when_proven()

    def _offer(self, finishes: list[int], name: str) -> None:
        """What the solver found, and the same without the gaps that a solver leaves."""
        plan, best = self.best.plan, self.best
        if not is_feasible(plan, finishes):
            # The engine's rules have the last word over what the solver was told.
            return
        pushed = forward(plan, by_start(plan, starts_of(plan, finishes)))
        best.offer(pushed, name)
        best.offer(finishes, name)
        best.offer(improve(plan, pushed), name)

    def _is_unbroken(self) -> bool:
        objective = self.best.objective
        return objective is not None and objective[0] == self._bound[0]

    def _stop_when_proven(self) -> None:
        objective = self.best.objective
        if objective is not None and objective[:2] <= self._bound[:2]:
            self.control.end("proven")

    def _note(self, phase: str, **spent: float) -> None:
        objective = self.best.objective or (0, 0, 0)
        self.phases[phase] = {**spent, "broken": objective[0], "worth": objective[1]}


def _members(best: Best) -> int:
    by_size = MEMBERS_BY_SIZE // max(1, len(best.plan.free))
    return max(LEAST_MEMBERS, min(MOST_MEMBERS, by_size))


def _rules_to_sample(best: Best) -> list[list[Key]]:
    if best.plan.problem.finish_first:
        return [dict(rule_keys(best))["latest-finish"]]
    return [keys for _, keys in rule_keys(best)]

"""Planning's two engines: `schedule` in milliseconds, `search` for a better one in the worker.

`schedule` generates serial schedules by priority rules and improves each forward and backward.
Nothing is random and nothing looks at a clock, so the same problem always gives the same schedule.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from roadmap.domain.engine.control import Control, Tell
from roadmap.domain.engine.first import first_schedules
from roadmap.domain.engine.following import followed
from roadmap.domain.engine.search import Search
from roadmap.domain.problem import Problem, Schedule
from roadmap.domain.profile import freeze_profile

__all__ = [
    "ENGINE",
    "ENGINE_VERSION",
    "SearchLimits",
    "SearchResult",
    "follow",
    "freeze_profile",
    "schedule",
    "search",
]

ENGINE = "serial-forward-backward"
ENGINE_VERSION = "2"
SEARCH_ENGINE = "genetic-cp-sat"
Previous = Schedule | Mapping[str, int] | None


@dataclass(frozen=True)
class SearchLimits:
    """What a search may spend: schedules of the fast engine, CP-SAT's deterministic time; wall
    seconds are a cap on top: until it acts, the same input always gives the same bytes.

    With `shares_seconds` the seconds are the budget instead, as benchmarks have it: each phase may
    use its share of them, so every result depends on the clock.
    """

    schedules: int = 30_000
    deterministic: float = 0.8
    seconds: float | None = None
    seed: int = 1
    shares_seconds: bool = False


@dataclass(frozen=True)
class SearchResult:
    """`ended_by`: "proven" (nothing better exists), "limit" (only counts ended anything), "clock"
    (it ended the search or a phase) or "stopped" (by `tell`).
    """

    schedule: Schedule
    engine: str
    version: str
    solver_version: str
    seed: int
    parameters: Mapping[str, object]
    ended_by: str
    is_proven: bool
    phases: Mapping[str, object] = field(default_factory=dict)


def schedule(problem: Problem, previous: Previous = None) -> Schedule:
    """The best schedule found, by objective, in this order: fixed starts and due days kept, risk
    reduced early (Σ value × finish), finish of the whole, closeness to the previous starts.
    """
    best = first_schedules(problem, previous)
    return best.result()


def follow(problem: Problem, previous: Mapping[str, int]) -> Schedule:
    """The order of the previous starts, with no task later than the problem now asks for.

    After a decision by hand people expect that only what must move does; a better order is what
    the search is for. Only when this breaks a fixed start or due day that another order keeps,
    the other order is taken.
    """
    kept = followed(problem, previous).result()
    if not kept.broken:
        return kept
    other = schedule(problem, previous)
    return other if len(other.broken) < len(kept.broken) else kept


def search(
    problem: Problem,
    limits: SearchLimits,
    *,
    previous: Previous = None,
    tell: Tell | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> SearchResult:
    """The full engine; `tell(schedule, phase)` hears of each better one, its False stops."""
    best = first_schedules(problem, previous)
    control = Control(best, limits.seconds, tell, clock, shares_seconds=limits.shares_seconds)
    found = Search(best, control, limits.schedules, limits.deterministic, limits.seed)
    found.run()
    return SearchResult(
        schedule=best.result(),
        engine=SEARCH_ENGINE,
        version=ENGINE_VERSION,
        solver_version=found.solver_version,
        seed=limits.seed,
        parameters={"schedules": limits.schedules, "deterministic": limits.deterministic},
        ended_by=control.ended_by or "limit",
        is_proven=control.ended_by == "proven",
        phases=found.phases,
    )

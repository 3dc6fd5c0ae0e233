"""When the rest is likely to end: played through many times with other efforts.

What is drawn, and how a run is played, is the forecast's own (docs/forecast.md): each initiative
meets the same luck as in the forecast of its plan. Nothing is drawn for what is done. Of what is
under way, what is left grows or shrinks as the whole initiative does in that run.
"""

from __future__ import annotations

from collections.abc import Mapping

from roadmap.domain.forecasting.simulation import Runs, Tell, play
from roadmap.domain.forecasting.uncertainty import (
    Outcome,
    Spread,
    common_factors,
    draws,
    usual_days,
)
from roadmap.domain.problem import Schedule, Task
from roadmap.domain.tracking.remaining import By
from roadmap.domain.tracking.rest import Rest, is_running
from roadmap.domain.tracking.room import Room
from roadmap.domain.tracking.work import Work

# The same number whatever asks for it, so that dates move by what is known and not by chance.
RUNS = 500
SEED = 1


def play_rest(
    rest: Rest, schedule: Schedule, runs: int = RUNS, seed: int = SEED, tell: Tell | None = None
) -> Runs:
    """The same rest gives the same runs; more runs begin with the same ones."""
    factors = common_factors(runs, seed)
    amounts = rest.under_way.planned_amounts()
    outcomes = {}
    for task in rest.problem.tasks:
        work = rest.open[task.id]
        spread = _spread(rest, work, amounts)
        drawn = draws(task.id, spread, factors, seed)
        outcomes[task.id] = _left_of(rest, task, drawn, usual_days(spread))
    return play(rest.problem, schedule, outcomes, tell)


def _left_of(rest: Rest, task: Task, drawn: list[Outcome], usual: int) -> list[Outcome]:
    work, left = rest.open[task.id], rest.left[task.id]
    if left.by is By.PLAN:
        return drawn
    is_begun = is_running(work)
    # Whoever does it said that it takes until a day: it is that or more.
    whole, least = (left.days, task.duration) if left.until else (task.duration, 1)
    room = Room({role: rest.problem.capacities[role] for role in task.demands})
    # Equal outcomes stay one object: `play` knows them by it.
    by_days: dict[int, Outcome] = {}
    found = []
    for outcome in drawn:
        days = max(least, -(-whole * outcome.days // usual))
        if days not in by_days:
            by_days[days] = _lasting(task, days, room) if is_begun else Outcome(days, task.demands)
        found.append(by_days[days])
    return found


def _lasting(task: Task, days: int, room: Room) -> Outcome:
    """At the pace of the schedule, and slower where there are fewer people further on."""
    place = room.place(days, task.demands, task.earliest)
    return Outcome(place.days + place.start - task.earliest, place.demands)


def _spread(rest: Rest, work: Work, amounts: Mapping[str, int]) -> Spread:
    there = {role: amounts[role] for role in work.shares if amounts.get(role)}
    low, high = work.waits
    return Spread(
        low=work.effort.low,
        likely=work.effort.likely,
        high=work.effort.high,
        waits=(low, max(low, high)),
        shares={role: work.shares[role] for role in there},
        amounts=there,
        pace=rest.under_way.pace_of(work),
    )

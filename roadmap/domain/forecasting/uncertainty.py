"""How much work an initiative can turn out to be, and what that makes of its days and people.

Three-point estimates as PERT reads them (Malcolm, Roseboom, Clark and Fazar 1959): a beta
distribution between low and high whose mean is (low + 4 × likely + high) / 6. All initiatives of a
run lean on one common factor: who underestimates one piece of work underestimates the next, and
drawing each by itself would make a long plan look far more certain than it is. `docs/forecast.md`
says why it is so and what the figures rest on.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

from roadmap.domain.constraints.capacity import MOST_PER_INITIATIVE, USUAL_PACE, Pace
from roadmap.domain.problem import FULL_TIME

# How strongly the estimates of two initiatives err together (0: not at all, 1: always): ours.
COMMON_ERROR = 0.3
# PERT's weight of the likely value against the two others.
LIKELY_WEIGHT = 4
_STEPS = 256
# Whole days out of fractions: a crumb above a whole number is no day more.
_CRUMB = 1e-9
_NORMAL = NormalDist()


@dataclass(frozen=True)
class Spread:
    """What one task can need. `low`, `likely`, `high`: person-days. `waits`: the least and the most
    weeks that pass however many help. `shares`: role → part of the effort. `amounts`: role → the
    hundredths of an FTE there are. `pace`: what a week is, and how late vendors are: that is stated
    and so nothing is drawn for it.
    """

    low: float
    likely: float
    high: float
    waits: tuple[float, float]
    shares: Mapping[str, float]
    amounts: Mapping[str, int]
    pace: Pace = USUAL_PACE


@dataclass(frozen=True)
class Outcome:
    """How one task turned out in one run."""

    days: int
    demands: Mapping[str, int]


def outcome(spread: Spread, effort: float, weeks: float) -> Outcome:
    """Days and people for so much effort, by the rule of `capacity.workload`: the slowest role sets
    the pace, waiting sets a minimum, late vendors come on top, nobody is used above capacity.

    Work that the plan shows shorter than its people can carry (`Workload.short_of`) keeps that
    proportion; anything else may last longer than the plan would allow itself.
    """
    limits = {role: min(spread.amounts[role], MOST_PER_INITIATIVE) for role in spread.shares}
    parts = _parts(spread, effort)
    pace = _pace(parts, limits)
    planned = _pace(_parts(spread, spread.likely), limits)
    longest = spread.pace.longest
    if planned > longest:
        pace = _up(pace * longest / planned)
    days = max(1, _up(weeks * spread.pace.days_per_week), pace) + spread.pace.late_days
    return Outcome(
        days=days,
        demands={role: min(limits[role], _up(part / days)) for role, part in parts.items() if part},
    )


def usual_days(spread: Spread) -> int:
    """How long all of it takes by the likely effort and the least waiting, as the plan counts."""
    return outcome(spread, spread.likely, spread.waits[0]).days


def _parts(spread: Spread, effort: float) -> dict[str, float]:
    """Hundredths of person-days by role."""
    whole = math.fsum(spread.shares.values())
    return {role: effort * FULL_TIME * share / whole for role, share in spread.shares.items()}


def _pace(parts: Mapping[str, float], limits: Mapping[str, int]) -> int:
    return max((_up(part / limits[role]) for role, part in parts.items()), default=0)


def draws(name: str, spread: Spread, factors: Sequence[float], seed: int) -> list[Outcome]:
    """One outcome for each run. `factors`: the runs' common factor, standard normal.

    The numbers hang on the name and the seed alone, so that an initiative draws the same luck in
    every scenario: two scenarios then differ by what was changed and not by chance.
    """
    chance = random.Random(f"{seed} {name}")
    effort = quantiles(spread.low, spread.likely, spread.high)
    # The plan counts the least weeks: they are the likely ones, and more is possible.
    waits = quantiles(spread.waits[0], spread.waits[0], spread.waits[1])
    known: dict[tuple[int, int], Outcome] = {}
    found = []
    common, own = math.sqrt(COMMON_ERROR), math.sqrt(1 - COMMON_ERROR)
    for factor in factors:
        drawn = _place(common * factor + own * _normal(chance))
        waited = _place(common * factor + own * _normal(chance))
        key = (drawn, waited)
        if key not in known:
            known[key] = outcome(spread, effort[drawn], waits[waited])
        found.append(known[key])
    return found


def common_factors(runs: int, seed: int) -> list[float]:
    """The first ones stay the same when there are more."""
    chance = random.Random(f"{seed} common factor")
    return [_normal(chance) for _ in range(runs)]


def quantiles(low: float, likely: float, high: float) -> tuple[float, ...]:
    """The values in the middle of equally likely slices of the distribution, in rising order."""
    if high <= low:
        return (likely,) * _STEPS
    lean = round((likely - low) / (high - low), 3)
    return tuple(low + (high - low) * part for part in _beta_quantiles(lean))


@lru_cache(maxsize=1024)
def _beta_quantiles(lean: float) -> tuple[float, ...]:
    """Of the beta distribution on 0..1 with its mode at `lean`, by adding up its density."""
    left, right = LIKELY_WEIGHT * lean, LIKELY_WEIGHT * (1 - lean)
    fine = 4 * _STEPS
    middles = [(number + 0.5) / fine for number in range(fine)]
    total, sums = 0.0, []
    for x in middles:
        total += x**left * (1 - x) ** right
        sums.append(total)
    found = []
    for number in range(_STEPS):
        wanted = total * (number + 0.5) / _STEPS
        index = bisect_left(sums, wanted)
        before = sums[index - 1] if index else 0.0
        found.append((index + (wanted - before) / (sums[index] - before)) / fine)
    return tuple(found)


def _normal(chance: random.Random) -> float:
    # `random()` alone is promised to give the same numbers in every version of Python.
    return _NORMAL.inv_cdf(min(1 - 1e-12, max(1e-12, chance.random())))


def _place(normal: float) -> int:
    """The slice of the distribution a standard normal number falls in."""
    return min(_STEPS - 1, int(_NORMAL.cdf(normal) * _STEPS))


def _up(number: float) -> int:
    return math.ceil(number - _CRUMB)

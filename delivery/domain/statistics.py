"""The little statistics the metrics need, each by one stated method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import ceil, sqrt

# Of the normal distribution: 95 % lie within so many standard deviations.
Z95 = 1.959963984540054
# Donald J. Wheeler, "Understanding Variation": natural process limits of single values lie this
# many average moving ranges from their average (3 / 1.128).
XMR_FACTOR = 2.66
# Fewer points give no limits, and so many in a row on one side of the average are a signal.
XMR_POINTS = 8


def median(values: Sequence[float]) -> float | None:
    """The middle value; of an even number of values the mean of the two in the middle."""
    if not values:
        return None
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return float(ordered[middle])
    return (ordered[middle - 1] + ordered[middle]) / 2


def percentile(values: Sequence[float], percent: int) -> float | None:
    """Nearest rank: the smallest value that at least so many percent of the values do not pass.

    It is always a value that occurred, so small samples invent nothing.
    """
    if not values:
        return None
    ordered = sorted(values)
    return float(ordered[max(1, ceil(len(ordered) * percent / 100)) - 1])


def wilson(hits: int, of: int) -> tuple[float, float] | None:
    """Wilson's 95 % interval of a share (E. B. Wilson, 1927), as shares of 1."""
    if of <= 0:
        return None
    share, z2 = hits / of, Z95 * Z95
    centre = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z95 * sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    # At the ends the formula gives 0 and 1 exactly, but for rounding.
    low = 0.0 if hits == 0 else max(0.0, centre - half)
    return low, 1.0 if hits == of else min(1.0, centre + half)


@dataclass(frozen=True)
class ProcessLimits:
    """Average and natural process limits; `base`: how many points they are computed from."""

    average: float
    lower: float
    upper: float
    base: int


def process_limits(
    values: Sequence[float], floor: float | None = None, ceiling: float | None = None
) -> ProcessLimits | None:
    """Limits of an XmR chart: average ± 2.66 × average moving range; none for too few points.

    A limit beyond what the values can be (below zero, above 100 %) stands at that bound.
    """
    if len(values) < XMR_POINTS:
        return None
    average = sum(values) / len(values)
    ranges = [abs(after - before) for before, after in pairwise(values)]
    reach = XMR_FACTOR * sum(ranges) / len(ranges)
    lower, upper = average - reach, average + reach
    if floor is not None:
        lower = max(floor, lower)
    if ceiling is not None:
        upper = min(ceiling, upper)
    return ProcessLimits(average, lower, upper, len(values))


def signals(values: Sequence[float], limits: ProcessLimits) -> tuple[str, ...]:
    """For each value "outside" (the limits), "run" (one of eight or more in a row on one side of
    the average) or "": what is more than noise.
    """
    # A rounding error is no signal.
    slack = 1e-9 * max(1.0, abs(limits.average), abs(limits.upper))
    sides = [
        0 if abs(v - limits.average) <= slack else (v > limits.average) * 2 - 1 for v in values
    ]
    found: list[str] = []
    for side, run in groupby(sides):
        length = sum(1 for _one in run)
        found += ["run" if side and length >= XMR_POINTS else ""] * length
    return tuple(
        "outside" if value > limits.upper + slack or value < limits.lower - slack else sign
        for value, sign in zip(values, found, strict=True)
    )

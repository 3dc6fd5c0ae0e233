"""When a tool that used to send has fallen silent: measured by its own rhythm."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

# The rhythm is that of the weeks before the last event.
RHYTHM = timedelta(weeks=12)
# With fewer days on which something came nobody can say what is usual.
FEWEST_DAYS = 3
LEAST_DAYS = 7
TIMES = 4
# One long holiday is no rhythm: nine of ten gaps are no longer than the usual longest one.
USUAL_PART = 0.9


@dataclass(frozen=True)
class Rhythm:
    """In days: the gap that is seldom longer, and what more than is silence."""

    usual: int
    allowed: int


def rhythm_of(days: Iterable[date]) -> Rhythm | None:
    """`days`: on which something came, the last one among them. None: too few to tell."""
    ordered = sorted(set(days))
    if not ordered:
        return None
    recent = [day for day in ordered if day >= ordered[-1] - RHYTHM]
    if len(recent) < FEWEST_DAYS:
        return None
    gaps = sorted((later - day).days for day, later in pairwise(recent))
    usual = gaps[math.ceil(USUAL_PART * len(gaps)) - 1]
    return Rhythm(usual, max(LEAST_DAYS, TIMES * usual))


def is_silent(rhythm: Rhythm | None, last: date, today: date) -> bool:
    return rhythm is not None and (today - last).days > rhythm.allowed

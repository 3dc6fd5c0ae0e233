"""How long and how heavy work is of which is known what is left of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

from guide.model import Initiative
from roadmap.domain.constraints.capacity import MOST_PER_INITIATIVE, Workload
from roadmap.domain.hand.decisions import Going
from roadmap.domain.problem import FULL_TIME


def workload_left(
    whole: Workload, initiative: Initiative, amounts: Mapping[str, int], going: Going
) -> Workload:
    """`whole`: how all of it was measured; here the length is known, and no longest one counts."""
    if whole.absent:
        return whole
    shares = {r: Fraction(str(s)) for r, s in initiative.roles.items() if s and amounts[r]}
    hundredths = Fraction(str(going.person_days)) * FULL_TIME / (going.left * sum(shares.values()))
    return Workload(
        days=going.days,
        demands={
            role: min(amounts[role], MOST_PER_INITIATIVE, math.ceil(share * hundredths))
            for role, share in shares.items()
        },
        is_waiting=whole.is_waiting,
    )

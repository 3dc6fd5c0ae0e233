"""How much of each role a programme can have, and how long work takes with it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from assessments.domain.answers import AnswerSet, AnswerState
from guide.model import Guide, Initiative, Role
from roadmap.domain.constraints import Constraints
from roadmap.domain.problem import FULL_TIME

STAFF_QUESTION = "P.04"
DAYS_PER_WEEK = 5
# One small piece of work gains little from a second full-time person of the same role.
MOST_PER_INITIATIVE = FULL_TIME
# Work that would take longer than half a year says that people are missing, not when it ends.
LONGEST_DURATION = 26 * DAYS_PER_WEEK


class Origin(StrEnum):
    CONSTRAINT = "constraint"
    PROFILE = "profile"
    FALLBACK = "fallback"  # the profile's people of another area do it
    DEFAULT = "default"  # the profile does not count these people
    NOBODY = "nobody"  # the profile counts them, and there are none


@dataclass(frozen=True)
class RoleCapacity:
    """`amount` in hundredths of an FTE that the programme can have, at least 1.

    `area`: the field of the profile that counts these people, empty when none does.
    `shared_with`: the other roles the same people fill.
    """

    role: Role
    amount: int
    origin: Origin
    area: str = ""
    shared_with: tuple[str, ...] = ()

    @property
    def fte(self) -> float:
        return self.amount / FULL_TIME


@dataclass(frozen=True)
class Size:
    """What the number of people does to a plan: effort is multiplied, parallel work limited.

    `staff` is None when it is not known. The figures are the planning estimates of the outline.
    """

    staff: float | None
    multiplier: float
    wip_limit: int | None


@dataclass(frozen=True)
class Workload:
    """`days`: working days it takes. `demands`: role → hundredths of an FTE on each of them.

    `short_of`: the role whose capacity does not carry the effort within the longest duration.
    """

    days: int
    demands: Mapping[str, int]
    short_of: str | None = None


def staff_numbers(answers: AnswerSet) -> Mapping[str, float] | None:
    """FTE by area as the profile counts them; None when it does not."""
    answer = answers.get(STAFF_QUESTION)
    if answer is None or answer.state is not AnswerState.ANSWERED or not answer.value:
        return None
    return {
        area: float(number)
        for area, number in answer.value.items()
        if isinstance(number, (int, float)) and not isinstance(number, bool)
    }


def organization_size(answers: AnswerSet) -> Size:
    staff = staff_numbers(answers)
    if staff is None:
        return Size(None, 1.0, None)
    total = math.fsum(staff.values())
    if total < 50:
        return Size(total, 0.6, 2)
    return Size(total, 1.6 if total > 300 else 1.0, None)


def role_capacities(
    guide: Guide, answers: AnswerSet, constraints: Constraints
) -> dict[str, RoleCapacity]:
    """Capacity by role. People who fill several roles are counted once: together, those roles
    have what the largest of them would have alone.
    """
    staff = staff_numbers(answers)
    found = [_capacity(role, staff, constraints) for role in guide.roles]
    areas: dict[str, list[RoleCapacity]] = {}
    for capacity in found:
        areas.setdefault(capacity.area, []).append(capacity)
    return {c.role.id: _share_people(c, areas[c.area]) if c.area else c for c in found}


def workload(initiative: Initiative, multiplier: float, amounts: Mapping[str, int]) -> Workload:
    """Spread the likely effort over the roles, and over the days their capacity makes of it.

    The slowest role sets the pace, elapsed time sets a minimum; nobody is used above capacity.
    """
    shares = {role: Fraction(str(share)) for role, share in initiative.roles.items()}
    effort = Fraction(str(initiative.effort_days.likely)) * Fraction(str(multiplier)) * FULL_TIME
    parts = {role: effort * share / sum(shares.values()) for role, share in shares.items()}
    limits = {role: min(amounts[role], MOST_PER_INITIATIVE) for role in parts}
    paces = {role: math.ceil(part / limits[role]) for role, part in parts.items()}
    elapsed = initiative.elapsed_weeks.low if initiative.elapsed_weeks else 0.0
    # The slowest role; of equals the first by name, so that the note never changes by accident.
    slowest = min(paces, key=lambda role: (-paces[role], role))
    days = max(1, math.ceil(elapsed * DAYS_PER_WEEK), min(paces[slowest], LONGEST_DURATION))
    return Workload(
        days=days,
        demands={
            role: min(limits[role], math.ceil(part / days)) for role, part in parts.items() if part
        },
        short_of=slowest if paces[slowest] > days else None,
    )


def _capacity(
    role: Role, staff: Mapping[str, float] | None, constraints: Constraints
) -> RoleCapacity:
    stated = constraints.role_fte.get(role.id)
    if stated:
        return _at_least_one(role, stated, Origin.CONSTRAINT)
    if stated == 0:
        return _at_least_one(role, role.default_fte, Origin.NOBODY)
    if staff is None or role.fte_from is None:
        return _at_least_one(role, role.default_fte, Origin.DEFAULT)
    for area, origin in (
        (role.fte_from, Origin.PROFILE),
        (role.fallback_fte_from, Origin.FALLBACK),
    ):
        if area and staff.get(area, 0) > 0:
            return replace(_at_least_one(role, staff[area] * role.share, origin), area=area)
    return _at_least_one(role, role.default_fte, Origin.NOBODY)


def _share_people(capacity: RoleCapacity, same: Sequence[RoleCapacity]) -> RoleCapacity:
    """What is left of a role's capacity when its people also fill other roles."""
    amounts = [other.amount for other in same]
    return replace(
        capacity,
        amount=max(1, round(capacity.amount * max(amounts) / sum(amounts))),
        shared_with=tuple(o.role.id for o in same if o.role.id != capacity.role.id),
    )


def _at_least_one(role: Role, fte: float, origin: Origin) -> RoleCapacity:
    return RoleCapacity(role, max(1, round(fte * FULL_TIME)), origin)

"""How much of each role a programme can have, and how long work takes with it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction

from assessments.domain.answers import AnswerSet, AnswerState
from guide.model import Guide, Initiative, Role
from roadmap.domain.constraints.calendar import WorkCalendar
from roadmap.domain.constraints.free_time import free_time
from roadmap.domain.constraints.stated import Constraints, FreezeKind
from roadmap.domain.problem import FULL_TIME, HORIZON_DAYS

STAFF_QUESTION = "P.04"
# The usual week; a calendar can have another.
DAYS_PER_WEEK = 5
# One small piece of work gains little from a second full-time person of the same role.
MOST_PER_INITIATIVE = FULL_TIME
# Work that would take longer than half a year says that people are missing, not when it ends.
LONGEST_WEEKS = 26


class Origin(StrEnum):
    CONSTRAINT = "constraint"
    PROFILE = "profile"
    FALLBACK = "fallback"  # the profile's people of another area do it
    DEFAULT = "default"  # the profile does not count these people
    NOBODY = "nobody"  # the profile counts them, and there are none: someone covers
    ABSENT = "absent"  # the constraints say that nobody does it, and nobody covers


@dataclass(frozen=True)
class RoleCapacity:
    """`amount` in hundredths of an FTE that the programme can have; 0 only for an absent role.

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

    `short_of`: the role whose capacity carries the effort least within these days, where one does
    not. `missing`: role → person-days of the effort that these days do not hold.
    `absent`: roles it needs and nobody has, so that it cannot be planned at all.
    `is_waiting`: the time that must pass sets its length, not the people.
    """

    days: int
    demands: Mapping[str, int]
    short_of: str | None = None
    absent: tuple[str, ...] = ()
    missing: Mapping[str, float] = field(default_factory=dict)
    is_waiting: bool = False


@dataclass(frozen=True)
class Pace:
    """What weeks are in working days. `late`: weeks that vendors take longer than usual."""

    days_per_week: int = DAYS_PER_WEEK
    late: float = 0.0

    @property
    def longest(self) -> int:
        return LONGEST_WEEKS * self.days_per_week

    @property
    def late_days(self) -> int:
        return math.ceil(_exact(self.late) * self.days_per_week)

    def waiting(self, weeks: float) -> int:
        return math.ceil(weeks * self.days_per_week)


USUAL_PACE = Pace()


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
    free = free_time(guide, answers, constraints)
    found = [_capacity(role, staff, constraints, free.share_of(role)) for role in guide.roles]
    areas: dict[str, list[RoleCapacity]] = {}
    for capacity in found:
        areas.setdefault(capacity.area, []).append(capacity)
    return {c.role.id: _share_people(c, areas[c.area]) if c.area else c for c in found}


def capacity_steps(
    capacity: RoleCapacity, calendar: WorkCalendar, constraints: Constraints
) -> tuple[tuple[int, int], ...]:
    """(day, amount from that day on) of a role, with those who join or leave and reduced staff.

    Where reductions overlap, the one that leaves least counts; nothing falls below 0. After
    `HORIZON_DAYS` there is at least what there ever was: whatever lands there cannot be planned.
    """
    role = capacity.role.id
    reduced = [
        (*calendar.interval(freeze.start, freeze.finish, HORIZON_DAYS), _exact(freeze.capacity))
        for freeze in constraints.freezes
        if freeze.kind is FreezeKind.REDUCED_STAFF and (not freeze.roles or role in freeze.roles)
    ]
    people = _staffed(capacity, calendar, constraints)
    days = {day for day, _ in people} | {day for first, end, _ in reduced for day in (first, end)}
    steps: list[tuple[int, int]] = []
    for day in sorted(days - {HORIZON_DAYS}):
        left = min([Fraction(1), *(part for first, end, part in reduced if first <= day < end)])
        _append_step(steps, day, math.floor(_amount_on(people, day) * left))
    _append_step(steps, HORIZON_DAYS, max(amount for _, amount in (*people, *steps)))
    return tuple(steps)


def planning_amounts(
    capacities: Mapping[str, RoleCapacity], calendar: WorkCalendar, constraints: Constraints
) -> dict[str, int]:
    """What the work of each role is measured with: the lesser of what there is at the beginning
    and at the end, reductions for a time aside.

    So those who join later let more work run side by side without making any of it wait for
    them, and no work asks for more than is left once people have gone. Where one of the two is
    nothing (a role that is filled later, or is given up) the other counts.
    """
    found = {}
    for role, capacity in capacities.items():
        amounts = [amount for _, amount in _staffed(capacity, calendar, constraints)]
        lasting = [amount for amount in (amounts[0], amounts[-1]) if amount]
        found[role] = min(lasting, default=max(amounts))
    return found


def workload(
    initiative: Initiative,
    multiplier: float,
    amounts: Mapping[str, int],
    pace: Pace = USUAL_PACE,
) -> Workload:
    """Spread the likely effort over the roles, and over the days their capacity makes of it.

    The slowest role sets the pace, elapsed time sets a minimum, late vendors come on top of both;
    nobody is used above capacity.
    """
    shares = {role: Fraction(str(share)) for role, share in initiative.roles.items()}
    effort = Fraction(str(initiative.effort_days.likely)) * Fraction(str(multiplier)) * FULL_TIME
    parts = {role: effort * share / sum(shares.values()) for role, share in shares.items()}
    absent = tuple(sorted(role for role, part in parts.items() if part and not amounts[role]))
    if absent:
        return Workload(days=1, demands={}, absent=absent)
    parts = {role: part for role, part in parts.items() if amounts[role]}
    limits = {role: min(amounts[role], MOST_PER_INITIATIVE) for role in parts}
    paces = {role: math.ceil(part / limits[role]) for role, part in parts.items()}
    elapsed = pace.waiting(initiative.elapsed_weeks.low if initiative.elapsed_weeks else 0.0)
    # The slowest role; of equals the first by name, so that the note never changes by accident.
    slowest = min(paces, key=lambda role: (-paces[role], role))
    carried = min(paces[slowest], pace.longest)
    days = max(1, elapsed, carried) + pace.late_days
    return Workload(
        days=days,
        demands={
            role: min(limits[role], math.ceil(part / days)) for role, part in parts.items() if part
        },
        short_of=slowest if paces[slowest] > days else None,
        missing={
            role: float(round(part / FULL_TIME - Fraction(limits[role] * days, FULL_TIME), 1))
            for role, part in sorted(parts.items())
            if paces[role] > days
        },
        is_waiting=carried <= elapsed + pace.late_days > 0,
    )


def _capacity(
    role: Role, staff: Mapping[str, float] | None, constraints: Constraints, share: Fraction
) -> RoleCapacity:
    stated = constraints.role_fte.get(role.id)
    if stated:
        return _at_least_one(role, stated, Origin.CONSTRAINT)
    if stated == 0:
        return RoleCapacity(role, 0, Origin.ABSENT)
    if staff is None or role.fte_from is None:
        return _at_least_one(role, role.default_fte, Origin.DEFAULT)
    for area, origin in (
        (role.fte_from, Origin.PROFILE),
        (role.fallback_fte_from, Origin.FALLBACK),
    ):
        if area and staff.get(area, 0) > 0:
            if constraints.free_share == 0:
                return RoleCapacity(role, 0, Origin.ABSENT)
            people = float(_exact(staff[area]) * share)
            return replace(_at_least_one(role, people, origin), area=area)
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


def _staffed(
    capacity: RoleCapacity, calendar: WorkCalendar, constraints: Constraints
) -> list[tuple[int, int]]:
    """(day, amount from that day on) with those who join or leave, before any reduction."""
    changes = [
        (*calendar.interval(people.start, people.finish, HORIZON_DAYS), _hundredths(people.fte))
        for people in constraints.staffing
        if people.role == capacity.role.id
    ]
    steps: list[tuple[int, int]] = []
    for day in sorted({0} | {day for first, end, _ in changes for day in (first, end)}):
        if day < HORIZON_DAYS:
            there = sum(amount for first, end, amount in changes if first <= day < end)
            _append_step(steps, day, max(0, capacity.amount + there))
    return steps


def _append_step(steps: list[tuple[int, int]], day: int, amount: int) -> None:
    if not steps or steps[-1][1] != amount:
        steps.append((day, amount))


def _amount_on(steps: Sequence[tuple[int, int]], day: int) -> int:
    return next(amount for first, amount in reversed(steps) if first <= day)


def _hundredths(fte: float) -> int:
    return round(_exact(fte) * FULL_TIME)


def _exact(number: float) -> Fraction:
    """As it was written: 0.1 is a tenth."""
    return Fraction(str(number))

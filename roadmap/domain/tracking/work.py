"""A roadmap under way as plain facts: what was planned, what was agreed, what was reported since.

Everything comes from what is stored with the roadmap, not from a new plan: so one that was made by
an older guide or an older planner can be followed all the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from guide.model import Role
from roadmap.domain.constraints.calendar import WorkCalendar, work_calendar
from roadmap.domain.constraints.capacity import (
    MOST_PER_INITIATIVE,
    Origin,
    Pace,
    RoleCapacity,
    planning_amounts,
)
from roadmap.domain.constraints.stated import Constraints
from roadmap.domain.plan import Estimate
from roadmap.domain.problem import FULL_TIME
from roadmap.domain.progress import Status


@dataclass(frozen=True)
class Reported:
    """What people said of it. `percent` 0: nobody said how far it is. `blocked_on`: since then."""

    status: Status = Status.NOT_STARTED
    started_on: date | None = None
    finished_on: date | None = None
    percent: int = 0
    remaining_days: float | None = None
    expected_on: date | None = None
    is_blocked: bool = False
    blocked_on: date | None = None


@dataclass(frozen=True)
class Work:
    """One initiative. `shares`: role → part of the effort. `waits`: the least and the most weeks
    that pass however many help. `not_before`: a day it was pinned to, or not to start before.
    """

    id: str
    title: str
    phase: str
    kind: str
    rank: int
    start_on: date
    finish_on: date
    working_days: int
    effort: Estimate
    shares: Mapping[str, float] = field(default_factory=dict)
    predecessors: tuple[str, ...] = ()
    gate: str = ""
    waits: tuple[float, float] = (0.0, 0.0)
    has_vendor: bool = False
    go_live: bool = False
    not_before: date | None = None
    baseline_start: date | None = None
    baseline_finish: date | None = None
    reported: Reported = Reported()

    @property
    def agreed_start(self) -> date:
        return self.baseline_start or self.start_on

    @property
    def agreed_finish(self) -> date:
        return self.baseline_finish or self.finish_on

    @property
    def status(self) -> Status:
        return self.reported.status

    @property
    def is_open(self) -> bool:
        return self.status in (Status.NOT_STARTED, Status.IN_PROGRESS)


@dataclass(frozen=True)
class UnderWay:
    """`amounts`: hundredths of an FTE by role. `closed`: gates that are not open. `phases` in
    order: id → title. `gates`: id → title.
    """

    start: date
    items: tuple[Work, ...]
    constraints: Constraints = field(default_factory=Constraints)
    amounts: Mapping[str, int] = field(default_factory=dict)
    wip_limit: int | None = None
    closed: frozenset[str] = frozenset()
    phases: Mapping[str, str] = field(default_factory=dict)
    gates: Mapping[str, str] = field(default_factory=dict)

    def calendar(self, first: date) -> WorkCalendar:
        stated = self.constraints
        return work_calendar(first, stated.holidays, stated.working_weekdays)

    def capacities(self) -> dict[str, RoleCapacity]:
        """Only the id of a role counts from here on."""
        return {
            role: RoleCapacity(Role.model_construct(id=role), amount, Origin.PROFILE)
            for role, amount in sorted(self.amounts.items())
        }

    def planned_amounts(self) -> dict[str, int]:
        """What the work was measured with when it was planned."""
        calendar = self.calendar(self.start)
        return planning_amounts(self.capacities(), calendar, self.constraints)

    def pace_of(self, work: Work) -> Pace:
        late = self.constraints.vendor_delay_weeks if work.has_vendor else 0.0
        return Pace(len(self.constraints.working_weekdays), late)


@dataclass(frozen=True)
class Measure:
    """How the work was measured: `carried` days at the pace of its slowest role, `waiting` days
    that pass by themselves, `demands` on each of its days. `exact`: the carried days before they
    were rounded up. `parts`: role → hundredths of person-days of all of it, of which no more than
    `limits` go into a day.
    """

    carried: int
    waiting: int
    demands: Mapping[str, int]
    exact: Fraction = Fraction(0)
    parts: Mapping[str, Fraction] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)

    def demands_for(self, part: Fraction, days: int) -> Mapping[str, int]:
        """On each of so many days, for this part of the effort."""
        return {
            role: min(self.limits[role], math.ceil(whole * part / days))
            for role, whole in self.parts.items()
            if whole * part
        }

    @property
    def is_waiting(self) -> bool:
        """The time that must pass sets its length, not the people."""
        return self.carried <= self.waiting > 0


def measure(work: Work, amounts: Mapping[str, int], pace: Pace) -> Measure:
    """By the rule of `capacity.workload`, for the days that were planned."""
    shares = {role: Fraction(str(share)) for role, share in work.shares.items()}
    whole = sum(shares.values())
    effort = Fraction(str(work.effort.likely)) * FULL_TIME
    parts = {
        role: effort * share / whole
        for role, share in shares.items()
        if share and amounts.get(role, 0)
    }
    limits = {role: min(amounts[role], MOST_PER_INITIATIVE) for role in parts}
    exact = max((part / limits[role] for role, part in parts.items()), default=Fraction(0))
    days, waiting = max(1, work.working_days), pace.waiting(work.waits[0])
    # What was planned as the rest of work under way may be longer than plans let anything be.
    is_told = days > max(pace.longest, waiting) + pace.late_days
    longest = days if is_told else pace.longest
    slowest = math.ceil(exact)
    found = Measure(
        carried=min(slowest, longest),
        waiting=waiting + pace.late_days,
        demands={},
        # Shown shorter than its people can carry it, it keeps that proportion.
        exact=exact * longest / slowest if slowest > longest else exact,
        parts=parts,
        limits=limits,
    )
    return replace(found, demands=found.demands_for(Fraction(1), days))

"""What a plan is: what it holds and when, what it leaves out, and what all of it costs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from guide.model import Initiative
from roadmap.domain.constraints.capacity import RoleCapacity
from roadmap.domain.constraints.stated import WEEKDAYS
from roadmap.domain.explaining.binding import Binding
from roadmap.domain.selected import Excluded, FindOut, Satisfied, SelectedInitiative

Origin = Literal["guide", "own", "wave"]
OmissionKind = Literal["deadline", "budget", "hand", "unplannable", "needs"]


@dataclass(frozen=True)
class Estimate:
    """Person-days, after the size of the organization was taken into account."""

    low: float
    likely: float
    high: float


@dataclass(frozen=True)
class ByHand:
    """What people decided about one initiative, and where it comes from."""

    origin: Origin = "guide"
    pinned: date | None = None
    earliest: date | None = None
    is_effort_changed: bool = False
    people: tuple[str, ...] = ()
    wave_of: str | None = None
    systems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lifted:
    """An answer that rises when an initiative is done. `before` is None while it is unknown."""

    question: str
    title: str
    before: int | None
    after: int


@dataclass(frozen=True)
class PlannedItem:
    """`start` and `finish` are the first and last day worked. `days`: working days between.

    `bound_until`: the day from which what binds its start no longer stands in the way.
    `total_float`: working days it may slip before the plan ends later; `free_float`: before
    anything else moves. `gain`: points of overall readiness it adds by itself (an estimate).
    """

    selected: SelectedInitiative
    start: date
    finish: date
    days: int
    roles: tuple[str, ...]
    effort: Estimate
    bound_by: Binding
    bound_until: date | None = None
    total_float: int = 0
    free_float: int = 0
    is_critical: bool = False
    lifts: tuple[Lifted, ...] = ()
    gain: float = 0.0
    person_days: Mapping[str, float] = field(default_factory=dict)
    cost: float | None = None
    by_hand: ByHand = field(default_factory=ByHand)


@dataclass(frozen=True)
class LeftOut:
    """An initiative that is not in the plan although the answers call for it.

    `gain` is its price in points of overall readiness, as it would be at the end of the plan.
    """

    initiative: Initiative
    kind: OmissionKind
    reason: str
    gain: float = 0.0
    person_days: float = 0.0
    cost: float | None = None


@dataclass(frozen=True)
class DeadlineResult:
    """A deadline from outside with its reason, and whether the plan keeps it."""

    about: str
    title: str
    by: date
    planned: date | None
    is_met: bool
    reason: str = ""


@dataclass(frozen=True)
class Cost:
    own: float
    partner: float
    currency: str = ""

    @property
    def total(self) -> float:
        return round(self.own + self.partner, 2)


@dataclass(frozen=True)
class Conflict:
    """Something that cannot be kept, in words, and the initiatives it is about."""

    kind: str
    text: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class MonthLoad:
    """Person-days of one role in one month ("2027-03")."""

    month: str
    used: float
    capacity: float


@dataclass(frozen=True)
class RoleLoad:
    role: str
    title: str
    months: tuple[MonthLoad, ...]


@dataclass(frozen=True)
class ReadinessFigures:
    """Points of 0-100; None where nothing is answered."""

    overall: float | None
    steps: Mapping[str, float | None]


@dataclass(frozen=True)
class FrozenDays:
    """A freeze as the plan shows it; without roles it holds for all of them."""

    start: date
    finish: date
    reason: str
    kind: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """`items` in order of rank; `gates` with the day their review ends, in order of date."""

    start: date
    finish: date | None
    items: tuple[PlannedItem, ...]
    gates: tuple[tuple[str, date], ...]
    excluded: tuple[Excluded, ...]
    find_out: tuple[FindOut, ...]
    settled: tuple[Satisfied, ...]
    notes: tuple[str, ...]
    capacities: tuple[RoleCapacity, ...]
    rule: str
    left_out: tuple[LeftOut, ...] = ()
    critical_chain: tuple[str, ...] = ()
    deadlines: tuple[DeadlineResult, ...] = ()
    cost: Cost | None = None
    load: tuple[RoleLoad, ...] = ()
    freezes: tuple[FrozenDays, ...] = ()
    holidays: tuple[date, ...] = ()
    working_weekdays: frozenset[int] = WEEKDAYS
    conflicts: tuple[Conflict, ...] = ()
    readiness_now: ReadinessFigures | None = None
    readiness_after: ReadinessFigures | None = None

    @property
    def effort(self) -> Estimate:
        return total_estimate(item.effort for item in self.items)


def total_estimate(estimates: Iterable[Estimate]) -> Estimate:
    rows = list(estimates)
    return Estimate(
        low=round(math.fsum(row.low for row in rows), 1),
        likely=round(math.fsum(row.likely for row in rows), 1),
        high=round(math.fsum(row.high for row in rows), 1),
    )

"""How much of an initiative is left today, and what that rests on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from roadmap.domain.constraints.calendar import WorkCalendar
from roadmap.domain.constraints.capacity import Pace
from roadmap.domain.progress import Status
from roadmap.domain.tracking.work import Measure, Work, measure

# Of work that should be finished and of which nobody says what is left, a tenth is assumed.
SILENT_PART = 0.1


class By(StrEnum):
    """What the days left rest on."""

    PLAN = "plan"  # not begun: all of it
    REMAINING = "remaining"  # the person-days people say are left
    PERCENT = "percent"  # the percentage people say is done
    ELAPSED = "elapsed"  # nobody said: the planned days less those that passed
    SILENT = "silent"  # nobody said, and the planned days have passed: a tenth of them


@dataclass(frozen=True)
class Left:
    """`days` from today on, with `demands` on each of them; `person_days` of effort are in them.
    `until`: the day people expect to finish, where
    that is later than the days say and so counts. `hoped`: the same where it is earlier; it is
    shown and does not count.
    """

    days: int
    by: By
    measure: Measure
    demands: Mapping[str, int]
    person_days: float
    until: date | None = None
    hoped: date | None = None


def left(
    work: Work, amounts: Mapping[str, int], pace: Pace, calendar: WorkCalendar, since: WorkCalendar
) -> Left:
    """`calendar` begins today, `since` before anything was begun."""
    measured = measure(work, amounts, pace)
    days, by = _days(work, measured, calendar, since)
    found = _with_effort(work, measured, days, by)
    expected, today = work.reported.expected_on, calendar.start
    if expected is None or expected < today:
        return found
    computed = calendar.finish_date(0, days)
    if expected > computed:
        return replace(found, until=expected)
    return replace(found, hoped=expected if expected < computed else None)


def _with_effort(work: Work, measured: Measure, days: int, by: By) -> Left:
    """What people say is left is all worked in these days; else the days go on as planned."""
    likely, said = work.effort.likely, work.reported.remaining_days
    if by is By.REMAINING and said is not None and likely:
        demands = measured.demands_for(_part(said, likely), days)
        return Left(days, by, measured, demands, said)
    person_days = likely * days / max(1, work.working_days)
    return Left(days, by, measured, measured.demands, person_days)


def _part(said: float, likely: float) -> Fraction:
    return Fraction(str(said)) / Fraction(str(likely))


def passed(work: Work, today: date, since: WorkCalendar) -> int:
    """Working days it has been worked on; while it is blocked none are added."""
    said = work.reported
    begun = said.started_on or min(work.start_on, today)
    end = min(today, said.blocked_on or today) if said.is_blocked else today
    return max(0, since.date_to_day(end) - since.date_to_day(begun))


def _days(
    work: Work, measured: Measure, calendar: WorkCalendar, since: WorkCalendar
) -> tuple[int, By]:
    said, planned = work.reported, max(1, work.working_days)
    is_begun = work.status is Status.IN_PROGRESS
    gone = passed(work, calendar.start, since) if is_begun else 0
    if said.remaining_days is not None:
        likely = work.effort.likely
        part = _part(said.remaining_days, likely) if likely else Fraction(0)
        carried = math.ceil(part * (measured.exact or planned))
        return max(1, carried, measured.waiting - gone), By.REMAINING
    if not is_begun or (work.kind == "review" and not said.percent):
        # A review waits for what it reviews, however long ago it was called.
        return planned, By.PLAN
    if said.percent:
        return max(1, _up(planned * (100 - said.percent) / 100)), By.PERCENT
    if planned > gone:
        return planned - gone, By.ELAPSED
    return max(1, _up(planned * SILENT_PART)), By.SILENT


def _up(number: float) -> int:
    return math.ceil(number - 1e-9)

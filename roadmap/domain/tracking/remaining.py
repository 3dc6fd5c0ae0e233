"""How much of an initiative is left today, and what that rests on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

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
    """`days` from today on, at the planned pace. `until`: the day people expect to finish, where
    that is later than the days say and so counts. `hoped`: the same where it is earlier; it is
    shown and does not count.
    """

    days: int
    by: By
    measure: Measure
    until: date | None = None
    hoped: date | None = None


def left(
    work: Work, amounts: Mapping[str, int], pace: Pace, calendar: WorkCalendar, since: WorkCalendar
) -> Left:
    """`calendar` begins today, `since` before anything was begun."""
    measured = measure(work, amounts, pace)
    days, by = _days(work, measured, calendar, since)
    expected, today = work.reported.expected_on, calendar.start
    if expected is None or expected < today:
        return Left(days, by, measured)
    computed = calendar.finish_date(0, days)
    if expected > computed:
        return Left(days, by, measured, until=expected)
    return Left(days, by, measured, hoped=expected if expected < computed else None)


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
        part = said.remaining_days / likely if likely else 0.0
        carried = _up(part * (measured.carried or planned))
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

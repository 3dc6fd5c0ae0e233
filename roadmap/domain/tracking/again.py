"""Where work that was begun stands in a plan that goes on from it: where the forecast has it.

The plan then takes the same facts as the forecast, measured once: the days and person-days left,
and the day until which that takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from roadmap.domain.constraints.calendar import WorkCalendar
from roadmap.domain.hand.decisions import Days, Going
from roadmap.domain.problem import Schedule, UnusableProblem
from roadmap.domain.progress import Status
from roadmap.domain.tracking.remaining import By, Left
from roadmap.domain.tracking.rest import Rest, is_running, rest
from roadmap.domain.tracking.work import UnderWay, Work


@dataclass(frozen=True)
class Stand:
    """`start`: of all of it, the past too; None: when its turn comes, from `not_before` on."""

    start: date | None
    going: Going | None = None
    not_before: date | None = None


def stands(under_way: UnderWay, today: date, calendar: WorkCalendar) -> dict[str, Stand]:
    """By id, for what is neither dropped nor without anything reported. `calendar`: of the plan
    that is to be made; it begins before the work did.
    """
    remaining = rest(under_way, today)
    try:
        schedule: Schedule | None = remaining.schedule()
    except UnusableProblem:
        schedule = None
    found = {}
    for work in under_way.items:
        if work.id not in remaining.open:
            if work.status is Status.DONE:
                found[work.id] = _done(calendar, work)
        elif not is_running(remaining.open[work.id]):
            found[work.id] = _not_begun(remaining, work)
        else:
            found[work.id] = _running(remaining, schedule, work, calendar)
    return found


def _done(calendar: WorkCalendar, work: Work) -> Stand:
    """Where it was done; of the planned length where nobody said when it was begun."""
    end = work.reported.finished_on or work.finish_on
    begun = work.reported.started_on
    if begun is None or begun < calendar.start:
        return Stand(_start(calendar, work, end))
    last = _last(calendar, end)
    first = min(calendar.date_to_day(begun), last)
    days = last - first + 1
    return Stand(calendar.day_to_date(first), Going(days, days, work.effort.likely))


def _running(
    remaining: Rest, schedule: Schedule | None, work: Work, calendar: WorkCalendar
) -> Stand:
    today, left = remaining.today, remaining.left[work.id]
    end = max(today, work.finish_on)
    if schedule is not None:
        first, last = schedule.starts[work.id], schedule.finishes[work.id]
        end = remaining.calendar.finish_date(first, last)
    now = calendar.date_to_day(remaining.calendar.day_to_date(0))
    start = calendar.date_to_day(_start(calendar, work, end))
    days = _last(calendar, end) - now + 1
    begun = min(start, now)
    going = Going(
        days=now + days - begun,
        left=days,
        person_days=left.person_days,
        effort=_effort(work, left) if left.person_days > work.effort.likely else None,
    )
    return Stand(calendar.day_to_date(begun), going)


def _not_begun(remaining: Rest, work: Work) -> Stand:
    left, going, not_before = remaining.left[work.id], None, None
    if left.by is By.REMAINING:
        going = Going(left.days, left.days, left.person_days, _effort(work, left))
    if left.until:
        task = next(task for task in remaining.problem.tasks if task.id == work.id)
        not_before = remaining.calendar.day_to_date(task.earliest)
    return Stand(None, going, not_before)


def _effort(work: Work, left: Left) -> Days | None:
    """The estimate in proportion to what people say is left."""
    if left.by is not By.REMAINING or not work.effort.likely:
        return None
    part = left.person_days / work.effort.likely
    low, high = work.effort.low * part, work.effort.high * part
    return Days(round(low, 2), round(left.person_days, 2), round(high, 2))


def _start(calendar: WorkCalendar, work: Work, end: date) -> date:
    """So that a bar of the planned length ends on the right day."""
    first = _last(calendar, end) - max(1, work.working_days) + 1
    return calendar.day_to_date(max(0, first))


def _last(calendar: WorkCalendar, end: date) -> int:
    """The number of the last day worked until then."""
    last = calendar.date_to_day(end)
    return last - 1 if last and calendar.day_to_date(last) != end else last

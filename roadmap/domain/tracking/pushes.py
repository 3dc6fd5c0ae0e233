"""What late work pushes, and why something is expected later than agreed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from roadmap.domain.explaining.binding import Binding, BoundBy
from roadmap.domain.problem import HORIZON_DAYS, Schedule
from roadmap.domain.progress import Status
from roadmap.domain.scheduling import follow
from roadmap.domain.tracking.remaining import By
from roadmap.domain.tracking.rest import Rest, is_running
from roadmap.domain.tracking.slip import WorkingDays
from roadmap.domain.tracking.work import Work


class Because(StrEnum):
    DONE = "done"  # it was finished later than agreed
    BLOCKED = "blocked"  # nobody knows until when; taken as ended today
    EXPECTED = "expected"  # whoever does it expects to finish on that day
    SILENT = "silent"  # it should be finished, and nobody says what is left
    RUNNING = "running"  # what is left of it lasts longer than agreed
    NOT_BEGUN = "not_begun"  # nothing holds it, and it was to begin earlier
    AFTER_LATE = "after_late"  # as before, and what it waited for was finished late
    PREDECESSOR = "predecessor"
    GATE = "gate"  # a gate is closed
    ROLE = "role"
    ABSENCE = "absence"  # of a role nobody is there
    NOBODY = "nobody"  # those who could do it have left for good
    LIMIT = "limit"
    FREEZE = "freeze"
    EARLIEST = "earliest"
    ORDER = "order"


@dataclass(frozen=True)
class Why:
    """`about`: the initiative, role or gate. `on`: the day it speaks of. `days`: working days."""

    kind: Because
    about: str = ""
    on: date | None = None
    days: int = 0


@dataclass(frozen=True)
class Push:
    """What one late piece of work moves: initiative → working days, and the finish of the whole."""

    moves: Mapping[str, int] = field(default_factory=dict)
    whole: int = 0


def pushes(rest: Rest, schedule: Schedule, days: WorkingDays) -> dict[str, Push]:
    """For each piece of work that is late by itself: what would be expected earlier had it gone as
    agreed. Found by scheduling the rest once more without its delay, so people and limits count
    and not arrows alone.
    """
    found = {}
    for id, work in rest.open.items():
        if _is_late_by_itself(rest, schedule, work):
            found[id] = _push(rest, schedule, work)
    for id, followers in _after_late(rest, schedule, days).items():
        found[id] = Push(followers)
    return {id: push for id, push in found.items() if push.moves or push.whole}


def why_late(rest: Rest, schedule: Schedule, found: Mapping[str, Binding], id: str) -> Why:
    """What makes it so; of what waits, what it waits for."""
    work, left = rest.open[id], rest.left[id]
    start, calendar = schedule.starts[id], rest.calendar
    if start >= HORIZON_DAYS:
        return Why(Because.NOBODY)
    if work.reported.is_blocked:
        return Why(Because.BLOCKED, on=work.reported.blocked_on, days=left.days)
    if left.until:
        return Why(Because.EXPECTED, on=left.until)
    if is_running(work):
        kind = Because.SILENT if left.by is By.SILENT else Because.RUNNING
        finish = schedule.finishes[id]
        # With fewer people, or others' work first, what is left takes more days than it has.
        is_slower = finish > left.days
        on = calendar.finish_date(start, finish) if is_slower else None
        return Why(kind, on=on, days=left.days)
    binding = found[id]
    if binding.kind is BoundBy.PREDECESSOR:
        before = rest.open[binding.what]
        day = calendar.finish_date(schedule.starts[before.id], schedule.finishes[before.id])
        if before.kind == "review":
            return Why(Because.GATE, before.gate or before.id, day)
        return Why(Because.PREDECESSOR, before.id, day)
    if binding.kind is BoundBy.START:
        return _not_begun(rest, work)
    return _held(rest, binding, start)


def _held(rest: Rest, binding: Binding, start: int) -> Why:
    until = rest.calendar.day_to_date(binding.until if binding.until is not None else start)
    if binding.kind is BoundBy.ROLE:
        holder = next(iter(binding.holders), "")
        if binding.is_absence or not holder:
            return Why(Because.ABSENCE, binding.what, until)
        return Why(Because.ROLE, holder, until)
    kinds = {
        BoundBy.LIMIT: Because.LIMIT,
        BoundBy.FREEZE: Because.FREEZE,
        BoundBy.EARLIEST: Because.EARLIEST,
    }
    holder = next(iter(binding.holders), "") if binding.kind is BoundBy.LIMIT else ""
    return Why(kinds.get(binding.kind, Because.ORDER), holder, until)


def _not_begun(rest: Rest, work: Work) -> Why:
    known = {other.id: other for other in rest.under_way.items}
    late = [
        before
        for id in work.predecessors
        if (before := known.get(id))
        and before.status is Status.DONE
        and before.reported.finished_on
        and before.reported.finished_on >= work.agreed_start
    ]
    if late:
        last = max(late, key=lambda w: (w.reported.finished_on or w.finish_on, w.id))
        return Why(Because.AFTER_LATE, last.id, last.reported.finished_on)
    return Why(Because.NOT_BEGUN, on=work.agreed_start)


def _is_late_by_itself(rest: Rest, schedule: Schedule, work: Work) -> bool:
    """Not because of what it waits for."""
    left, first = rest.left[work.id], rest.calendar.day_to_date(0)
    if is_running(work) or left.until or work.reported.is_blocked:
        task = next(task for task in rest.problem.tasks if task.id == work.id)
        earliest = task.earliest if not is_running(work) else 0
        return rest.calendar.finish_date(earliest, earliest + task.duration) > work.agreed_finish
    return not schedule.starts[work.id] and work.agreed_start < first


def _push(rest: Rest, schedule: Schedule, work: Work) -> Push:
    """Against the same rest in which this one has only what was agreed to be left of it today."""
    task = next(task for task in rest.problem.tasks if task.id == work.id)
    calendar = rest.calendar
    agreed = work.agreed_finish
    days = calendar.date_to_day(agreed) + 1 if agreed >= calendar.day_to_date(0) else 0
    days = min(days, task.duration)
    held = calendar.date_to_day(work.not_before) if work.not_before else 0
    as_agreed = replace(
        task,
        duration=days,
        go_live=min(task.go_live, days),
        earliest=0 if is_running(work) else held,
        urgent=True,
    )
    other = follow(rest.with_task(as_agreed), {**rest.order, work.id: -1})
    moves = {
        id: later
        for id in rest.open
        if id != work.id and (later := schedule.finishes[id] - other.finishes[id]) > 0
    }
    ranked = sorted(moves, key=lambda id: (-moves[id], schedule.finishes[id], id))
    return Push({id: moves[id] for id in ranked}, max(0, schedule.makespan - other.makespan))


def _after_late(rest: Rest, schedule: Schedule, days: WorkingDays) -> dict[str, dict[str, int]]:
    """What was finished late and is all that kept others, which could begin today, from it."""
    found: dict[str, dict[str, int]] = {}
    for work in rest.open.values():
        if work.status is not Status.NOT_STARTED or schedule.starts[work.id]:
            continue
        why = _not_begun(rest, work)
        if why.kind is Because.AFTER_LATE:
            end = rest.calendar.finish_date(0, schedule.finishes[work.id])
            later = days.slip(work.agreed_finish, end)
            if later > 0:
                found.setdefault(why.about, {})[work.id] = later
    return found

"""The schedule of the rest of a roadmap, from today on, with what is known.

What is done stands where it was done and leaves its people to the others. What is under way goes
on: first in line, for what is left of it, as far as its people reach. What is not begun starts
today at the earliest, in the order of the plan. A closed gate holds everything behind it, also
where work in between was done before its turn; dropped work leaves, and who waited for it waits for
what it waited for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from roadmap.domain.constraints.calendar import WorkCalendar
from roadmap.domain.constraints.capacity import capacity_steps
from roadmap.domain.constraints.stated import FreezeKind
from roadmap.domain.problem import HORIZON_DAYS, Problem, Schedule, Task
from roadmap.domain.progress import Status
from roadmap.domain.scheduling import follow
from roadmap.domain.tasks import GO_LIVE_DAYS, MOSTLY_WAITING
from roadmap.domain.tracking.remaining import Left, left
from roadmap.domain.tracking.room import Place, Room, without
from roadmap.domain.tracking.work import UnderWay, Work


@dataclass(frozen=True)
class Rest:
    """`order`: what the schedule follows; only its order counts. Day 0 is today, or the first
    working day after it, or the plan's own first day where that is still to come.
    """

    under_way: UnderWay
    today: date
    calendar: WorkCalendar
    open: Mapping[str, Work]
    left: Mapping[str, Left]
    problem: Problem
    order: Mapping[str, int]

    def schedule(self) -> Schedule:
        return follow(self.problem, self.order)

    def with_task(self, task: Task) -> Problem:
        """The problem with another task in the place of one of the same id."""
        tasks = tuple(task if other.id == task.id else other for other in self.problem.tasks)
        return replace(self.problem, tasks=tasks)


def rest(under_way: UnderWay, today: date) -> Rest:
    """Pure and deterministic: the same facts and the same day give the same rest."""
    calendar = under_way.calendar(max(today, under_way.start))
    amounts = under_way.planned_amounts()
    first = min([under_way.start, today, *_begun(under_way)])
    since = under_way.calendar(first)
    open_ones = _open(under_way)
    remaining = {
        id: left(work, amounts, under_way.pace_of(work), calendar, since)
        for id, work in open_ones.items()
    }
    steps = {
        role: capacity_steps(capacity, calendar, under_way.constraints)
        for role, capacity in under_way.capacities().items()
    }
    before = _arrows(under_way, open_ones)
    tasks = [
        _task(work, remaining[id], before[id], calendar, {r: s[-1][1] for r, s in steps.items()})
        for id, work in open_ones.items()
    ]
    order = _order(open_ones.values())
    tasks, earlier = _going_on(tasks, open_ones, order, Room(steps))
    return Rest(
        under_way=under_way,
        today=today,
        calendar=calendar,
        open=open_ones,
        left=remaining,
        problem=Problem(
            tasks=tuple(_within(tasks, open_ones, under_way.wip_limit)),
            capacities=without(steps, earlier),
            wip_limit=under_way.wip_limit,
            freezes=tuple(_freezes(under_way, calendar)),
        ),
        order=order,
    )


def is_reopened(work: Work, closed: Iterable[str]) -> bool:
    """A review that counts as done while its gate is closed: the gate says what is true."""
    return work.kind == "review" and work.status is Status.DONE and work.gate in closed


def is_running(work: Work) -> bool:
    """Under way, so that it waits for nothing more; a review waits all the same."""
    return _is_begun(work) and work.kind != "review"


def _is_begun(work: Work) -> bool:
    return work.status is Status.IN_PROGRESS


def _open(under_way: UnderWay) -> dict[str, Work]:
    found = {}
    for work in sorted(under_way.items, key=lambda work: (work.rank, work.id)):
        if is_reopened(work, under_way.closed):
            said = replace(work.reported, status=Status.NOT_STARTED, finished_on=None)
            found[work.id] = replace(work, reported=said)
        elif work.is_open:
            found[work.id] = work
    return found


def _begun(under_way: UnderWay) -> Iterable[date]:
    for work in under_way.items:
        if work.reported.started_on:
            yield work.reported.started_on
        yield work.start_on


def _order(open_ones: Iterable[Work]) -> dict[str, int]:
    """What is under way, in the order it was begun, then the rest as planned."""

    def key(work: Work) -> tuple[bool, date, date, int]:
        begun = work.reported.started_on or work.start_on
        is_waiting = not is_running(work)
        return is_waiting, work.start_on if is_waiting else begun, work.finish_on, work.rank

    return {work.id: number for number, work in enumerate(sorted(open_ones, key=key))}


def _arrows(under_way: UnderWay, open_ones: Mapping[str, Work]) -> dict[str, tuple[str, ...]]:
    """What each still waits for. What is under way waits no more, but a review does."""
    known = {work.id: work for work in under_way.items}
    above: dict[str, tuple[str, ...]] = {}

    def all_above(id: str) -> tuple[str, ...]:
        if id not in above:
            above[id] = ()  # a circle cannot be in a plan; should one be, this ends
            found: dict[str, None] = {}
            for other in known[id].predecessors:
                if other in known:
                    found[other] = None
                    found.update(dict.fromkeys(all_above(other)))
            above[id] = tuple(found)
        return above[id]

    def direct(id: str, seen: set[str]) -> Iterable[str]:
        for other in known[id].predecessors:
            if other in open_ones:
                yield other
            elif other in known and known[other].status is Status.DROPPED and other not in seen:
                seen.add(other)
                yield from direct(other, seen)

    found: dict[str, tuple[str, ...]] = {}
    for id, work in open_ones.items():
        if is_running(work):
            found[id] = ()
            continue
        held = [o for o in all_above(id) if o in open_ones and open_ones[o].kind == "review"]
        found[id] = tuple(dict.fromkeys((*direct(id, set()), *held)))
    return found


def _task(
    work: Work,
    remaining: Left,
    before: tuple[str, ...],
    calendar: WorkCalendar,
    most: Mapping[str, int],
) -> Task:
    days, demands = remaining.days, remaining.demands
    demands = {role: min(n, most[role]) for role, n in demands.items() if most.get(role)}
    is_begun = is_running(work)
    earliest = 0
    if not is_begun and work.not_before:
        earliest = calendar.date_to_day(work.not_before)
    if remaining.until:
        end = calendar.date_to_day(remaining.until) + 1
        if is_begun:
            # The same work over more days.
            longer = max(days, end)
            demands = {role: -(-n * days // longer) for role, n in demands.items()}
            days = longer
        else:
            earliest = max(earliest, end - days)
    mostly_waits = remaining.measure.is_waiting and (
        sum(remaining.demands.values()) < MOSTLY_WAITING
    )
    return Task(
        id=work.id,
        duration=days,
        demands=demands,
        predecessors=tuple((other, 0) for other in before),
        rank=work.rank,
        urgent=is_begun or work.kind == "containment",
        go_live=min(GO_LIVE_DAYS, days) if work.go_live else 0,
        earliest=earliest,
        # A review that was called does not wait for a place; it waits for what it reviews.
        wip=0 if mostly_waits or (work.kind == "review" and _is_begun(work)) else 1,
    )


def _going_on(
    tasks: list[Task], open_ones: Mapping[str, Work], order: Mapping[str, int], room: Room
) -> tuple[list[Task], list[Place]]:
    """What is under way takes its people first, and goes on slower where there are fewer.

    What is worked on before an absence is no task, for a task has no break: its parts come along.
    """
    placed: dict[str, Task] = {}
    earlier: list[Place] = []
    for task in sorted(tasks, key=lambda task: order[task.id]):
        if is_running(open_ones[task.id]):
            place = room.place(task.duration, task.demands)
            room.take(place)
            earlier += place.before
            placed[task.id] = replace(
                task, duration=place.days, demands=place.demands, earliest=place.start
            )
    return [placed.get(task.id, task) for task in tasks], earlier


def _within(tasks: list[Task], open_ones: Mapping[str, Work], limit: int | None) -> Iterable[Task]:
    """More may be under way than the limit allows. It then holds back what is new and not what is
    begun: as many places as there are stay taken by those that last longest.
    """
    begun = [task for task in tasks if task.wip and is_running(open_ones[task.id])]
    if limit is None or len(begun) <= limit:
        return tasks
    longest = sorted(begun, key=lambda task: (-task.duration, task.id))[:limit]
    free = {task.id for task in begun} - {task.id for task in longest}
    return [replace(task, wip=0) if task.id in free else task for task in tasks]


def _freezes(under_way: UnderWay, calendar: WorkCalendar) -> Iterable[tuple[int, int]]:
    for freeze in under_way.constraints.freezes:
        if freeze.kind is FreezeKind.GO_LIVE:
            first, end = calendar.interval(freeze.start, freeze.finish, HORIZON_DAYS)
            if first < end:
                yield first, end

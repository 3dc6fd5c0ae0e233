"""What a plan cannot keep, in words: deadlines, budget, gates, and wishes that contradict."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from roadmap.domain.constraints.calendar import WorkCalendar
from roadmap.domain.explaining.binding import Binding, chain
from roadmap.domain.explaining.conflicts import Wish, WishKind, conflicts
from roadmap.domain.explaining.shortage import too_few_people
from roadmap.domain.fitting.limits import DUE, in_words
from roadmap.domain.plan import Conflict, Cost, DeadlineResult, LeftOut
from roadmap.domain.preparing import Prepared
from roadmap.domain.problem import Schedule, Task

# Of a chain, so many initiatives that take the most days are named.
LONGEST_NAMED = 3


def plan_findings(
    prepared: Prepared,
    schedule: Schedule,
    found: Mapping[str, Binding],
    deadlines: Sequence[DeadlineResult],
    cost: Cost | None,
) -> Iterable[Conflict]:
    yield from _containment(prepared.left_out)
    yield from _duties(prepared.left_out)
    yield from too_few_people(prepared, deadlines)
    yield from _wishes(prepared, schedule)
    yield from _moved_days(prepared)
    for deadline in deadlines:
        if not deadline.is_met:
            yield _missed(prepared, schedule, found, deadline)
    yield from _budget(prepared, cost)
    yield from _gates(prepared.left_out)
    yield from prepared.conflicts


def _containment(left_out: Iterable[LeftOut]) -> Iterable[Conflict]:
    for row in left_out:
        if row.initiative.kind == "containment":
            text = (
                f"{row.initiative.id} {row.initiative.title}: patient data may be exposed now, and "
                f"nobody is there to contain it. {row.reason}"
            )
            yield Conflict("containment", text, (row.initiative.id,))


def _duties(left_out: Iterable[LeftOut]) -> Iterable[Conflict]:
    """What leaves a duty out is never silent, whether people chose it or limits did."""
    for row in left_out:
        if row.initiative.duty and row.initiative.kind != "containment":
            why = "is left out by hand:" if row.kind == "hand" else "is not in the plan."
            text = (
                f"{row.initiative.id} {row.initiative.title} follows from what your organization "
                f"is and does, and {why} {row.reason}"
            )
            yield Conflict("duty", text, (row.initiative.id,))


def _missed(
    prepared: Prepared, schedule: Schedule, found: Mapping[str, Binding], deadline: DeadlineResult
) -> Conflict:
    name = deadline.title if deadline.about in ("", deadline.title) else _named(deadline)
    if deadline.planned is None:
        text = f"{name} is wanted by {in_words(deadline.by)}, but is not in the plan."
        return Conflict("deadline", text, (deadline.about,))
    begins = prepared.calendar.day_to_date(0)
    if deadline.by < begins:
        text = f"{name} is wanted by {in_words(deadline.by)}, before the plan begins."
        return Conflict("deadline", text, (deadline.about,) if deadline.about else ())
    late = prepared.calendar.working_days(deadline.by, deadline.planned)
    late -= prepared.calendar.is_working_day(deadline.by)
    behind = _behind(prepared, schedule, found, deadline.about)
    text = (
        f"{name} ends on {in_words(deadline.planned)}, {_days(late)} after "
        f"{in_words(deadline.by)}, and nothing more can be left out that would bring it nearer. "
        f"What takes the most time on the way there: {_longest(prepared, behind)}."
        f"{'' if deadline.about else _hint(prepared)}"
    )
    return Conflict("deadline", text, behind)


def _named(deadline: DeadlineResult) -> str:
    return f"{deadline.about} {deadline.title}"


def _behind(
    prepared: Prepared, schedule: Schedule, found: Mapping[str, Binding], about: str
) -> tuple[str, ...]:
    """The chain of initiatives that sets the day, the first one in front."""
    reviews = {
        item.initiative.gate: item.initiative.id
        for item in prepared.selection.items
        if item.initiative.kind == "review"
    }
    last = reviews.get(about, about) or max(
        schedule.finishes, key=lambda id: (schedule.finishes[id], id)
    )
    return tuple(id for id, _ in reversed(chain(prepared.problem, schedule, last, found)))


def _longest(prepared: Prepared, ids: Sequence[str]) -> str:
    days = {id: prepared.work[id].days for id in ids}
    titles = {i.initiative.id: i.initiative.title for i in prepared.selection.items}
    named = sorted(ids, key=lambda id: (-days[id], id))[:LONGEST_NAMED]
    return ", ".join(f"{id} {titles[id]} ({_days(days[id])})" for id in named)


def _budget(prepared: Prepared, cost: Cost | None) -> Iterable[Conflict]:
    stated = prepared.constraints
    days = sum(prepared.efforts[i.initiative.id].likely for i in prepared.selection.items)
    needed = "although all is left out that may be: the rest is what gates, containment, duties and"
    kept = f"{needed} your own decisions need.{_hint(prepared)}"
    if stated.budget_days is not None and round(days - stated.budget_days, 1) > 0:
        over = f"{days - stated.budget_days:,.1f}"
        text = f"The plan needs {over} person-days more than the {stated.budget_days:g} there are, "
        yield Conflict("budget", text + kept)
    if stated.budget is None:
        return
    if cost is None:
        text = "There is a budget, but no day rate: nobody can say what the plan costs."
        yield Conflict("budget", text)
    elif round(cost.total - stated.budget, 2) > 0:
        over = _money(cost.total - stated.budget, cost)
        text = f"The plan costs {over} more than the budget of {_money(stated.budget, cost)}, "
        yield Conflict("budget", text + kept)


def _hint(prepared: Prepared) -> str:
    if prepared.constraints.may_end_early:
        return ""
    return " The constraints can allow the plan to end at an earlier gate."


def _gates(left_out: Iterable[LeftOut]) -> Iterable[Conflict]:
    rows = [row for row in left_out if row.initiative.kind == "review"]
    if rows:
        gates = ", ".join(row.initiative.gate for row in rows)
        text = f"This plan does not reach every gate; left out: {gates}. {rows[0].reason}"
        yield Conflict("gates", text, tuple(row.initiative.id for row in rows))


def _wishes(prepared: Prepared, schedule: Schedule) -> Iterable[Conflict]:
    """A smallest set of decisions and limits that cannot be kept together."""
    # Days that were missed are told deadline by deadline; when something began cannot be decided
    # any more.
    done, going = prepared.decisions.done, prepared.decisions.going
    begun = {task.id for task in prepared.problem.tasks if task.fixed is not None} & going.keys()
    broken = tuple(row for row in schedule.broken if row[1] != DUE and row[0] not in done | begun)
    if not broken:
        return
    tasks = tuple(_to_decide(task, done, begun) for task in prepared.problem.tasks)
    problem = replace(prepared.problem, tasks=tasks)
    found = conflicts(problem, planned=replace(schedule, broken=broken))
    if found is None:
        # The plan misses a wish that another plan might keep.
        return
    order = [wish for wish in found.wishes if wish.kind is WishKind.PREDECESSOR]
    rest = [wish for wish in found.wishes if wish.kind is not WishKind.PREDECESSOR]
    parts = dict.fromkeys(_in_words(prepared, wish) for wish in rest)
    said = "; ".join((*parts, *_order_in_words(order)))
    sure = "cannot be kept together" if found.is_proven else "could not be kept together"
    yield Conflict("wishes", f"These {sure}: {said}.", found.tasks)


def _to_decide(task: Task, done: Collection[str], begun: Collection[str]) -> Task:
    """What is done or under way began when it did, in whatever order."""
    if task.id in done:
        return replace(task, due=None, predecessors=(), demands={}, wip=0, go_live=0)
    if task.id in begun:
        return replace(task, due=None, predecessors=())
    return replace(task, due=None)


def _moved_days(prepared: Prepared) -> Iterable[Conflict]:
    """Days that people gave and nobody works on: the plan takes the next one that is worked."""
    for item in prepared.selection.items:
        name, hand = item.initiative.id, prepared.by_hand.get(item.initiative.id)
        day = hand and (hand.pinned or hand.earliest)
        if name in prepared.decisions.done:
            continue
        if hand and day and _is_moved(prepared.calendar, day):
            said = "is fixed to start on" if hand.pinned else "is not to start before"
            number = prepared.calendar.date_to_day(day)
            text = (
                f"{name} {item.initiative.title} {said} {in_words(day)}, a day nobody works; the "
                f"plan counts {_day(prepared.calendar, number)} instead."
            )
            yield Conflict("day", text, (name,))


def _is_moved(calendar: WorkCalendar, day: date) -> bool:
    return day >= calendar.start and not calendar.is_working_day(day)


def _order_in_words(wishes: Sequence[Wish]) -> Iterable[str]:
    """Each with what it waits for, as long as they are few."""
    if len(wishes) <= LONGEST_NAMED:
        yield from (f"{wish.task} waits for {wish.other}" for wish in wishes)
        return
    names = sorted({name for wish in wishes for name in (wish.task, wish.other)})
    yield f"these follow one another: {', '.join(names)}"


def _in_words(prepared: Prepared, wish: Wish) -> str:
    calendar, roles = prepared.calendar, prepared.capacities
    if wish.kind is WishKind.PIN:
        return f"{wish.task} is fixed to start on {_day(calendar, wish.since)}"
    if wish.kind is WishKind.DUE:
        return f"{wish.task} is wanted by {_last_day(calendar, wish.until)}"
    if wish.kind is WishKind.EARLIEST:
        return f"{wish.task} is not to start before {_day(calendar, wish.since)}"
    if wish.kind is WishKind.FREEZE:
        until = _last_day(calendar, wish.until)
        return f"nothing goes live from {_day(calendar, wish.since)} to {until}"
    if wish.kind is WishKind.LIMIT:
        return f"at most {wish.amount} initiatives run at the same time"
    title = roles[wish.other].role.title if wish.other in roles else wish.other
    return f"there is only so much time of {title}"


def _day(calendar: WorkCalendar, number: int | None) -> str:
    return in_words(calendar.day_to_date(max(0, number or 0)))


def _last_day(calendar: WorkCalendar, end: int | None) -> str:
    return _day(calendar, (end or 0) - 1)


def _days(number: int) -> str:
    return f"{number} working day" if number == 1 else f"{number} working days"


def _money(amount: float, cost: Cost) -> str:
    return f"{amount:,.0f} {cost.currency}".strip()

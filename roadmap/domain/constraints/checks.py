"""What constraints do to a plan although nothing is wrong with them: said before it surprises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from guide.model import Guide
from roadmap.domain.constraints.calendar import WorkCalendar, work_calendar
from roadmap.domain.constraints.stated import Constraints, Freeze, FreezeKind
from roadmap.domain.fitting.limits import in_words
from roadmap.domain.problem import HORIZON_DAYS

# A plan whose changes of production wait longer than this is shaped by its freezes.
LONG_FREEZE = 65
FEW_DAYS = 20
MANY_FREE_DAYS = 60
MOST_NAMED = 4
FAR_AHEAD = timedelta(days=2 * 365)


def constraint_warnings(
    constraints: Constraints, guide: Guide, needs: Mapping[str, int], today: date
) -> Iterable[str]:
    """`needs`: how many initiatives of the plan so far need a role. One sentence for each."""
    start = constraints.start or today
    calendar = work_calendar(start, constraints.holidays, constraints.working_weekdays)
    yield from _start_warnings(start, today)
    yield from _calendar_warnings(constraints, start)
    yield from _people_warnings(constraints, guide, needs, start)
    yield from _freeze_warnings(constraints, guide, calendar)
    yield from _money_warnings(constraints, needs)
    yield from _deadline_warnings(constraints, calendar)


def _start_warnings(start: date, today: date) -> Iterable[str]:
    if start < today:
        yield (
            f"The plan begins on {in_words(start)}, which is past: its first work looks late "
            "already."
        )
    elif start > today + FAR_AHEAD:
        yield (
            f"The plan begins on {in_words(start)}: by then the answers it rests on will have "
            "changed."
        )


def _calendar_warnings(constraints: Constraints, start: date) -> Iterable[str]:
    worked = constraints.working_weekdays
    first_year = [
        day
        for day in constraints.holidays
        if start <= day < start + timedelta(days=365) and day.weekday() in worked
    ]
    if len(first_year) > MANY_FREE_DAYS:
        yield (
            f"{len(first_year)} working days of the first year are free: everything takes longer "
            "by that much."
        )


def _people_warnings(
    constraints: Constraints, guide: Guide, needs: Mapping[str, int], start: date
) -> Iterable[str]:
    joined = {people.role for people in constraints.staffing if people.fte > 0}
    absent = [
        role
        for role in guide.roles
        if constraints.role_fte.get(role.id) == 0 and role.id not in joined and needs.get(role.id)
    ]
    if absent:
        who = _listed([f"{role.title} ({_initiatives(needs[role.id])})" for role in absent])
        yield (
            f"You state that nobody does the work of {who}. What needs it cannot be planned, nor "
            "what waits for that, containment and gates included. Leave the field empty if others "
            "cover it."
        )
    if constraints.free_share == 0:
        yield (
            "You state that nothing of a week is free for the programme. What needs the people "
            "the profile counts cannot be planned. Leave the field empty if you do not know."
        )
    titles = {role.id: role.title for role in guide.roles}
    for people in constraints.staffing:
        if people.finish is not None and people.finish < start:
            yield (
                f"{titles[people.role]}: the change of staff that ends on "
                f"{in_words(people.finish)} is over before the plan begins and counts for nothing."
            )


def _freeze_warnings(
    constraints: Constraints, guide: Guide, calendar: WorkCalendar
) -> Iterable[str]:
    for freeze in constraints.freezes:
        if freeze.finish < calendar.start:
            yield f"{_named(freeze)} is over before the plan begins and counts for nothing."
        elif calendar.interval(freeze.start, freeze.finish, HORIZON_DAYS)[0] >= HORIZON_DAYS:
            yield f"{_named(freeze)} lies beyond the ten years that are planned."
    closed = [f for f in constraints.freezes if f.kind is FreezeKind.GO_LIVE]
    yield from _closed_warnings(calendar, closed)
    nobody = [f for f in constraints.freezes if _leaves_nobody(f)]
    never = [
        role.title
        for role in guide.roles
        if _longest(_joined(calendar, [f for f in nobody if not f.roles or role.id in f.roles]))
        >= HORIZON_DAYS
    ]
    if never:
        yield f"In all the years that are planned there is no time of {_listed(never)}."
    if any(not f.roles and f.capacity == 0 for f in nobody):
        yield "In a freeze that leaves nobody any time, no work at all can go on."


def _closed_warnings(calendar: WorkCalendar, freezes: list[Freeze]) -> Iterable[str]:
    spans = _joined(calendar, freezes)
    longest = _longest(spans)
    if longest >= HORIZON_DAYS:
        yield (
            "The freezes leave no day for a change of production: nothing that goes live can be "
            "planned."
        )
    elif longest > LONG_FREEZE:
        start, end = max(spans, key=lambda span: span[1] - span[0])
        first = in_words(calendar.day_to_date(start))
        last = in_words(calendar.finish_date(start, end))
        yield (
            f"From {first} to {last} nothing can go live ({end - start} working days): such "
            "work waits until then."
        )


def _money_warnings(constraints: Constraints, needs: Mapping[str, int]) -> Iterable[str]:
    if constraints.budget is not None and not _has_rate(constraints):
        yield "There are no day rates, so every day costs nothing and the budget limits nothing."
    elif constraints.budget == 0:
        yield "A budget of 0 leaves only what costs nothing, containment, duties and gate reviews."
    elif constraints.budget is not None:
        free = [role for role in needs if role not in constraints.day_rates]
        if free:
            yield (
                "Without a day rate, work of these roles counts as free of cost: "
                f"{', '.join(sorted(free))}."
            )
    if constraints.budget_days == 0:
        yield "0 person-days leave only containment, duties and gate reviews."


def _deadline_warnings(constraints: Constraints, calendar: WorkCalendar) -> Iterable[str]:
    for deadline in constraints.deadlines:
        first, end = calendar.interval(calendar.start, deadline.by, HORIZON_DAYS)
        about = deadline.about or "the whole plan"
        if end - first < FEW_DAYS:
            yield (
                f"{end - first} working days until {in_words(deadline.by)} ({about}): most of "
                "what it is about will be left out or late."
            )


def _leaves_nobody(freeze: Freeze) -> bool:
    return freeze.kind is FreezeKind.REDUCED_STAFF and freeze.capacity == 0


def _has_rate(constraints: Constraints) -> bool:
    rates = [*constraints.day_rates.values(), *(p.day_rate or 0 for p in constraints.staffing)]
    return any(rate > 0 for rate in rates)


def _joined(calendar: WorkCalendar, freezes: list[Freeze]) -> list[tuple[int, int]]:
    """Working-day numbers; what touches or overlaps is one span."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted(
        calendar.interval(freeze.start, freeze.finish, HORIZON_DAYS) for freeze in freezes
    ):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        elif end > start:
            spans.append((start, end))
    return spans


def _longest(spans: list[tuple[int, int]]) -> int:
    return max((end - start for start, end in spans), default=0)


def _named(freeze: Freeze) -> str:
    span = f"{in_words(freeze.start)} to {in_words(freeze.finish)}"
    return f"The freeze “{freeze.reason}” ({span})" if freeze.reason else f"The freeze {span}"


def _listed(parts: list[str]) -> str:
    """The first few by name."""
    more = len(parts) - MOST_NAMED
    return ", ".join(parts[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _initiatives(count: int) -> str:
    return "1 initiative" if count == 1 else f"{count} initiatives"

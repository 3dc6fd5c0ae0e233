"""How many person-days of each role a plan uses in each month, and how many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from guide.model import Guide
from roadmap.domain.constraints.calendar import WorkCalendar
from roadmap.domain.plan import MonthLoad, RoleLoad
from roadmap.domain.problem import FULL_TIME, Problem, Schedule

Span = tuple[str, int, int]  # month, and its working days as a half-open interval


def role_loads(
    guide: Guide, problem: Problem, schedule: Schedule, calendar: WorkCalendar
) -> tuple[RoleLoad, ...]:
    """By role in the guide's order; roles the plan does not use are not there."""
    months = _months(calendar, schedule.makespan)
    used = _used(problem, schedule, months)
    return tuple(
        RoleLoad(
            role=role.id,
            title=role.title,
            months=tuple(
                MonthLoad(
                    month=month,
                    used=round(days / FULL_TIME, 2),
                    capacity=round(_available(problem.capacities[role.id], first, last), 2),
                )
                for (month, first, last), days in zip(months, used[role.id], strict=True)
            ),
        )
        for role in guide.roles
        if role.id in used
    )


def _months(calendar: WorkCalendar, makespan: int) -> list[Span]:
    found: list[Span] = []
    for day in range(makespan):
        month = f"{calendar.day_to_date(day):%Y-%m}"
        if found and found[-1][0] == month:
            found[-1] = (month, found[-1][1], day + 1)
        else:
            found.append((month, day, day + 1))
    return found


def _used(problem: Problem, schedule: Schedule, months: Sequence[Span]) -> Mapping[str, list[int]]:
    """Hundredths of person-days by role and month."""
    place = {day: n for n, (_, first, last) in enumerate(months) for day in range(first, last)}
    found: dict[str, list[int]] = {}
    for task in problem.tasks:
        start, finish = schedule.starts[task.id], schedule.finishes[task.id]
        if finish <= start:
            continue
        for number in range(place[start], place[finish - 1] + 1):
            _, first, last = months[number]
            days = min(finish, last) - max(start, first)
            for role, amount in task.demands.items():
                found.setdefault(role, [0] * len(months))[number] += amount * days
    return found


def _available(steps: Sequence[tuple[int, int]], first: int, last: int) -> float:
    ends = [since for since, _ in steps[1:]] + [max(last, steps[-1][0])]
    return (
        sum(
            amount * max(0, min(end, last) - max(since, first))
            for (since, amount), end in zip(steps, ends, strict=True)
        )
        / FULL_TIME
    )

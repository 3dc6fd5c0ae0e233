"""Deadlines and budget: what a plan must stay within, and by how much it does not."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from roadmap.domain.constraints.calendar import WorkCalendar
from roadmap.domain.constraints.stated import Constraints, Deadline
from roadmap.domain.fitting.cost import Pricing, role_days
from roadmap.domain.plan import Estimate
from roadmap.domain.problem import HORIZON_DAYS, Problem, Schedule
from roadmap.domain.selected import Selection

Excess = tuple[float, ...]
# Amounts of money and of days are sums of rounded parts.
NEAR = 0.005
# How schedules name a due day that was missed.
DUE = "due"


@dataclass(frozen=True)
class Limits:
    """One plan's deadlines in their order, then its budget in person-days, then that in money."""

    constraints: Constraints
    calendar: WorkCalendar
    efforts: Mapping[str, Estimate]

    @property
    def are_given(self) -> bool:
        stated = self.constraints
        return bool(self.deadlines) or stated.budget is not None or stated.budget_days is not None

    @cached_property
    def deadlines(self) -> tuple[Deadline, ...]:
        """Those that leaving something out can help to keep: not the ones before the start."""
        return tuple(d for d in self.constraints.deadlines if d.by >= self.calendar.day_to_date(0))

    @cached_property
    def due_days(self) -> tuple[int, ...]:
        """By which working-day number the work of each deadline is to be finished."""
        return tuple(
            self.calendar.interval(self.calendar.start, deadline.by, HORIZON_DAYS)[1]
            for deadline in self.deadlines
        )

    def targets(self, selection: Selection, deadline: Deadline) -> tuple[str, ...]:
        """The initiatives a deadline is about; nothing where they are not planned."""
        items = selection.items
        if not deadline.about:
            waited_for = {other for item in items for other in item.predecessors}
            return tuple(i.initiative.id for i in items if i.initiative.id not in waited_for)
        return tuple(
            item.initiative.id
            for item in items
            if item.initiative.id == deadline.about
            or (item.initiative.kind == "review" and item.initiative.gate == deadline.about)
        )

    def dues(self, selection: Selection, later: Excess = ()) -> dict[str, int]:
        """Due day by initiative. `later`: working days that are allowed on top of each deadline."""
        found: dict[str, int] = {}
        for number, deadline in enumerate(self.deadlines):
            due = self.due_days[number] + int(later[number] if later else 0)
            for id in self.targets(selection, deadline):
                found[id] = min(due, found.get(id, due))
        return found

    def excess(
        self, selection: Selection, problem: Problem, made: Callable[[], Schedule]
    ) -> Excess:
        """By how much each limit is exceeded: working days, person-days, money. 0 is kept.

        `made`: the schedule, which only deadlines and partners need.
        """
        late = (
            max((made().finishes[id] for id in self.targets(selection, deadline)), default=0) - due
            for deadline, due in zip(self.deadlines, self.due_days, strict=True)
        )
        spent = (*self._person_days(selection), *self._money(selection, problem, made))
        return tuple(max(0.0, float(amount)) for amount in (*late, *spent))

    def _person_days(self, selection: Selection) -> Iterable[float]:
        if self.constraints.budget_days is not None:
            days = (self.efforts[item.initiative.id].likely for item in selection.items)
            yield math.fsum(days) - self.constraints.budget_days - NEAR

    def _money(
        self, selection: Selection, problem: Problem, made: Callable[[], Schedule]
    ) -> Iterable[float]:
        if self.constraints.budget is None:
            return
        pricing = Pricing(self.constraints, self.calendar, problem)
        work = {
            item.initiative.id: role_days(item.initiative, self.efforts[item.initiative.id].likely)
            for item in selection.items
        }
        if any(staffing.is_partner for staffing in self.constraints.staffing):
            cost = pricing.total(work, made())
            spent = cost.total if cost else 0.0
        else:
            spent = math.fsum(pricing.own(days, 0, 0) or 0.0 for days in work.values())
        yield spent - self.constraints.budget - NEAR

    def is_end_missed(self, excess: Excess) -> bool:
        """Whether the whole is too late or too dear, which an earlier end could mend."""
        deadlines = self.deadlines
        late = zip(deadlines, excess, strict=False)
        return any(excess[len(deadlines) :]) or any(n for d, n in late if not d.about)

    def exceeded(self, excess: Excess, reached: Excess) -> tuple[str, str]:
        """The first limit that is exceeded: its kind, and what leaving out was for. `reached`: by
        how much the limits are exceeded after all.
        """
        deadlines = self.deadlines
        number = next(number for number, amount in enumerate(excess) if amount > 0)
        if number < len(deadlines):
            deadline = deadlines[number]
            name, by = deadline.about or "the whole plan", in_words(deadline.by)
            if reached[number] > 0:
                return "deadline", f"to bring the end of {name} nearer to {by}"
            return "deadline", f"so that {name} is finished by {by}"
        budget = self.budget_in_words(excess[len(deadlines) :])
        if reached[number] > 0:
            return "budget", f"to come nearer to {budget}"
        return "budget", f"to stay within {budget}"

    def budget_in_words(self, excess: Sequence[float]) -> str:
        stated = self.constraints
        if stated.budget_days is not None and (stated.budget is None or excess[0] > 0):
            return f"{stated.budget_days:g} person-days"
        return f"the budget of {stated.budget or 0:,.0f} {stated.currency}".strip()


def is_within(excess: Excess, allowed: Excess) -> bool:
    return all(amount <= most for amount, most in zip(excess, allowed, strict=True))


def in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"

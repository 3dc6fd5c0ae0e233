"""What a plan costs: the own people's work by role, and the partner by presence.

A partner is paid for the days they are there, worked or not. While one is there, the own people of
that role do the part of the work that their share of the role's capacity makes on that day; the
rest is the partner's and already paid for. Roles without a day rate cost nothing, and a note says
so. All of it is an estimate that rests on estimates.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date

from guide.model import Initiative
from roadmap.domain.constraints.calendar import WorkCalendar
from roadmap.domain.constraints.stated import Constraints, Staffing
from roadmap.domain.plan import Cost
from roadmap.domain.problem import FULL_TIME, Problem, Schedule


def role_days(initiative: Initiative, likely: float) -> dict[str, float]:
    """The likely person-days by role, as the initiative shares them out."""
    whole = math.fsum(initiative.roles.values())
    return {role: round(likely * share / whole, 2) for role, share in initiative.roles.items()}


class Pricing:
    """Prices of one plan under its constraints; every price is None where there are no rates."""

    def __init__(
        self, constraints: Constraints, calendar: WorkCalendar, problem: Problem | None
    ) -> None:
        """Without a problem, prices are as if no partner were there."""
        self._rates = constraints.day_rates
        self._currency = constraints.currency
        self._capacities = problem.capacities if problem else {}
        self._calendar = calendar
        partners = [staffing for staffing in constraints.staffing if staffing.is_partner]
        self._partners = [(s, *_presence(s, calendar)) for s in partners]
        self.has_rates = any(rate for rate in self._rates.values()) or any(
            self._rate(staffing) for staffing in partners
        )

    def own(self, days: Mapping[str, float], start: int, finish: int) -> float | None:
        """What the own people's part of this work costs between two working days."""
        if not self.has_rates:
            return None
        return math.fsum(
            amount * self._rates.get(role, 0.0) * self._own_share(role, start, finish)
            for role, amount in days.items()
        )

    def total(self, work: Mapping[str, Mapping[str, float]], schedule: Schedule) -> Cost | None:
        """`work`: initiative → role → person-days."""
        if not self.has_rates:
            return None
        own = math.fsum(
            self.own(days, schedule.starts[task], schedule.finishes[task]) or 0.0
            for task, days in work.items()
        )
        return Cost(round(own, 2), round(self.partner(schedule.makespan), 2), self._currency)

    def partner(self, makespan: int) -> float:
        """What partners cost who are there between the start of the plan and its finish."""
        return math.fsum(
            staffing.fte * max(0, min(last, makespan) - first) * self._rate(staffing)
            for staffing, first, last in self._partners
        )

    def _rate(self, staffing: Staffing) -> float:
        if staffing.day_rate is not None:
            return staffing.day_rate
        return self._rates.get(staffing.role, 0.0)

    def _own_share(self, role: str, start: int, finish: int) -> float:
        there = [(s, first, last) for s, first, last in self._partners if s.role == role]
        if not there or finish <= start:
            return 1.0
        shares = []
        for day in range(start, finish):
            partner = math.fsum(
                s.fte * FULL_TIME for s, first, last in there if first <= day < last
            )
            whole = _amount(self._capacities.get(role, ((0, 0),)), day)
            shares.append(1 - min(1.0, partner / whole) if whole else 1.0)
        return math.fsum(shares) / len(shares)


def _presence(staffing: Staffing, calendar: WorkCalendar) -> tuple[int, int]:
    """Half-open working-day numbers; without an end, as long as any plan."""
    if staffing.finish is not None and staffing.finish < calendar.start:
        return 0, 0
    first = calendar.date_to_day(staffing.start)
    return first, _day_after(calendar, staffing.finish) if staffing.finish else 10**9


def _day_after(calendar: WorkCalendar, day: date) -> int:
    number = calendar.date_to_day(day)
    return number + 1 if calendar.is_working_day(day) else number


def _amount(steps: Sequence[tuple[int, int]], day: int) -> int:
    amount = 0
    for since, value in steps:
        if since > day:
            break
        amount = value
    return amount

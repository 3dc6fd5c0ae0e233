"""Working-day numbers.

The planner counts in working days, so that weekends and holidays vanish before anything is
scheduled. Day 0 is the plan's start, or the first working day after it.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from roadmap.domain.constraints.stated import WEEKDAYS
from roadmap.domain.problem import HORIZON_DAYS

# So many days are found at once when the calendar has to grow.
GROWTH = 260


@dataclass(frozen=True)
class WorkCalendar:
    start: date
    holidays: frozenset[date] = frozenset()
    # 0 is Monday.
    weekdays: frozenset[int] = WEEKDAYS
    # Working days found so far, in order: the calendar grows on demand, because nobody knows
    # beforehand how far a plan reaches. Threads share calendars, so the tuple is never changed but
    # replaced by a longer one: who comes second does the same work again and nothing else.
    _days: tuple[date, ...] = field(default=(), init=False, repr=False, compare=False)

    def is_working_day(self, day: date) -> bool:
        return day.weekday() in self.weekdays and day not in self.holidays

    def day_to_date(self, number: int) -> date:
        """The date of a working-day number (0 or more)."""
        if number < 0:
            raise ValueError("working-day numbers start at 0")
        days = self._days
        while len(days) <= number:
            days = self._grown(days)
        return days[number]

    def date_to_day(self, day: date) -> int:
        """The number of a date; a free day counts as the next working day.

        A date before the start is day 0: nothing can be planned before the plan begins. A date
        beyond the years that are planned is `HORIZON_DAYS`, however far away it is.
        """
        return self._number_at_most(day, HORIZON_DAYS)

    def interval(self, first: date, last: date | None, most: int) -> tuple[int, int]:
        """The half-open day numbers of first..last, nothing beyond `most`; no last: for ever.

        Empty (start = finish) when it holds no working day of the plan.
        """
        if last is not None and last < self.start:
            return 0, 0
        start = self._number_at_most(first, most)
        if last is None or last == date.max:
            return start, max(start, most)
        return start, max(start, self._number_at_most(last + timedelta(days=1), most))

    def _number_at_most(self, day: date, most: int) -> int:
        """Days beyond `most` are not counted one by one."""
        if day <= self.start:
            return 0
        days = self._days
        while len(days) <= most and (not days or days[-1] < day):
            days = self._grown(days)
        return min(most, bisect_left(days, day))

    def finish_date(self, start: int, finish: int) -> date:
        """The last day worked of the half-open interval [start, finish)."""
        return self.day_to_date(max(start, finish - 1))

    def working_days(self, first: date, last: date) -> int:
        """How many working days lie in the closed interval first..last."""
        span = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return sum(1 for day in span if self.is_working_day(day))

    def _grown(self, days: tuple[date, ...]) -> tuple[date, ...]:
        found = list(days)
        day = days[-1] + timedelta(days=1) if days else self.start
        while len(found) < len(days) + GROWTH:
            if self.is_working_day(day):
                found.append(day)
            day += timedelta(days=1)
        # Frozen is what the calendar says; what it remembers of that may grow.
        longer = tuple(found)
        object.__setattr__(self, "_days", longer)
        return longer


def work_calendar(
    start: date, holidays: Iterable[date] = (), weekdays: Iterable[int] = WEEKDAYS
) -> WorkCalendar:
    """Raises ValueError when no day of the week is a working day: nothing could ever be done."""
    worked = frozenset(weekdays)
    if not worked:
        raise ValueError("a calendar needs at least one working day a week")
    return WorkCalendar(start=start, holidays=frozenset(holidays), weekdays=worked)

"""Working-day numbers.

The planner counts in working days, so that weekends and holidays vanish before anything is
scheduled. Day 0 is the plan's start, or the first working day after it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from roadmap.domain.constraints.stated import WEEKDAYS


@dataclass(frozen=True)
class WorkCalendar:
    start: date
    holidays: frozenset[date] = frozenset()
    # 0 is Monday.
    weekdays: frozenset[int] = WEEKDAYS
    # Working days found so far, in order: the calendar grows on demand, because nobody knows
    # beforehand how far a plan reaches.
    _days: list[date] = field(default_factory=list, repr=False, compare=False)

    def is_working_day(self, day: date) -> bool:
        return day.weekday() in self.weekdays and day not in self.holidays

    def day_to_date(self, number: int) -> date:
        """The date of a working-day number (0 or more)."""
        if number < 0:
            raise ValueError("working-day numbers start at 0")
        while len(self._days) <= number:
            self._grow()
        return self._days[number]

    def date_to_day(self, day: date) -> int:
        """The number of a date; a free day counts as the next working day.

        A date before the start is day 0: nothing can be planned before the plan begins.
        """
        if day <= self.start:
            return 0
        while not self._days or self._days[-1] < day:
            self._grow()
        return _first_not_before(self._days, day)

    def interval(self, first: date, last: date | None, most: int) -> tuple[int, int]:
        """The half-open day numbers of first..last, nothing beyond `most`; no last: for ever.

        Empty (start = finish) when it holds no working day of the plan.
        """
        if last is not None and last < self.start:
            return 0, 0
        start = self._number_at_most(first, most)
        end = most if last is None else self._number_at_most(last + timedelta(days=1), most)
        return start, max(start, end)

    def _number_at_most(self, day: date, most: int) -> int:
        """As `date_to_day`, but days that far away are not counted one by one."""
        while day > self.start and len(self._days) <= most:
            if self._days and self._days[-1] >= day:
                break
            self._grow()
        return min(most, _first_not_before(self._days, day)) if day > self.start else 0

    def finish_date(self, start: int, finish: int) -> date:
        """The last day worked of the half-open interval [start, finish)."""
        return self.day_to_date(max(start, finish - 1))

    def working_days(self, first: date, last: date) -> int:
        """How many working days lie in the closed interval first..last."""
        span = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return sum(1 for day in span if self.is_working_day(day))

    def _grow(self) -> None:
        day = self._days[-1] + timedelta(days=1) if self._days else self.start
        while not self.is_working_day(day):
            day += timedelta(days=1)
        self._days.append(day)


def _first_not_before(days: list[date], day: date) -> int:
    low, high = 0, len(days)
    while low < high:
        middle = (low + high) // 2
        if days[middle] < day:
            low = middle + 1
        else:
            high = middle
    return low


def work_calendar(
    start: date, holidays: Iterable[date] = (), weekdays: Iterable[int] = WEEKDAYS
) -> WorkCalendar:
    """Raises ValueError when no day of the week is a working day: nothing could ever be done."""
    worked = frozenset(weekdays)
    if not worked:
        raise ValueError("a calendar needs at least one working day a week")
    return WorkCalendar(start=start, holidays=frozenset(holidays), weekdays=worked)

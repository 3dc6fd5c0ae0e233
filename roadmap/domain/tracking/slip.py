"""How much later than agreed, in working days of the roadmap's calendar; negative is earlier."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from roadmap.domain.constraints.stated import WEEKDAYS

# Any Monday will do: only differences count.
_MONDAY = date(2000, 1, 3).toordinal()


class WorkingDays:
    """Counts working days between any two dates, before the plan's first day too."""

    def __init__(self, holidays: Iterable[date] = (), weekdays: Iterable[int] = WEEKDAYS) -> None:
        self._weekdays = sorted(set(weekdays))
        self._free = sorted(day for day in set(holidays) if day.weekday() in self._weekdays)

    def slip(self, agreed: date, actual: date) -> int:
        """The working days after `agreed` up to and including `actual`.

        So what ends on a free day counts as ended with the working day before it, and
        slip(a, b) = −slip(b, a), and slip(a, b) + slip(b, c) = slip(a, c).
        """
        return self._number(actual) - self._number(agreed)

    def _number(self, day: date) -> int:
        """Working days up to and including the day."""
        weeks, weekday = divmod(day.toordinal() - _MONDAY, 7)
        within = bisect_right(self._weekdays, weekday)
        return weeks * len(self._weekdays) + within - bisect_right(self._free, day)


@dataclass(frozen=True)
class Slip:
    """Of an initiative, a phase, a gate or the whole. `actual`: the day it was finished.

    `expected` is that day once it is finished.
    """

    agreed: date
    expected: date
    days: int
    actual: date | None = None

    @property
    def is_late(self) -> bool:
        return self.days > 0


def slip_of(days: WorkingDays, agreed: date, expected: date, actual: date | None = None) -> Slip:
    ends = actual or expected
    return Slip(agreed, ends, days.slip(agreed, ends), actual)


def latest_of(days: WorkingDays, slips: Iterable[Slip]) -> Slip | None:
    """Of several together: the last agreed day against the last expected one; finished when all
    are.
    """
    found = list(slips)
    if not found:
        return None
    agreed = max(slip.agreed for slip in found)
    expected = max(slip.expected for slip in found)
    is_finished = all(slip.actual for slip in found)
    return slip_of(days, agreed, expected, expected if is_finished else None)

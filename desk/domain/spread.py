"""One initiative in many clients: how long it took, beside what was planned. Pure.

Days are counted by the calendar, weekends included, first and last day too: clients have different
working weeks and holidays, and only so their numbers compare.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from roadmap.domain.progress import Status


@dataclass(frozen=True)
class Held:
    """An initiative in one client's roadmap. `agreed_on`: the day agreed to finish it."""

    status: Status
    planned_from: date
    planned_to: date
    agreed_on: date
    started_on: date | None = None
    finished_on: date | None = None

    @property
    def planned_days(self) -> int:
        return (self.planned_to - self.planned_from).days + 1

    @property
    def actual_days(self) -> int | None:
        """None until it is finished, or where nobody said when it began."""
        if self.status is not Status.DONE or not (self.started_on and self.finished_on):
            return None
        return max(1, (self.finished_on - self.started_on).days + 1)

    @property
    def is_open(self) -> bool:
        return self.status in (Status.NOT_STARTED, Status.IN_PROGRESS)

    def slip(self, today: date) -> int | None:
        """Days after the day agreed: of what is finished, and of what is open past it."""
        if self.status is Status.DONE:
            return (self.finished_on - self.agreed_on).days if self.finished_on else None
        if self.is_open and today > self.agreed_on:
            return (today - self.agreed_on).days
        return None


@dataclass(frozen=True)
class Spread:
    """The shortest, the middle one and the longest of `number`."""

    number: int
    shortest: int
    median: float
    longest: int


def spread(days: Iterable[int | None]) -> Spread | None:
    known = sorted(day for day in days if day is not None)
    if not known:
        return None
    middle, is_even = len(known) // 2, len(known) % 2 == 0
    median = (known[middle - 1] + known[middle]) / 2 if is_even else float(known[middle])
    return Spread(len(known), known[0], median, known[-1])

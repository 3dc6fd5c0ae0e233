"""How work that was begun goes on where there are fewer people for a while: slower, and not later.

A plan never begins what its people could not carry without a break. What is under way is not put
aside for weeks because a clinician has three hundredths less in the holidays: it takes longer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from roadmap.domain.explaining.daybook import amounts_by_day

# Nobody looks farther for work that is under way: two years.
FARTHEST = 520
_CRUMB = 1e-9


@dataclass(frozen=True)
class Place:
    """From `start` on for `days`, with so much of each role on each of them."""

    start: int
    days: int
    demands: Mapping[str, int]


class Room:
    """What is left of each role by day; whoever asks first takes first."""

    def __init__(self, steps: Mapping[str, Sequence[tuple[int, int]]]) -> None:
        self._free = {role: amounts_by_day(known, FARTHEST) for role, known in steps.items()}

    def place(self, days: int, demands: Mapping[str, int], first: int = 0) -> Place:
        """The earliest end for so many days at this pace, at an even pace or a slower one."""
        needs = {role: n for role, n in demands.items() if n and role in self._free}
        best: tuple[int, int] | None = None
        for start in self._starts(needs, first):
            if best and start >= best[0]:
                break
            end = self._end(start, days, needs, best[0] if best else FARTHEST + 1)
            if end is not None:
                best = end, start
        if best is None:
            return Place(first, days, demands)
        end, start = best
        slower = {role: -(-n * days // (end - start)) for role, n in demands.items()}
        return Place(start, end - start, slower)

    def take(self, place: Place) -> None:
        for role, amount in place.demands.items():
            free = self._free.get(role, [])
            for day in range(place.start, min(place.start + place.days, len(free))):
                free[day] -= amount

    def _starts(self, needs: Mapping[str, int], first: int) -> list[int]:
        """The first day, and the days on which there is more of anything than the day before."""
        more = {
            day
            for role in needs
            for day in range(first + 1, FARTHEST)
            if self._free[role][day] > self._free[role][day - 1]
        }
        return sorted({first, *more})

    def _end(self, start: int, days: int, needs: Mapping[str, int], before: int) -> int | None:
        pace = 1.0
        for day in range(start, min(FARTHEST, before)):
            for role, amount in needs.items():
                pace = min(pace, self._free[role][day] / amount)
            if pace <= 0:
                return None
            if pace * (day + 1 - start) >= days - _CRUMB:
                return day + 1
        return None

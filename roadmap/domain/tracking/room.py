"""How work that was begun goes on where there are fewer people for a while: slower, and not later.

A plan never begins what its people could not carry without a break. What is under way is not put
aside for weeks because a clinician has three hundredths less in the holidays: it takes longer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from roadmap.domain.explaining.daybook import amounts_by_day

# What there is of a role: (from this day on, so much).
Steps = tuple[tuple[int, int], ...]
# Nobody looks farther for work that is under way: two years.
FARTHEST = 520
_CRUMB = 1e-9


@dataclass(frozen=True)
class Place:
    """From `start` on for `days`, with so much of each role on each of them.

    `before`: what is worked on before people are away altogether; the rest follows then.
    """

    start: int
    days: int
    demands: Mapping[str, int]
    before: tuple[Place, ...] = ()

    @property
    def end(self) -> int:
        return self.start + self.days


class Room:
    """What is left of each role by day; whoever asks first takes first."""

    def __init__(self, steps: Mapping[str, Sequence[tuple[int, int]]]) -> None:
        self._free = {role: amounts_by_day(known, FARTHEST) for role, known in steps.items()}

    def place(self, days: int, demands: Mapping[str, int], first: int = 0) -> Place:
        """The earliest end for so many days at this pace, at an even pace or a slower one.

        While nobody is there at all it rests; what was done before stays done.
        """
        even = self._even(days, demands, first)
        apart = self._apart(days, demands, first)
        return apart if apart is not None and apart.end < even.end else even

    def _even(self, days: int, demands: Mapping[str, int], first: int) -> Place:
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

    def _apart(self, days: int, demands: Mapping[str, int], first: int) -> Place | None:
        """From now until somebody is missing altogether, and the rest afterwards."""
        needs = {role: n for role, n in demands.items() if n and role in self._free}
        pace, day = 1.0, first
        while day < FARTHEST:
            there = min((self._free[role][day] / n for role, n in needs.items()), default=1.0)
            if there <= 0:
                break
            pace = min(pace, there)
            day += 1
        done = pace * (day - first)
        if day in (first, FARTHEST) or done >= days:
            return None
        begun = Place(
            first, day - first, {role: math.ceil(n * pace) for role, n in demands.items()}
        )
        back = self._back(needs, day)
        if back is None:
            return None
        rest = self.place(math.ceil(days - done - _CRUMB), demands, back)
        return replace(rest, before=(begun, *rest.before))

    def _back(self, needs: Mapping[str, int], day: int) -> int | None:
        for later in range(day, FARTHEST):
            if all(self._free[role][later] > 0 for role in needs):
                return later
        return None

    def take(self, place: Place) -> None:
        for part in place.before:
            self.take(part)
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


def without(steps: Mapping[str, Steps], parts: Sequence[Place]) -> dict[str, Steps]:
    """The capacity that is left for others beside these parts."""
    found = dict(steps)
    for part in parts:
        for role, amount in part.demands.items():
            if amount and role in found:
                found[role] = _less(found[role], part, amount)
    return found


def _less(known: Steps, part: Place, amount: int) -> Steps:
    days = sorted({day for day, _n in known} | {part.start, part.end})
    made: list[tuple[int, int]] = []
    for day in days:
        free = next(n for since, n in reversed(known) if since <= day)
        if part.start <= day < part.end:
            free = max(0, free - amount)
        if not made or made[-1][1] != free:
            made.append((day, free))
    return tuple(made)

"""What is left of a resource over time, as a step function of working-day numbers."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence


class Profile:
    """Free amount of one resource: `free[i]` from day `times[i]` until `times[i + 1]`.

    The last step lasts for ever. Amounts are integers (hundredths of an FTE), so that adding and
    taking away never leaves a crumb.
    """

    __slots__ = ("free", "times")

    def __init__(self, steps: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(steps)
        self.times = [day for day, _ in ordered]
        self.free = [amount for _, amount in ordered]
        if not self.times or self.times[0] != 0:
            raise ValueError("a capacity says what there is from day 0 on")

    def copy(self) -> "Profile":
        twin = Profile.__new__(Profile)
        twin.times = self.times.copy()
        twin.free = self.free.copy()
        return twin

    def conflict_end(self, start: int, finish: int, demand: int) -> int | None:
        """First day after the last shortage inside [start, finish); None when there is none.

        A start before that day cannot work for this length, so a search may jump there. The last
        step lasts for ever and must be able to carry the demand: `Problem` sees to that.
        """
        times, free = self.times, self.free
        first = bisect_right(times, start) - 1
        for index in range(bisect_left(times, finish) - 1, first - 1, -1):
            if free[index] < demand:
                return times[index + 1]
        return None

    def conflict_start(self, start: int, finish: int, demand: int) -> int | None:
        """First day of the first shortage inside [start, finish); None when there is none."""
        times, free = self.times, self.free
        first = max(0, bisect_right(times, start) - 1)
        for index in range(first, bisect_left(times, finish)):
            if free[index] < demand:
                return max(times[index], start)
        return None

    def take(self, start: int, finish: int, demand: int) -> None:
        """Use `demand` over [start, finish); a negative demand gives it back."""
        if finish <= start or not demand:
            return
        first, last = self._cut(start), self._cut(finish)
        free = self.free
        for index in range(first, last):
            free[index] -= demand

    def _cut(self, day: int) -> int:
        index = bisect_left(self.times, day)
        if index == len(self.times) or self.times[index] != day:
            self.times.insert(index, day)
            self.free.insert(index, self.free[index - 1])
        return index


def freeze_profile(freezes: Sequence[tuple[int, int]]) -> Profile | None:
    """A profile that is 0 inside every freeze and 1 outside; None without freezes."""
    edges: dict[int, int] = {0: 0}
    for start, finish in freezes:
        if finish > max(0, start):
            edges[max(0, start)] = edges.get(max(0, start), 0) + 1
            edges[finish] = edges.get(finish, 0) - 1
    if len(edges) == 1 and not edges[0]:
        return None
    depth, steps = 0, []
    for day in sorted(edges):
        depth += edges[day]
        steps.append((day, 0 if depth else 1))
    return Profile(steps)

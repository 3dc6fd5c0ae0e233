"""How long a search goes on: counts of schedules, the clock as a cap, and whoever listens."""

from collections.abc import Callable

from roadmap.domain.engine.best import Best
from roadmap.domain.problem import Schedule

Tell = Callable[[Schedule, str], bool]
Clock = Callable[[], float]
# Whoever waits hears at least twice a second.
TELL_EVERY = 0.4


class Control:
    """`ended_by` says what ended the search; empty while it goes on."""

    def __init__(
        self, best: Best, schedules: int, seconds: float | None, tell: Tell | None, clock: Clock
    ) -> None:
        self.best = best
        self.schedules_left = schedules
        self.phase = "rules"
        self.ended_by = ""
        self._tell, self._clock = tell, clock
        self._began = clock()
        self._seconds = seconds
        self._until: float | None = None
        self._told_at = self._began
        self._told: list[int] = []

    def begin(self, phase: str, share: float = 1.0) -> None:
        """A phase that may use up to this share of the seconds that are left."""
        self.phase = phase
        left = self.seconds_left()
        self._until = None if left is None else self._clock() + left * share

    def seconds_left(self) -> float | None:
        if self._seconds is None:
            return None
        return max(0.0, self._began + self._seconds - self._clock())

    def seconds_of_phase(self) -> float | None:
        return None if self._until is None else max(0.0, self._until - self._clock())

    def goes_on(self) -> bool:
        """Whether the phase may go on; tells of what is better, and now and then."""
        if self.ended_by:
            return False
        if self._tell is not None:
            self._report()
        return not self.ended_by and (self._until is None or self._clock() < self._until)

    def end_by_clock(self) -> None:
        left = self.seconds_left()
        if left is not None and left <= 0 and not self.ended_by:
            self.ended_by = "clock"

    def _report(self) -> None:
        now = self._clock()
        is_new = self._told is not self.best.finishes
        if (is_new or now - self._told_at >= TELL_EVERY) and self._tell is not None:
            self._told, self._told_at = self.best.finishes, now
            if not self._tell(self.best.result(), self.phase):
                self.ended_by = "stopped"

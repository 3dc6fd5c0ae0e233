"""How long a search goes on: counts of schedules, the clock as a cap, and whoever listens."""

from collections.abc import Callable

from roadmap.domain.engine.best import Best
from roadmap.domain.problem import Schedule

Tell = Callable[[Schedule, str], bool]
Clock = Callable[[], float]
# Whoever waits hears at least twice a second.
TELL_EVERY = 0.4
# Early on something better turns up every few milliseconds: not each needs a word of its own.
TELL_AT_MOST_EVERY = 0.05


class Control:
    """`ended_by` says what ended the search; empty while it goes on.

    The seconds are a cap on the whole, or the budget that the phases share (`shares_seconds`).
    """

    def __init__(
        self,
        best: Best,
        seconds: float | None,
        tell: Tell | None,
        clock: Clock,
        *,
        shares_seconds: bool = False,
    ) -> None:
        self.best = best
        self.phase = "rules"
        self.ended_by = ""
        self._shares_seconds = shares_seconds
        # A phase cut short lets the search go on, but from then on the clock has had its say.
        self._is_cut = False
        self._tell, self._clock = tell, clock
        self._began = clock()
        self._deadline = None if seconds is None else self._began + seconds
        self._until: float | None = None
        self._told_at = float("-inf")
        self._told: list[int] = []

    def begin(self, phase: str, share: float = 1.0) -> None:
        """A phase; where seconds are shared it may use up to this share of those that are left."""
        self.phase = phase
        self._until = self._deadline
        if self._deadline is not None and self._shares_seconds:
            now = self._clock()
            self._until = now + (self._deadline - now) * share

    def goes_on(self) -> bool:
        """Whether the phase may go on; tells of what is better, and now and then."""
        if self.ended_by:
            return False
        if self._tell is not None:
            self._report()
        if self._until is None or self.ended_by:
            return not self.ended_by
        now = self._clock()
        if self._deadline is not None and now >= self._deadline:
            self.ended_by = "clock"
        self._is_cut = self._is_cut or now >= self._until
        return now < self._until

    def end(self, reason: str) -> None:
        """A proof stands whatever the clock did; a limit is only one if no phase was cut."""
        if reason == "limit" and self._is_cut:
            reason = "clock"
        self.ended_by = self.ended_by or reason

    def tell_last(self) -> None:
        """Whoever listens knows the result before the search is over."""
        if self._tell is not None and self._told is not self.best.finishes:
            self._tell(self.best.result(), self.phase)

    def _report(self) -> None:
        since = self._clock() - self._told_at
        is_new = self._told is not self.best.finishes
        if since >= (TELL_AT_MOST_EVERY if is_new else TELL_EVERY) and self._tell is not None:
            self._told = self.best.finishes
            if not self._tell(self.best.result(), self.phase):
                self.ended_by = "stopped"
            self._told_at = self._clock()

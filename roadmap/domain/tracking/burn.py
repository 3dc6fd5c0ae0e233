"""How much of the effort is done, beside what should be and what there is in all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from roadmap.domain.progress import Status
from roadmap.domain.tracking.work import Work


@dataclass(frozen=True)
class Burn:
    """Likely person-days. `total`: all that is not dropped. `planned`: what was agreed to be
    finished before the day. `done`: what is finished; work under way counts when it is.
    """

    total: float = 0.0
    planned: float = 0.0
    done: float = 0.0


def burn(items: Iterable[Work], today: date) -> Burn:
    kept = [work for work in items if work.status is not Status.DROPPED]
    return Burn(
        total=_days(kept),
        planned=_days(work for work in kept if work.agreed_finish < today),
        done=_days(work for work in kept if work.status is Status.DONE),
    )


def burn_by_phase(items: Iterable[Work], today: date) -> dict[str, Burn]:
    by_phase: dict[str, list[Work]] = {}
    for work in items:
        by_phase.setdefault(work.phase, []).append(work)
    return {phase: burn(members, today) for phase, members in by_phase.items()}


def agreed_course(items: Iterable[Work]) -> list[tuple[date, float]]:
    """Effort agreed to be finished by the end of each day, as steps; of all that is not dropped."""
    found: list[tuple[date, float]] = []
    kept = (work for work in items if work.status is not Status.DROPPED)
    for work in sorted(kept, key=lambda work: work.agreed_finish):
        before = found[-1][1] if found else 0.0
        if found and found[-1][0] == work.agreed_finish:
            found.pop()
        found.append((work.agreed_finish, round(before + work.effort.likely, 1)))
    return found


def _days(items: Iterable[Work]) -> float:
    return round(sum(work.effort.likely for work in items), 1)

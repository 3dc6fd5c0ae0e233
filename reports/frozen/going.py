"""Where a roadmap under way is heading: its newest forecast, made from what people reported.

The plan's own dates say what was agreed. A report that printed only those would still promise a
finish that nobody expects any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reports.frozen.outlook import ChanceEntry
from roadmap.domain.forecasting.ranges import Range


@dataclass(frozen=True)
class GoingGate:
    """`on`: expected; a gate that is open has its day and no range."""

    id: str
    on: date
    likely: Range | None = None


@dataclass(frozen=True)
class GoingWork:
    """An initiative that is open: its expected days, and when it is likely to be finished."""

    id: str
    start: date
    finish: date
    likely: Range | None = None


@dataclass(frozen=True)
class GoingPhase:
    """When its last work is likely to be finished; None when all of it is."""

    id: str
    likely: Range | None = None


@dataclass(frozen=True)
class GoingEntry:
    """`slip`: working days between what was agreed and what is expected. `deadlines`: with the
    chance to keep them by this forecast.
    """

    as_of: date
    runs: int
    expected: date
    likely: Range
    agreed: date | None = None
    slip: int = 0
    gates: tuple[GoingGate, ...] = ()
    work: tuple[GoingWork, ...] = ()
    phases: tuple[GoingPhase, ...] = ()
    deadlines: tuple[ChanceEntry, ...] = ()

"""Which dates a short document names: those expected now, and before there are any the planned."""

from __future__ import annotations

from reports.frozen.outlook import ChanceEntry
from reports.frozen.snapshot import ReportSnapshot
from roadmap.domain.forecasting.ranges import Range


def finish_of(snapshot: ReportSnapshot) -> Range | None:
    """None where nothing was simulated."""
    if snapshot.going:
        return snapshot.going.likely
    return snapshot.forecast.finish if snapshot.forecast else None


def runs_of(snapshot: ReportSnapshot) -> int:
    if snapshot.going:
        return snapshot.going.runs
    return snapshot.forecast.runs if snapshot.forecast else 0


def deadlines_of(snapshot: ReportSnapshot) -> tuple[ChanceEntry, ...]:
    """Days given from outside, with the chance to keep them as it is known now."""
    if snapshot.going:
        return snapshot.going.deadlines
    return snapshot.forecast.deadlines if snapshot.forecast else ()

"""All systems with their figures, side by side and never as one average.

DORA's guide advises against blending the metrics of several services: what they share is a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from delivery.charts.weeks import SPARK, WeeksChart, weeks_chart
from delivery.domain.metrics import FREQUENCY
from delivery.domain.series import by_week, series_of, whole_weeks
from delivery.models import System
from delivery.pages.shared import ORDER, Figure, figure_of
from delivery.pages.wording import number
from delivery.queries import days_since, links_to_confirm

SPARK_WEEKS = 26


@dataclass(frozen=True)
class Small:
    """One figure with its small picture; none where fewer than two weeks have a value."""

    figure: Figure
    value: str
    chart: WeeksChart | None


@dataclass(frozen=True)
class Row:
    system: System
    smalls: tuple[Small, ...]
    has_records: bool
    to_confirm: int


def overview_rows(systems: Sequence[System], today: date, weeks: int) -> list[Row]:
    """Four queries, however many systems and records there are."""
    if not systems:
        return []
    # Today is not over: on a Sunday its week could still move.
    yesterday = today - timedelta(days=1)
    mondays = whole_weeks(yesterday, SPARK_WEEKS)
    first = today - timedelta(days=weeks * 7 - 1)
    days = days_since(systems, min(first, mondays[0]))
    waiting = links_to_confirm(systems)
    rows = []
    for system in systems:
        metrics = days.of(system, first, today)
        begun = days.begun.get(system.pk)
        shown = whole_weeks(yesterday, SPARK_WEEKS, begun) if begun else mondays
        by_weeks = by_week(days.by_system.get(system.pk, []), shown)
        smalls = []
        for metric_id in ORDER:
            series = series_of(metric_id, by_weeks)
            has_line = sum(1 for point in series.points if point.n) > 1
            chart = weeks_chart(series, SPARK) if has_line else None
            figure = figure_of(metrics[metric_id])
            value = figure.value
            if metric_id == FREQUENCY and figure.is_known:
                # The label says per what.
                value = number(metrics[metric_id].value)
            smalls.append(Small(figure, value, chart))
        has_records = system.pk in days.begun or system.pk in days.findings
        rows.append(Row(system, tuple(smalls), has_records, waiting.get(system.pk, 0)))
    return rows

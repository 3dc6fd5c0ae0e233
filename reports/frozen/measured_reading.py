"""Reads the delivery figures of the watched systems: four queries, however many there are."""

from __future__ import annotations

from datetime import date, timedelta

from accounts.models import Organization
from delivery.domain.metrics import Metric
from delivery.models import System
from delivery.pages.shared import ORDER, USUAL_WINDOW, baseline_aim, figure_of, target_aim
from delivery.queries import days_since
from reports.frozen.stated import FigureEntry, MeasuredEntry

MOST_SYSTEMS = 24


def measured_entries(organization: Organization, today: date) -> tuple[MeasuredEntry, ...]:
    """The past twelve weeks of each system beside its baseline and target."""
    systems = list(System.objects.filter(organization=organization, ended_at=None)[:MOST_SYSTEMS])
    if not systems:
        return ()
    first = today - timedelta(weeks=USUAL_WINDOW) + timedelta(days=1)
    days = days_since(systems, first)
    found = []
    for system in systems:
        metrics = days.of(system, first, today)
        figures = tuple(_figure(system, metrics[name]) for name in ORDER)
        found.append(MeasuredEntry(system.name, first, today, figures, system.note))
    return tuple(found)


def _figure(system: System, metric: Metric) -> FigureEntry:
    figure = figure_of(metric)
    baseline, target = baseline_aim(system, metric), target_aim(system, metric)
    return FigureEntry(
        metric=metric.id,
        title=str(figure.definition.title),
        value=figure.value,
        is_known=figure.is_known,
        basis=figure.basis,
        interval=figure.interval,
        few=figure.few,
        baseline=baseline.text if baseline else "",
        baseline_when=baseline.detail if baseline else "",
        change=baseline.change if baseline else "",
        target=target.text if target else "",
        standing=target.change if target else "",
        notes=figure.notes,
    )

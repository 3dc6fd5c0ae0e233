"""Reads the delivery figures of the watched systems: five queries, however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.utils import timezone

from accounts.models import Organization
from delivery.domain.metrics import Metric
from delivery.enums import Severity
from delivery.models import System, Vulnerability
from delivery.pages.shared import (
    ORDER,
    USUAL_WINDOW,
    Aim,
    baseline_aim,
    baseline_of,
    figure_of,
    target_aim,
)
from delivery.queries import days_since
from reports.frozen.stated import DismissedEntry, FigureEntry, MeasuredEntry

MOST_SYSTEMS = 24
MOST_DISMISSED = 40


def measured_entries(organization: Organization, today: date) -> tuple[MeasuredEntry, ...]:
    """The past twelve weeks of each system beside its baseline and target."""
    systems = list(System.objects.filter(organization=organization, ended_at=None)[:MOST_SYSTEMS])
    if not systems:
        return ()
    first = today - timedelta(weeks=USUAL_WINDOW) + timedelta(days=1)
    days = days_since(systems, first)
    dismissed = _dismissed(systems)
    found = []
    for system in systems:
        metrics = days.of(system, first, today)
        figures = tuple(_figure(system, metrics[name]) for name in ORDER)
        decided = dismissed.get(system.pk, [])
        found.append(
            MeasuredEntry(
                system=system.name,
                first=first,
                last=today,
                figures=figures,
                note=system.note,
                fix_limits=_limits(system),
                dismissed=tuple(decided[:MOST_DISMISSED]),
                dismissed_more=max(0, len(decided) - MOST_DISMISSED),
            )
        )
    return tuple(found)


def _when(system: System, baseline: Aim | None, metric: Metric) -> str:
    """The days the baseline was taken over, and what somebody noted about it."""
    if baseline is None:
        return ""
    note = str((baseline_of(system, metric.id) or {}).get("note") or "")
    return "; ".join(dict.fromkeys(filter(None, (baseline.detail, note))))


def _limits(system: System) -> tuple[tuple[str, int], ...]:
    """The worst severity first."""
    limits = system.fix_limits
    return tuple((name, limits[name]) for name in Severity.values if limits.get(name) is not None)


def _dismissed(systems: Sequence[System]) -> Mapping[int, list[DismissedEntry]]:
    """What is neither fixed nor to be fixed, the newest decision first."""
    rows = Vulnerability.objects.filter(system__in=systems, fixed_at=None)
    rows = rows.exclude(dismissed_at=None).order_by("-dismissed_at", "-pk")
    found: dict[int, list[DismissedEntry]] = defaultdict(list)
    for pk, *told in rows.values_list(
        "system_id", "title", "severity", "dismissed_at", "dismissed_because"
    ):
        title, severity, on, why = told
        found[pk].append(DismissedEntry(title, severity, timezone.localdate(on), why))
    return found


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
        baseline_when=_when(system, baseline, metric),
        change=baseline.change if baseline else "",
        target=target.text if target else "",
        standing=target.change if target else "",
        notes=figure.notes,
    )

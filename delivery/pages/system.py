"""One system: each metric with its figure, what it rests on, its chart and its definition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from delivery.charts.weeks import NARROW, WIDE, WeeksChart, weeks_chart
from delivery.domain import metrics
from delivery.domain.metrics import SEVERITIES, Metric, Metrics
from delivery.domain.series import Series, by_week, series_of, whole_weeks
from delivery.enums import ChangeKind, Severity
from delivery.models import System
from delivery.pages.definitions import BY_TICKET
from delivery.pages.shared import (
    ORDER,
    Aim,
    Figure,
    baseline_aim,
    baseline_days,
    figure_of,
    target_aim,
)
from delivery.pages.wording import (
    lacking_said,
    number,
    said,
    signal_said,
    signals_said,
    why_no_limits,
)
from delivery.queries import days_being_counted, days_since, links_to_confirm

# A chart shows at least so many weeks: fewer could hold no limits.
SHORTEST_CHART = 26
# Which records stand behind a figure, and which of them first.
BEHIND = {
    metrics.FREQUENCY: ("deployments", ""),
    metrics.LEAD_TIME: ("deployments", ""),
    metrics.FAIL_RATE: ("deployments", "failed"),
    metrics.RECOVERY: ("incidents", "confirmed"),
    metrics.REWORK: ("deployments", "rework"),
    metrics.COVERAGE: ("coverage", ""),
    metrics.FIX_TIME: ("vulnerabilities", ""),
    metrics.AUDIT_TRAIL: ("changes", "incomplete"),
}


@dataclass(frozen=True)
class WeekRow:
    """A line of the table beside a chart."""

    monday: date
    value: str
    n: int
    signal: str


@dataclass(frozen=True)
class Table:
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Card:
    figure: Figure
    vendor: Any
    baseline: Aim | None
    target: Aim | None
    wide: WeeksChart | None
    narrow: WeeksChart | None
    weeks: tuple[WeekRow, ...]
    limits: str
    base: tuple[date, date] | None
    no_limits: str
    signals: tuple[str, ...]
    table: Table | None
    lacking: tuple[str, ...]
    kind: str
    show: str


@dataclass(frozen=True)
class SystemPage:
    cards: tuple[Card, ...]
    first: date
    last: date
    since: date | None
    chart_weeks: int
    being_counted: int
    to_confirm: int
    is_empty: bool


def system_page(system: System, today: date, weeks: int) -> SystemPage:
    """Five queries, however much happened."""
    first = today - timedelta(days=weeks * 7 - 1)
    chart_weeks = max(weeks, SHORTEST_CHART)
    # Today is not over: on a Sunday its week could still move.
    yesterday = today - timedelta(days=1)
    mondays = whole_weeks(yesterday, chart_weeks)
    days = days_since([system], min(first, mondays[0]))
    found = days.of(system, first, today)
    # Weeks before records begin are no weeks without deployments.
    begun = days.begun.get(system.pk)
    shown = whole_weeks(yesterday, chart_weeks, begun) if begun else mondays
    by_weeks = by_week(days.by_system.get(system.pk, []), shown)
    cards = []
    for metric_id in ORDER:
        series = series_of(metric_id, by_weeks, baseline_days(system, metric_id))
        cards.append(_card(system, found, found[metric_id], series))
    return SystemPage(
        tuple(cards),
        first,
        today,
        found.since,
        len(shown),
        days_being_counted([system]),
        links_to_confirm([system]).get(system.pk, 0),
        begun is None and not days.findings.get(system.pk),
    )


def _card(system: System, found: Metrics, metric: Metric, series: Series) -> Card:
    baseline, target = baseline_aim(system, metric), target_aim(system, metric)
    aims = {"baseline": _weekly(metric.id, baseline), "target": _weekly(metric.id, target)}
    has_chart = sum(1 for point in series.points if point.n) > 1
    limits = series.limits
    kind, show = BEHIND[metric.id]
    is_timed_by_ticket = metric.id == metrics.LEAD_TIME and system.is_vendor_managed
    return Card(
        figure=figure_of(metric),
        vendor=BY_TICKET if is_timed_by_ticket else "",
        baseline=baseline,
        target=target,
        wide=weeks_chart(series, WIDE, **aims) if has_chart else None,
        narrow=weeks_chart(series, NARROW, **aims) if has_chart else None,
        weeks=tuple(
            WeekRow(point.monday, number(point.value), point.n, signal_said(point.signal))
            for point in reversed(series.points)
        ),
        limits=_limits_said(series) if limits else "",
        base=(series.base_from, series.base_until)
        if series.base_from and series.base_until
        else None,
        no_limits=why_no_limits(series.why_no_limits),
        signals=signals_said(
            sum(1 for point in series.signals if point.signal == "outside"),
            sum(1 for point in series.signals if point.signal == "run"),
        ),
        table=_table(metric),
        lacking=_lacking(found, metric),
        kind=kind,
        show=show,
    )


def _weekly(metric_id: str, aim: Aim | None) -> float | None:
    """On the scale of the chart, which counts deployments by the week."""
    if aim is None:
        return None
    return aim.value / 4 if metric_id == metrics.FREQUENCY else aim.value


def _limits_said(series: Series) -> str:
    assert series.limits is not None
    return _("average %(average)s, limits %(lower)s and %(upper)s, from %(n)s weeks") % {
        "average": number(series.limits.average),
        "lower": number(series.limits.lower),
        "upper": number(series.limits.upper),
        "n": series.limits.base,
    }


def _table(metric: Metric) -> Table | None:
    if metric.id == metrics.FIX_TIME:
        return _by_severity(metric)
    if metric.id == metrics.AUDIT_TRAIL and metric.n:
        kinds = [part for part in metric.parts if part.id in ChangeKind.values]
        rows = tuple(
            (str(ChangeKind(part.id).label), number(part.n), said(part.value, "percent"))
            for part in kinds
        )
        return Table((_("Kind"), _("Changes"), _("Complete")), rows)
    return None


def _by_severity(metric: Metric) -> Table | None:
    def cell(name: str, severity: str) -> str:
        part = metric.part(severity + name)
        return "–" if part is None else said(part.value, "days")

    def count(name: str, severity: str) -> str:
        part = metric.part(severity + name)
        return "0" if part is None else number(part.n)

    rows = tuple(
        (
            str(Severity(one).label),
            count("", one),
            cell("", one),
            cell("_p90", one),
            count("_open", one),
            cell("_open", one),
            cell("_oldest", one),
        )
        for one in SEVERITIES
        if metric.part(one) or metric.part(f"{one}_open")
    )
    heads = (
        _("Severity"),
        _("Fixed"),
        _("Median"),
        _("90% within"),
        _("Open"),
        _("Median age"),
        _("Oldest"),
    )
    return Table(heads, rows) if rows else None


def _lacking(found: Metrics, metric: Metric) -> tuple[str, ...]:
    if metric.id != metrics.AUDIT_TRAIL:
        return ()
    ordered = sorted(found.figures.lacking.items(), key=lambda item: -item[1])
    return tuple(f"{lacking_said(what)}: {number(times)}" for what, times in ordered)

"""One metric as pages show it: figure, what it rests on, what to know about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from delivery.domain import metrics
from delivery.domain.metrics import HIGHER_IS_BETTER, UNITS, Metric
from delivery.models import System
from delivery.pages.definitions import DEFINITIONS, Definition
from delivery.pages.wording import (
    basis_said,
    duration,
    empty_said,
    few_said,
    interval_said,
    note_said,
    number,
    said,
    trend_said,
)

WINDOWS = (4, 12, 26, 52)
USUAL_WINDOW = 12


@dataclass(frozen=True)
class Figure:
    """A metric in words. `value` is the figure alone, `beside` further figures of the same."""

    id: str
    definition: Definition
    value: str
    is_known: bool
    basis: str
    interval: str
    few: str
    trend: str
    beside: tuple[str, ...]
    notes: tuple[str, ...]


def window_asked(asked: str | None) -> int:
    """Of the address; the usual one for anything else."""
    return next((weeks for weeks in WINDOWS if asked == str(weeks)), USUAL_WINDOW)


def figure_of(metric: Metric) -> Figure:
    is_known = metric.value is not None
    return Figure(
        metric.id,
        DEFINITIONS[metric.id],
        said(metric.value, metric.unit),
        is_known,
        basis_said(metric) if is_known else "",
        interval_said(metric) if is_known else "",
        few_said(metric),
        trend_said(metric),
        _beside(metric),
        (() if is_known else (empty_said(metric.id),))
        + tuple(
            note_said(note) for note in metric.notes if is_known or note.code != "short_window"
        ),
    )


def _beside(metric: Metric) -> tuple[str, ...]:
    between, p85, longest = metric.part("days_between"), metric.part("p85"), metric.part("longest")
    if between is not None and between.value is not None:
        return (_("median %(time)s between two") % {"time": duration(between.value * 1440)},)
    if p85 is not None and p85.value is not None:
        return (_("85%% within %(time)s") % {"time": duration(p85.value * 60)},)
    if longest is not None and longest.value is not None:
        return (_("longest %(time)s") % {"time": duration(longest.value)},)
    return ()


@dataclass(frozen=True)
class Aim:
    """What a figure is compared with. `change` says how it stands to it, where both are known."""

    value: float
    text: str
    detail: str
    change: str


def baseline_of(system: System, metric_id: str) -> Mapping[str, Any] | None:
    baseline = system.baselines.get(metric_id)
    return baseline if isinstance(baseline, dict) and baseline.get("value") is not None else None


def baseline_days(system: System, metric_id: str) -> tuple[date, date] | None:
    baseline = system.baselines.get(metric_id) or {}
    if not (baseline.get("from") and baseline.get("until")):
        return None
    return date.fromisoformat(baseline["from"]), date.fromisoformat(baseline["until"])


def baseline_aim(system: System, metric: Metric) -> Aim | None:
    baseline = baseline_of(system, metric.id)
    if baseline is None:
        return None
    days = baseline_days(system, metric.id)
    detail = (
        f"{date_format(days[0], 'SHORT_DATE_FORMAT')} – {date_format(days[1], 'SHORT_DATE_FORMAT')}"
        if days
        else str(baseline.get("note") or "")
    )
    value = float(baseline["value"])
    return Aim(value, said(value, UNITS[metric.id]), detail, _against(metric, value))


def target_aim(system: System, metric: Metric) -> Aim | None:
    target = system.targets.get(metric.id)
    if target is None:
        return None
    value = float(target)
    change = ""
    # A verdict on a handful would be a coin's.
    if metric.value is not None and not metric.is_few:
        is_met = metric.value >= value if metric.id in HIGHER_IS_BETTER else metric.value <= value
        change = _("met in this window") if is_met else _("not met in this window")
    return Aim(value, said(value, UNITS[metric.id]), "", change)


def _against(metric: Metric, before: float) -> str:
    if metric.value is None or metric.is_few:
        return ""
    if UNITS[metric.id] == "percent":
        points = metric.value - before
        if round(points, 1) == 0:
            return _("as before")
        more = _("%(n)s points more than then") if points > 0 else _("%(n)s points less than then")
        return more % {"n": number(abs(points))}
    if before == 0:
        return ""
    share = 100 * (metric.value / before - 1)
    if round(share) == 0:
        return _("as before")
    more = _("%(n)s%% more than then") if share > 0 else _("%(n)s%% less than then")
    return more % {"n": number(abs(round(share)))}


ORDER = (
    metrics.FREQUENCY,
    metrics.LEAD_TIME,
    metrics.FAIL_RATE,
    metrics.RECOVERY,
    metrics.REWORK,
    metrics.COVERAGE,
    metrics.FIX_TIME,
    metrics.AUDIT_TRAIL,
)

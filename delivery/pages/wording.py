"""Figures of metrics in words."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from delivery.domain import metrics
from delivery.domain.metrics import Metric, Note

MINUTES_A_DAY = 1440


def number(value: float) -> str:
    """As many digits as mean something: 0.25, 3.4, 12, 1,250."""
    size = abs(value)
    digits = 0 if size >= 10 or value == int(value) else 1 if size >= 1 else 2
    return number_format(round(value, digits), digits, force_grouping=True)


def duration(minutes: float) -> str:
    """In the largest unit of which there are two, so that the number stays small."""
    if minutes >= 2 * MINUTES_A_DAY:
        return _("%(n)s days") % {"n": number(minutes / MINUTES_A_DAY)}
    if minutes >= 120:
        return _("%(n)s hours") % {"n": number(minutes / 60)}
    return _("%(n)s minutes") % {"n": number(minutes)}


def said(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    if unit == "percent":
        return _("%(n)s%%") % {"n": number(value)}
    if unit == "per_four_weeks":
        return _("%(n)s per four weeks") % {"n": number(value)}
    per = {"minutes": 1, "hours": 60, "days": MINUTES_A_DAY}.get(unit)
    return number(value) if per is None else duration(value * per)


def interval_said(metric: Metric) -> str:
    if metric.interval is None:
        return ""
    low, high = metric.interval
    return _("likely between %(low)s and %(high)s%% (95%% interval)") % {
        "low": number(low),
        "high": number(high),
    }


def basis_said(metric: Metric) -> str:
    """What the value rests on."""
    n = metric.n
    hits = metric.part("hits")
    if hits is not None:
        return _("%(hits)s of %(n)s") % {"hits": number(hits.value or 0), "n": number(n)}
    if metric.id == metrics.COVERAGE:
        return ""
    return {
        metrics.FREQUENCY: ngettext("%(n)s deployment", "%(n)s deployments", n),
        metrics.LEAD_TIME: ngettext("%(n)s deployment", "%(n)s deployments", n),
        metrics.RECOVERY: ngettext("%(n)s recovery", "%(n)s recoveries", n),
        metrics.FIX_TIME: ngettext("%(n)s fix", "%(n)s fixes", n),
    }[metric.id] % {"n": number(n)}


def few_said(metric: Metric) -> str:
    """What there is where it is too few to say: counted, for a rate of two is no rate."""
    n = metric.n
    if not metric.is_few:
        return ""
    counted = {
        metrics.RECOVERY: ngettext("%(n)s recovery", "%(n)s recoveries", n),
        metrics.FIX_TIME: ngettext("%(n)s fix", "%(n)s fixes", n),
        metrics.AUDIT_TRAIL: ngettext("%(n)s change", "%(n)s changes", n),
    }.get(metric.id, ngettext("%(n)s deployment", "%(n)s deployments", n))
    words = {"counted": counted % {"n": number(n)}, "value": said(metric.value, metric.unit)}
    hits = metric.part("hits")
    if hits is not None:
        return _("%(hits)s of %(counted)s") % {**words, "hits": number(hits.value or 0)}
    return _("%(counted)s: %(value)s") % words


def empty_said(metric_id: str) -> str:
    """Why there is no figure, and what would bring one."""
    return {
        metrics.FREQUENCY: _("No production deployment in this window."),
        metrics.LEAD_TIME: _(
            "No deployment in this window says when its first commit was made or its ticket opened."
        ),
        metrics.FAIL_RATE: _("No production deployment in this window."),
        metrics.RECOVERY: _("No failed deployment with a confirmed incident that is over."),
        metrics.REWORK: _("No production deployment in this window."),
        metrics.COVERAGE: _("No reading in this window. Cobertura and JaCoCo files are read."),
        metrics.FIX_TIME: _("No vulnerability was fixed in this window."),
        metrics.AUDIT_TRAIL: _("No production change was recorded in this window."),
    }[metric_id]


def note_said(note: Note) -> str:
    n = note.number
    values = {"n": number(n), "other": number(note.other)}
    texts = {
        "short_window": _("Records cover %(n)s days so far: the figure is what there was in them."),
        "no_commit_time": ngettext(
            "%(n)s more that succeeded names no usable commit time.",
            "%(n)s more that succeeded name no usable commit time.",
            n,
        ),
        "by_ticket": _("%(n)s of %(other)s are timed by their change tickets."),
        "none_failed_but_incidents": ngettext(
            "There was %(n)s incident and no confirmed cause: none failed may only mean that "
            "nobody looked.",
            "There were %(n)s incidents and no confirmed cause: none failed may only mean that "
            "nobody looked.",
            n,
        ),
        "not_recovered": ngettext(
            "%(n)s failed deployment has an incident that is not over.",
            "%(n)s failed deployments have an incident that is not over.",
            n,
        ),
        "failed_without_incident": ngettext(
            "%(n)s failed deployment has no confirmed incident, so nobody knows when users could "
            "work again.",
            "%(n)s failed deployments have no confirmed incident, so nobody knows when users "
            "could work again.",
            n,
        ),
        "no_earlier_reading": _("No reading from four weeks before to compare it with."),
        "open": ngettext(
            "%(n)s is open now, %(other)s past its limit.",
            "%(n)s are open now, %(other)s past their limit.",
            n,
        ),
        "no_limit": ngettext(
            "For %(n)s of the open ones no limit is set.",
            "For %(n)s of the open ones no limit is set.",
            n,
        ),
        "unrecorded": ngettext(
            "%(n)s production deployment has no change record: what went out with it is not in "
            "this figure.",
            "%(n)s production deployments have no change record: what went out with them is not "
            "in this figure.",
            n,
        ),
    }
    return texts[note.code] % values


def trend_said(metric: Metric) -> str:
    if metric.trend is None:
        return ""
    points = number(abs(metric.trend))
    if round(metric.trend, 2) == 0:
        return _("unchanged in four weeks")
    if metric.trend > 0:
        return _("%(n)s points more than four weeks before") % {"n": points}
    return _("%(n)s points less than four weeks before") % {"n": points}


def lacking_said(what: str) -> str:
    return {
        "ticket": _("no ticket"),
        "approver": _("no approver"),
        "other_approver": _("approver not shown to be other than the author"),
        "tests": _("no test evidence"),
        "deployment": _("no deployment record"),
    }[what]


def why_no_limits(why: str) -> str:
    return {
        "few_points": _(
            "Fewer than eight weeks with a value: too few to tell a signal from noise, so no "
            "limits are drawn."
        ),
        "rare": _(
            "What moves this figure happens less than once a week, so weekly values jump by "
            "single events and limits would say nothing. Look at the figure of a longer window "
            "instead."
        ),
        "standing": _(
            "No limits are drawn: each reading stands on the one before it, so its direction is "
            "what counts."
        ),
        "": "",
    }[why]


def signals_said(outside: int, in_runs: int) -> tuple[str, ...]:
    """What the marked weeks of a chart say together."""
    said_outside = ngettext(
        "%(n)s week lies outside the limits: ask what was different then.",
        "%(n)s weeks lie outside the limits: ask what was different then.",
        outside,
    )
    said_runs = ngettext(
        "%(n)s week stands in a run of eight or more on one side of the average: the process "
        "itself may have moved.",
        "%(n)s weeks stand in runs of eight or more on one side of the average: the process "
        "itself may have moved.",
        in_runs,
    )
    return tuple(
        text % {"n": number(n)} for text, n in ((said_outside, outside), (said_runs, in_runs)) if n
    )


def signal_said(signal: str) -> str:
    return {
        "outside": _("outside the limits"),
        "run": _("one of eight or more in a row on one side of the average"),
        "": "",
    }[signal]

"""The delivery metrics of a window of days, out of its daily figures.

Units: deployments per four weeks, hours (lead time), minutes (recovery), percent (rates), days
(fixes). A metric without anything to count has no value, which is not zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from delivery.domain.daily import DayFigures
from delivery.domain.statistics import median, percentile, wilson

FREQUENCY = "deployment_frequency"
LEAD_TIME = "lead_time"
FAIL_RATE = "change_fail_rate"
RECOVERY = "recovery_time"
REWORK = "rework_rate"
COVERAGE = "coverage"
FIX_TIME = "fix_time"
AUDIT_TRAIL = "audit_trail"
METRICS = (FREQUENCY, LEAD_TIME, FAIL_RATE, RECOVERY, REWORK, COVERAGE, FIX_TIME, AUDIT_TRAIL)

UNITS = {
    FREQUENCY: "per_four_weeks",
    LEAD_TIME: "hours",
    FAIL_RATE: "percent",
    RECOVERY: "minutes",
    REWORK: "percent",
    COVERAGE: "percent",
    FIX_TIME: "days",
    AUDIT_TRAIL: "percent",
}
# Whether more is better.
HIGHER_IS_BETTER = frozenset({FREQUENCY, COVERAGE, AUDIT_TRAIL})
SEVERITIES = ("critical", "high", "medium", "low")

# Under so many, words say that it is too few to say much.
FEW = 8
FOUR_WEEKS = 28
HOUR, DAY, MINUTE = 3600, 86400, 60


@dataclass(frozen=True)
class Part:
    """A further figure beside the metric's own, such as a percentile or one severity's median."""

    id: str
    value: float | None
    n: int
    unit: str


@dataclass(frozen=True)
class Note:
    """Something to be said beside a figure: a code and its numbers, put in words by the page."""

    code: str
    number: int = 0
    other: int = 0


@dataclass(frozen=True)
class Metric:
    """`n`: what the value rests on. `trend`: change in four weeks, where the metric has one."""

    id: str
    value: float | None
    n: int
    interval: tuple[float, float] | None = None
    parts: tuple[Part, ...] = ()
    notes: tuple[Note, ...] = ()
    trend: float | None = None

    @property
    def unit(self) -> str:
        return UNITS[self.id]

    @property
    def is_few(self) -> bool:
        return 0 < self.n < FEW and self.id != COVERAGE

    def part(self, name: str) -> Part | None:
        return next((part for part in self.parts if part.id == name), None)


@dataclass(frozen=True)
class OpenFinding:
    severity: str
    found_at: datetime
    # Days within which it is to be fixed; none where nobody set a limit.
    limit: int | None = None


@dataclass(frozen=True)
class Metrics:
    """The metrics of one system, or of several together, for a window of days.

    `since`: the day records begin, where that is within the window.
    """

    first: date
    last: date
    since: date | None
    values: Mapping[str, Metric]
    figures: DayFigures

    def __getitem__(self, metric_id: str) -> Metric:
        return self.values[metric_id]

    @property
    def is_empty(self) -> bool:
        return all(metric.n == 0 and not metric.notes for metric in self.values.values())


def measure(
    figures: DayFigures,
    first: date,
    last: date,
    *,
    since: date | None = None,
    findings: Sequence[OpenFinding] = (),
    now: datetime | None = None,
    earlier_coverage: Sequence[int] | None = None,
) -> Metrics:
    """All metrics of a window. `since`: the day records begin at all; `now` dates what is open."""
    begun = since if since is not None and since > first else None
    days = (last - (begun or first)).days + 1
    measured = (
        _frequency(figures, days),
        _lead_time(figures),
        _rate(FAIL_RATE, figures.failed, figures.deployments, _fail_notes(figures)),
        _recovery(figures),
        _rate(REWORK, figures.rework, figures.deployments, ()),
        _coverage(figures, earlier_coverage),
        _fix_time(figures, findings, now),
        _audit_trail(figures),
    )
    return Metrics(first, last, begun, {metric.id: metric for metric in measured}, figures)


def _scaled(value: float | None, unit: int) -> float | None:
    return None if value is None else value / unit


def _frequency(figures: DayFigures, days: int) -> Metric:
    """Per four weeks of the days since records begin; in less than four weeks: so far."""
    n = figures.deployments
    between = Part("days_between", _scaled(median(figures.gaps), DAY), len(figures.gaps), "days")
    notes = (Note("short_window", days),) if n and days < FOUR_WEEKS else ()
    value = n * FOUR_WEEKS / max(days, FOUR_WEEKS) if n else None
    return Metric(FREQUENCY, value, n, parts=(between,), notes=notes)


def _lead_time(figures: DayFigures) -> Metric:
    leads = figures.leads
    p85 = Part("p85", _scaled(percentile(leads, 85), HOUR), len(leads), "hours")
    notes = []
    if figures.leads_unknown:
        notes.append(Note("no_commit_time", figures.leads_unknown))
    if figures.by_ticket:
        notes.append(Note("by_ticket", figures.by_ticket, len(leads)))
    value = _scaled(median(leads), HOUR)
    return Metric(LEAD_TIME, value, len(leads), parts=(p85,), notes=tuple(notes))


def _rate(metric_id: str, hits: int, of: int, notes: Sequence[Note]) -> Metric:
    interval = wilson(hits, of)
    return Metric(
        metric_id,
        100 * hits / of if of else None,
        of,
        interval=(100 * interval[0], 100 * interval[1]) if interval else None,
        parts=(Part("hits", hits, of, "count"),) if of else (),
        notes=tuple(notes),
    )


def _fail_notes(figures: DayFigures) -> tuple[Note, ...]:
    # None at all may only mean that nobody records or links failures.
    if figures.deployments and not figures.failed and figures.incidents:
        return (Note("none_failed_but_incidents", figures.incidents),)
    return ()


def _recovery(figures: DayFigures) -> Metric:
    notes = []
    if figures.unrecovered:
        notes.append(Note("not_recovered", figures.unrecovered))
    if figures.unexplained:
        notes.append(Note("failed_without_incident", figures.unexplained))
    values = figures.recoveries
    longest = Part("longest", _scaled(max(values, default=None), MINUTE), len(values), "minutes")
    value = _scaled(median(values), MINUTE)
    return Metric(
        RECOVERY, value, len(values), parts=(longest,) if values else (), notes=tuple(notes)
    )


def share_covered(reading: Sequence[int]) -> float | None:
    """Of [moment, order, covered, total]; percent."""
    return 100 * reading[2] / reading[3] if reading[3] else None


def _coverage(figures: DayFigures, earlier: Sequence[int] | None) -> Metric:
    if figures.coverage is None:
        return Metric(COVERAGE, None, 0)
    value = share_covered(figures.coverage)
    before = share_covered(earlier) if earlier is not None else None
    trend = value - before if value is not None and before is not None else None
    notes = (Note("no_earlier_reading"),) if trend is None else ()
    return Metric(COVERAGE, value, 1, notes=notes, trend=trend)


def _fix_time(figures: DayFigures, findings: Sequence[OpenFinding], now: datetime | None) -> Metric:
    fixed = [value for values in figures.fixes.values() for value in values]
    parts = []
    for severity in SEVERITIES:
        values = figures.fixes.get(severity, [])
        ages = [age_of(one, now) for one in findings if one.severity == severity and now]
        if values:
            middle = _scaled(median(values), DAY)
            p90 = _scaled(percentile(values, 90), DAY)
            parts.append(Part(severity, middle, len(values), "days"))
            parts.append(Part(f"{severity}_p90", p90, len(values), "days"))
        if ages:
            parts.append(Part(f"{severity}_open", median(ages), len(ages), "days"))
            parts.append(Part(f"{severity}_oldest", max(ages), len(ages), "days"))
    late = sum(1 for one in findings if now and is_past_limit(one, now))
    notes = []
    if findings:
        notes.append(Note("open", len(findings), late))
    if any(one.limit is None for one in findings):
        notes.append(Note("no_limit", sum(1 for one in findings if one.limit is None)))
    value = _scaled(median(fixed), DAY)
    return Metric(FIX_TIME, value, len(fixed), parts=tuple(parts), notes=tuple(notes))


def age_of(finding: OpenFinding, now: datetime) -> float:
    return max(0.0, (now - finding.found_at) / timedelta(days=1))


def is_past_limit(finding: OpenFinding, now: datetime) -> bool:
    return finding.limit is not None and age_of(finding, now) > finding.limit


def _audit_trail(figures: DayFigures) -> Metric:
    complete = sum(one[0] for one in figures.changes.values())
    of = sum(one[1] for one in figures.changes.values())
    kinds = tuple(
        Part(kind, 100 * done / total, total, "percent")
        for kind, (done, total) in figures.changes.items()
    )
    lacking = tuple(
        Part(f"lacks_{name}", number, of, "count") for name, number in figures.lacking.items()
    )
    notes = (Note("unrecorded", figures.unrecorded),) if figures.unrecorded else ()
    rate = _rate(AUDIT_TRAIL, complete, of, notes)
    return Metric(
        AUDIT_TRAIL,
        rate.value,
        of,
        interval=rate.interval,
        parts=rate.parts + kinds + lacking,
        notes=notes,
    )

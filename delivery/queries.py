"""Reading systems and their metrics: from daily figures, and directly only what is still open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Min
from django.utils import timezone

from accounts.models import Organization
from delivery.domain.daily import DayFigures, add_up, from_plain, merge
from delivery.domain.metrics import FOUR_WEEKS, Metrics, OpenFinding, measure
from delivery.enums import LinkState
from delivery.models import DailyFigures, Incident, StaleDay, System, Vulnerability

# How far before a window readings are looked for to compare its last one with.
BEFORE = timedelta(days=2 * FOUR_WEEKS)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Days:
    """Daily figures of systems since a day, with what is open now."""

    by_system: dict[int, list[tuple[date, DayFigures]]]
    # The first day of which anything is known at all.
    begun: dict[int, date]
    findings: dict[int, list[OpenFinding]] = field(default_factory=dict)
    now: datetime | None = None

    def of(self, system: System, first: date, last: date) -> Metrics:
        """The metrics of one system."""
        return self.together([system], first, last)

    def together(self, systems: Sequence[System], first: date, last: date) -> Metrics:
        """The metrics of several systems as if they were one; what lies between deployments is
        taken within each system.
        """
        parts = [merge(self.within(system, first, last)) for system in systems]
        figures = parts[0] if len(parts) == 1 else add_up(parts)
        readings = [part.coverage for part in parts if part.coverage is not None]
        earlier = [
            before
            for system, part in zip(systems, parts, strict=True)
            if part.coverage and (before := self._coverage_before(system, part.coverage[0]))
        ]
        if len(parts) > 1 and readings:
            figures = _with_coverage(figures, _summed(readings))
        begun = [self.begun[system.pk] for system in systems if system.pk in self.begun]
        return measure(
            figures,
            first,
            last,
            since=min(begun, default=None),
            findings=[one for system in systems for one in self.findings.get(system.pk, ())],
            now=self.now,
            # Compared only where each reading has one to be compared with.
            earlier_coverage=_summed(earlier)
            if earlier and len(earlier) == len(readings)
            else None,
        )

    def within(self, system: System, first: date, last: date) -> list[DayFigures]:
        days = self.by_system.get(system.pk, [])
        return [figures for day, figures in days if first <= day <= last]

    def _coverage_before(self, system: System, moment: int) -> list[int] | None:
        """The last reading four weeks or more before one."""
        limit = moment - FOUR_WEEKS * 86_400_000
        for _day, figures in reversed(self.by_system.get(system.pk, [])):
            if figures.coverage is not None and figures.coverage[0] <= limit:
                return figures.coverage
        return None


def _summed(readings: Sequence[list[int]]) -> list[int]:
    return [
        max(one[0] for one in readings),
        0,
        sum(one[2] for one in readings),
        sum(one[3] for one in readings),
    ]


def _with_coverage(figures: DayFigures, coverage: list[int]) -> DayFigures:
    return DayFigures(**{**figures.__dict__, "coverage": coverage})


def days_since(systems: Iterable[System], first: date, now: datetime | None = None) -> Days:
    """The figures since a day, with the weeks before it that readings are compared with: three
    queries, however much happened.
    """
    limits = {system.pk: system.fix_limits for system in systems}
    by_system: dict[int, list[tuple[date, DayFigures]]] = defaultdict(list)
    rows = DailyFigures.objects.filter(system__in=limits, day__gte=first - BEFORE)
    for system_id, day, plain in rows.order_by("day").values_list("system_id", "day", "figures"):
        by_system[system_id].append((day, from_plain(plain)))
    begun = DailyFigures.objects.filter(system__in=limits).order_by().values("system_id")
    findings: dict[int, list[OpenFinding]] = defaultdict(list)
    still_open = Vulnerability.objects.filter(
        system__in=limits, fixed_at=None, dismissed_at=None
    ).order_by()
    for system_id, severity, found_at in still_open.values_list(
        "system_id", "severity", "found_at"
    ):
        limit = limits[system_id].get(severity)
        findings[system_id].append(OpenFinding(severity, found_at, limit))
    return Days(
        dict(by_system),
        {row["system_id"]: row["begun"] for row in begun.annotate(begun=Min("day"))},
        dict(findings),
        now or timezone.now(),
    )


def metric_values(
    systems: System | Organization, first: date, last: date, now: datetime | None = None
) -> Metrics:
    """The metrics of a system, or of all systems of an organization that are still watched."""
    chosen = [systems] if isinstance(systems, System) else list(watched(systems))
    return days_since(chosen, first, now).together(chosen, first, last)


def watched(organization: Organization) -> Iterable[System]:
    return System.objects.filter(organization=organization, ended_at=None).defer("note")


def organization_today(organization: Organization, now: datetime | None = None) -> date:
    return (now or timezone.now()).astimezone(organization.zone).date()


def links_to_confirm(systems: Iterable[System]) -> dict[int, int]:
    """How many proposed causes wait for a person, by system: one query."""
    waiting = Incident.objects.filter(system__in=list(systems), link=LinkState.PROPOSED)
    return dict(waiting.order_by().values_list("system_id").annotate(Count("pk")))


def days_being_counted(systems: Iterable[System]) -> int:
    """Days whose figures are about to change."""
    return (
        StaleDay.objects.filter(system__in=list(systems)).values("system", "day").distinct().count()
    )

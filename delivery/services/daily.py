"""Figures by day, counted anew for each day whose records changed."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.models import Organization
from delivery.domain.daily import (
    ChangeFact,
    CoverageFact,
    DayFigures,
    DeploymentFact,
    Facts,
    FixFact,
    count,
    to_plain,
)
from delivery.enums import DeploymentResult, LinkState
from delivery.models import (
    Change,
    Coverage,
    DailyFigures,
    Deployment,
    Incident,
    StaleDay,
    System,
    Vulnerability,
)

log = logging.getLogger(__name__)

DAYS_AT_ONCE = 120
# Days further apart than this are read by queries of their own.
NEIGHBOURS = timedelta(days=14)
DAY = timedelta(days=1)


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """The organization's day of a moment."""
    return at.astimezone(zone).date()


def bounds(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The moments at which the first day begins and the day after the last one.

    Midnight is a time on the wall: a day has 23 or 25 hours where the clocks change.
    """
    return (
        datetime.combine(first, time.min, tzinfo=zone),
        datetime.combine(last + DAY, time.min, tzinfo=zone),
    )


def mark(system: System, days: Iterable[date], *, hint: bool = False) -> None:
    """Have these days counted anew; call it in the transaction that changes their records.

    `hint`: tell the workers at once, for somebody waits; else the sweep of every few seconds does,
    so that a burst of messages makes one count and not hundreds.
    """
    stale = [StaleDay(system=system, day=day) for day in sorted(set(days))]
    StaleDay.objects.bulk_create(stale, batch_size=300)
    if stale and hint:
        transaction.on_commit(send_hint)


def send_hint() -> None:
    """No broker, no harm: the sweep comes round."""
    from delivery.tasks import count_days

    try:
        count_days.apply_async(retry=False)
    except Exception:
        log.warning("No worker could be told of stale days; the sweep will find them.")


def days_recount(limit: int = 1000) -> int:
    """Count up to about `limit` stale days; how many were counted. Twice changes nothing."""
    counted = 0
    while counted < limit:
        waiting = StaleDay.objects.order_by("pk").values_list("system_id", flat=True)[:1000]
        systems = list(dict.fromkeys(waiting))
        if not systems:
            break
        before = counted
        for system_id in systems:
            counted += _recount_system(system_id)
        if counted == before:
            break
    return counted


def system_recount(system: System) -> int:
    """Count all stale days of one system now."""
    counted = 0
    while done := _recount_system(system.pk):
        counted += done
    return counted


@transaction.atomic
def _recount_system(system_id: int) -> int:
    """Under the lock that `store` takes: what is counted is what was stored, and no older count
    can be written over a newer one.
    """
    locked = System.objects.select_for_update(of=("self",), no_key=True).select_related(
        "organization"
    )
    system = locked.filter(pk=system_id).first()
    if system is None:
        return 0
    marks = StaleDay.objects.filter(system=system)
    days = sorted(marks.order_by("day").values_list("day", flat=True).distinct()[:DAYS_AT_ONCE])
    if not days:
        return 0
    for run in _runs(days):
        _write(system, run, figures_of(system, run, system.organization.zone))
    marks.filter(day__gte=days[0], day__lte=days[-1], day__in=days).delete()
    return len(days)


def _runs(days: Sequence[date]) -> list[list[date]]:
    runs = [[days[0]]]
    for before, day in pairwise(days):
        if day - before > NEIGHBOURS:
            runs.append([])
        runs[-1].append(day)
    return runs


def _write(system: System, days: Sequence[date], figures: dict[date, DayFigures]) -> None:
    full = [day for day in days if day in figures]
    DailyFigures.objects.bulk_create(
        [DailyFigures(system=system, day=day, figures=to_plain(figures[day])) for day in full],
        update_conflicts=True,
        unique_fields=["system", "day"],
        update_fields=["figures"],
        batch_size=300,
    )
    if empty := [day for day in days if day not in figures]:
        DailyFigures.objects.filter(system=system, day__in=empty).delete()


def figures_of(system: System, days: Sequence[date], zone: ZoneInfo) -> dict[date, DayFigures]:
    """The figures of those of these days on which anything happened: seven queries."""
    wanted = set(days)
    since, until = bounds(min(days), max(days), zone)
    facts: dict[date, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))

    def put(at: datetime, name: str, fact: Any) -> None:
        if (day := day_of(at, zone)) in wanted:
            facts[day][name].append(fact)

    for name, at, fact in _facts(system, since, until):
        put(at, name, fact)
    return {
        day: figures
        for day, by_name in facts.items()
        if not (figures := count(_as_facts(by_name))).is_empty
    }


def _as_facts(by_name: dict[str, list[Any]]) -> Facts:
    return Facts(
        deployments=by_name["deployments"],
        changes=by_name["changes"],
        fixes=by_name["fixes"],
        coverage=by_name["coverage"],
        incidents=len(by_name["incidents"]),
    )


def _deployments(
    system: System, since: datetime, until: datetime
) -> Iterable[tuple[str, datetime, Any]]:
    within = {"deployment__deployed_at__gte": since, "deployment__deployed_at__lt": until}
    failures = defaultdict(list)
    confirmed = Incident.objects.filter(system=system, link=LinkState.CONFIRMED, **within)
    for pk, begin, end in confirmed.values_list("deployment_id", "opened_at", "resolved_at"):
        failures[pk].append((begin, end))
    tickets: dict[int, list[datetime]] = defaultdict(list)
    changes = Change.objects.filter(system=system, **within).order_by()
    for pk, opened in changes.values_list("deployment_id", "opened_at"):
        tickets[pk] += [opened] if opened else []
    rows = Deployment.objects.filter(
        system=system, is_production=True, deployed_at__gte=since, deployed_at__lt=until
    ).order_by()
    for pk, at, result, rework, committed, by_ticket in rows.values_list(
        "pk", "deployed_at", "result", "is_rework", "committed_at", "is_by_ticket"
    ):
        is_failed = result == DeploymentResult.FAILED
        if committed is None and system.is_vendor_managed and tickets.get(pk):
            # Nobody here sees the vendor's commits: from the opening of the first ticket.
            committed, by_ticket = min(tickets[pk]), True
        fact = DeploymentFact(
            at, is_failed, rework, committed, by_ticket, pk in tickets, tuple(failures[pk])
        )
        yield "deployments", at, fact


def _facts(system: System, since: datetime, until: datetime) -> Iterable[tuple[str, datetime, Any]]:
    within = {"system": system}
    yield from _deployments(system, since, until)
    opened = Incident.objects.filter(**within, opened_at__gte=since, opened_at__lt=until)
    for at in opened.order_by().values_list("opened_at", flat=True):
        yield "incidents", at, None
    changes = Change.objects.filter(**within, deployed_at__gte=since, deployed_at__lt=until)
    for at, kind, ticket, author, approver, tests, deployment in changes.order_by().values_list(
        "deployed_at", "kind", "ticket", "author", "approver", "test_evidence", "deployment_id"
    ):
        yield (
            "changes",
            at,
            ChangeFact(kind, bool(ticket), author, approver, bool(tests), deployment is not None),
        )
    fixed = Vulnerability.objects.filter(
        **within, fixed_at__gte=since, fixed_at__lt=until, dismissed_at=None
    )
    for severity, found, at in fixed.order_by().values_list("severity", "found_at", "fixed_at"):
        yield "fixes", at, FixFact(severity, found, at)
    readings = Coverage.objects.filter(**within, measured_at__gte=since, measured_at__lt=until)
    for pk, at, covered, total in readings.order_by().values_list(
        "pk", "measured_at", "lines_covered", "lines_total"
    ):
        yield "coverage", at, CoverageFact(at, pk, covered, total)


@transaction.atomic
def rebuild(system: System) -> None:
    """Forget all figures and have every day with records counted: after a change of zone."""
    System.objects.select_for_update(no_key=True).get(pk=system.pk)
    DailyFigures.objects.filter(system=system).delete()
    StaleDay.objects.filter(system=system).delete()
    zone = system.organization.zone
    moments = [
        system.deployments.filter(is_production=True).values_list("deployed_at", flat=True),
        system.incidents.values_list("opened_at", flat=True),
        system.changes.values_list("deployed_at", flat=True),
        system.vulnerabilities.exclude(fixed_at=None).values_list("fixed_at", flat=True),
        system.coverage.values_list("measured_at", flat=True),
    ]
    days = {day_of(at, zone) for rows in moments for at in rows.order_by().iterator()}
    mark(system, days, hint=True)


def organization_rebuild(organization: Organization) -> None:
    """The days of an organization are its zone's: all of them anew."""
    for system in organization.systems.select_related("organization"):
        rebuild(system)

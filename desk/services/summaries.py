"""Keeping the figures of the list of clients: found stale, counted anew, stored.

Nobody who works pays for it: what is stale is read off the history, the forecasts and the day.
Recounting twice, or by two workers at once, changes nothing.
"""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import UTC, datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import AuditEntry, AuditSeal, Engagement, Organization
from desk.domain.summary import Summary, summarize
from desk.models import ClientSummary
from desk.services.facts import facts_of
from roadmap.models import ProgressForecast

log = logging.getLogger(__name__)

AT_ONCE = 200
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def summaries_recount(limit: int = AT_ONCE) -> int:
    """Count anew what is behind; how many that were. The rest waits for the next time."""
    counted = 0
    for client in stale_clients()[:limit]:
        try:
            summary_recount(client)
        except Exception:
            # One client's data must not keep all the others from being counted.
            log.exception("The summary of organization %s was not counted", client.pk)
        else:
            counted += 1
    return counted


def stale_clients() -> QuerySet[Organization]:
    """Clients whose figures are missing or behind: something was sealed in their history since,
    a forecast was made, or their day has ended.
    """
    newer_entry = AuditSeal.objects.filter(
        organization=OuterRef("pk"), number__gt=OuterRef("desk_summary__seal_number")
    )
    newer_forecast = ProgressForecast.objects.filter(
        roadmap=OuterRef("desk_summary__roadmap"),
        made_at__gt=Coalesce(OuterRef("desk_summary__forecast_made_at"), Value(LONG_AGO)),
    )
    clients = Organization.objects.filter(
        Exists(Engagement.objects.filter(client=OuterRef("pk"), ended_at=None))
    )
    # A plan's own forecast is written beside its roadmap, and no history tells of it.
    planned_chances = Q(
        desk_summary__forecast_made_at=None,
        desk_summary__p50_on=None,
        desk_summary__roadmap__forecast__finish__p50__isnull=False,
    )
    behind = (
        Q(desk_summary=None)
        | Exists(newer_entry)
        | Exists(newer_forecast)
        | planned_chances
        | _day_has_ended(clients)
    )
    return clients.filter(behind).order_by(F("desk_summary__counted_at").asc(nulls_first=True))


def _day_has_ended(clients: QuerySet[Organization]) -> Q:
    zones = clients.order_by().values_list("time_zone", flat=True).distinct()
    ended = Q(pk__in=[])
    for zone in zones:
        today = timezone.localdate(timezone=Organization(time_zone=zone).zone)
        ended |= Q(time_zone=zone, desk_summary__as_of__lt=today)
    return ended


def summary_recount(client: Organization) -> ClientSummary:
    """Read and count one client.

    What makes it stale is read before the facts: what happens in between is counted once more.
    """
    seals = AuditSeal.objects.filter(organization=client).order_by("-number")
    seal = seals.values_list("number", flat=True).first() or 0
    newest = AuditEntry.objects.filter(organization=client).values_list("created_at", flat=True)
    facts, forecast_made_at = facts_of(client)
    today = timezone.localdate(timezone=client.zone)
    row, _made = ClientSummary.objects.update_or_create(
        organization=client,
        defaults={
            **columns(summarize(facts, today)),
            "as_of": today,
            "counted_at": timezone.now(),
            "seal_number": seal,
            "forecast_made_at": forecast_made_at,
            "last_activity": newest.first(),
        },
    )
    return row


def columns(summary: Summary) -> dict[str, object]:
    return {**asdict(summary), "exposures": dict(summary.exposures)}

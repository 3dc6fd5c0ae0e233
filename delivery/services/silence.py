"""Telling editors and owners when a tool that used to send sends nothing any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from accounts.enums import Role
from delivery.domain.silence import LEAST_DAYS, RHYTHM, Rhythm, is_silent, rhythm_of
from delivery.models import InboundEvent, Source
from delivery.notices import SILENT
from inbox.telling import notify
from jobs.turns import take_turn


def with_last_event(sources: QuerySet[Source]) -> QuerySet[Source]:
    """`last_at`: when the newest of its events arrived, of those that are remembered."""
    newest = InboundEvent.objects.filter(source=OuterRef("pk")).order_by("-received_at")
    return sources.annotate(last_at=Subquery(newest.values("received_at")[:1]))


def silent_sources(sources: QuerySet[Source]) -> QuerySet[Source]:
    """Those that are silent now: what arrives ends a silence by itself."""
    watched = with_last_event(sources).filter(ended_at=None, silent_since__isnull=False)
    return watched.filter(last_at=F("silent_since"))


def silences_tell(now: datetime | None = None) -> int:
    """How many sources were found silent. Each silence is told once, whoever asks how often."""
    now = now or timezone.now()
    quiet = with_last_event(Source.objects.filter(ended_at=None)).filter(
        Q(system=None) | Q(system__ended_at=None), last_at__lt=now - timedelta(days=LEAST_DAYS)
    )
    unknown = quiet.filter(Q(silent_since=None) | ~Q(silent_since=F("last_at")))
    return sum(_look(source, now) for source in unknown.select_related("organization"))


def _look(source: Source, now: datetime) -> bool:
    zone, last_at = source.organization.zone, vars(source)["last_at"]
    events = InboundEvent.objects.filter(
        source=source, received_at__gte=last_at - RHYTHM - timedelta(days=1)
    )
    arrived = events.order_by().annotate(day=TruncDate("received_at", tzinfo=zone))
    rhythm = rhythm_of(arrived.values_list("day", flat=True).distinct())
    last, today = last_at.astimezone(zone).date(), now.astimezone(zone).date()
    if rhythm is None or not is_silent(rhythm, last, today):
        return False
    with transaction.atomic():
        if not take_turn(_key(source, last_at), source.organization):
            return False
        # What arrives meanwhile is newer than this moment, and so ends the silence.
        Source.objects.filter(pk=source.pk).update(silent_since=last_at)
        _tell(source, last_at, rhythm)
    return True


def _key(source: Source, last_at: datetime) -> str:
    return f"{SILENT.id}:{source.pk}:{last_at.isoformat()}"


def _tell(source: Source, last_at: datetime, rhythm: Rhythm) -> None:
    organization = source.organization
    told = organization.memberships.filter(role__in=(Role.OWNER, Role.EDITOR))
    with override(organization.language):
        day = date_format(last_at.astimezone(organization.zone), "DATE_FORMAT")
        usual = ngettext(
            "Until then something came nearly every day.",
            "Until then there were seldom more than %(n)s days between two events.",
            rhythm.usual,
        ) % {"n": rhythm.usual}
        advice = _(
            "Look in the tool whether it still sends; the source's page says what was refused. "
            "Until it does, figures may be missing what happened. If it is no longer used, end it."
        )
        notify(
            organization=organization,
            people=[member.user for member in told.select_related("user")],
            kind=SILENT.id,
            title=_("Nothing has arrived from %(source)s since %(day)s")
            % {"source": source.name, "day": day},
            text=f"{usual} {advice}",
            path=reverse("delivery:source", args=[organization.slug, source.pk]),
            key=_key(source, last_at),
        )

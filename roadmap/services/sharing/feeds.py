"""The roadmap as a calendar others subscribe to: whole days, at a secret address of one person.

A day stays the day it is, wherever the calendar is read: events have dates and no times.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from accounts.audit import record
from accounts.models import Organization, User
from accounts.secret_addresses import new_nonce, token_of
from accounts.tenancy import access_to
from roadmap.enums import FeedScope, InitiativeStatus
from roadmap.models import CalendarFeed, PlannedInitiative, ProgressForecast, Roadmap

PURPOSE = "calendar"
REFRESH = timedelta(hours=6)
# What SEQUENCE counts from, in seconds: it grows with every change, also over a new plan.
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
ONE_DAY = timedelta(days=1)
SEEN_EVERY = timedelta(hours=1)


@transaction.atomic
def feed_make(*, organization: Organization, person: User, scope: str) -> CalendarFeed:
    """The person's address for this scope; the same one as long as it is not renewed."""
    feed, is_new = CalendarFeed.objects.get_or_create(
        organization=organization, person=person, scope=scope
    )
    if is_new:
        _record(feed, "feed.made")
    return feed


@transaction.atomic
def feed_renew(*, feed: CalendarFeed) -> CalendarFeed:
    """Another address; the old one shows nothing any more."""
    feed.nonce, feed.renewed_at, feed.last_read_at = new_nonce(), timezone.now(), None
    feed.save(update_fields=["nonce", "renewed_at", "last_read_at"])
    _record(feed, "feed.renewed")
    return feed


@transaction.atomic
def feed_end(*, feed: CalendarFeed) -> None:
    _record(feed, "feed.ended")
    feed.delete()


def feed_address(feed: CalendarFeed) -> str:
    path = reverse("shared:calendar", args=[token_of(PURPOSE, feed.nonce)])
    return f"{settings.WAYMARK_URL}{path}"


def feed_is_good(feed: CalendarFeed) -> bool:
    """Whoever is not let in any more, as a member or for a consultancy, sees its dates no more."""
    person = feed.person
    try:
        access = access_to(person, feed.organization.slug)
    except Http404:
        return False
    return person.is_active and access.sees_roadmap


def feed_seen(feed: CalendarFeed) -> None:
    now = timezone.now()
    if feed.last_read_at is None or feed.last_read_at < now - SEEN_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_read_at=now)


def feed_calendar(feed: CalendarFeed) -> bytes:
    """The calendar of the roadmap adopted last; an empty one where there is none. Four queries."""
    organization = feed.organization
    calendar = Calendar()
    name = (
        _("My work at %s") if feed.scope == FeedScope.MINE else _("Roadmap of %s")
    ) % organization.name
    calendar.add("prodid", "-//Waymark//Roadmap//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    roadmap = Roadmap.objects.filter(organization=organization).defer("plan", "forecast").first()
    if roadmap is not None:
        forecast = ProgressForecast.objects.filter(roadmap=roadmap).first()
        for entry in _entries(feed, roadmap, forecast):
            calendar.add_component(_event(organization, entry))
    return calendar.to_ical()


@dataclass(frozen=True)
class Entry:
    """One event: its last day is part of it."""

    id: str
    title: str
    first: date
    last: date
    path: str
    changed_at: datetime
    text: str = ""


def _event(organization: Organization, entry: Entry) -> Event:
    event = Event()
    host = urlsplit(settings.WAYMARK_URL).hostname or "localhost"
    event.add("uid", f"{organization.pk}-{entry.id}@{host}")
    changed_at = entry.changed_at.astimezone(UTC).replace(microsecond=0)
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("sequence", max(0, int((changed_at - EPOCH).total_seconds())))
    event.add("dtstart", entry.first)
    # A day that is no longer part of it, as the standard has it.
    event.add("dtend", max(entry.first, entry.last) + ONE_DAY)
    event.add("summary", entry.title)
    if entry.text:
        event.add("description", entry.text)
    event.add("url", f"{settings.WAYMARK_URL}{entry.path}")
    # A date to know of, not an appointment: nobody is busy for weeks.
    event.add("transp", "TRANSPARENT")
    return event


def _entries(
    feed: CalendarFeed, roadmap: Roadmap, forecast: ProgressForecast | None
) -> Iterator[Entry]:
    document = forecast.document if forecast else {}
    made_at = forecast.made_at if forecast else roadmap.created_at
    expected = document.get("initiatives", {})
    slug = feed.organization.slug
    for one in _initiatives(feed, roadmap):
        changed_at = max(made_at, one.updated_at or roadmap.created_at)
        path = reverse("roadmap:initiative", args=[slug, roadmap.pk, one.initiative_id])
        first, last = _span(one, expected.get(one.initiative_id, {}))
        title = f"{one.title} ({one.get_status_display()})"
        text = _text(one, last)
        if feed.scope == FeedScope.MINE and first < last:
            yield Entry(f"{one.initiative_id}-span", title, first, last, path, changed_at, text)
        due = (_("Finished: %s") if one.is_done else _("To be finished: %s")) % title
        yield Entry(f"{one.initiative_id}-finish", due, last, last, path, changed_at, text)
    yield from _gates(feed, roadmap, document, made_at)
    for freeze in roadmap.to_constraints().freezes:
        yield Entry(
            f"freeze-{freeze.start:%Y%m%d}-{freeze.finish:%Y%m%d}-{freeze.kind.value}",
            _("Freeze: %s") % (freeze.reason or _("no go-live")),
            freeze.start,
            freeze.finish,
            reverse("roadmap:detail", args=[slug, roadmap.pk]),
            roadmap.created_at,
        )


def _initiatives(feed: CalendarFeed, roadmap: Roadmap) -> QuerySet[PlannedInitiative]:
    rows = PlannedInitiative.objects.filter(roadmap=roadmap).exclude(
        status=InitiativeStatus.DROPPED
    )
    if feed.scope == FeedScope.MINE:
        rows = rows.filter(owner=feed.person_id)
    return rows.only(
        "initiative_id",
        "title",
        "status",
        "start_on",
        "finish_on",
        "baseline_finish_on",
        "started_on",
        "finished_on",
        "updated_at",
        "roadmap_id",
    )


def _span(one: PlannedInitiative, expected: dict[str, str]) -> tuple[date, date]:
    """What happened where it is known, else what the newest forecast expects, else the plan."""
    last = one.finish_on
    if one.is_done and one.finished_on:
        last = one.finished_on
    elif not one.is_done and "finish" in expected:
        last = date.fromisoformat(expected["finish"])
    first = one.started_on or (
        date.fromisoformat(expected["start"]) if "start" in expected else one.start_on
    )
    return min(first, last), last


def _text(one: PlannedInitiative, last: date) -> str:
    agreed = one.baseline_finish_on or one.finish_on
    if one.is_done or last == agreed:
        return ""
    return _("Agreed for %s. The expected date is an estimate.") % agreed.isoformat()


def _gates(
    feed: CalendarFeed,
    roadmap: Roadmap,
    document: dict[str, dict[str, dict[str, str]]],
    made_at: datetime,
) -> Iterator[Entry]:
    slug = feed.organization.slug
    for gate in roadmap.gates.only("gate_id", "title", "planned_on", "is_open", "opened_at"):
        day = gate.planned_on
        if gate.is_open and gate.opened_at:
            day = gate.opened_at.astimezone(feed.organization.zone).date()
        elif expected := document.get("gates", {}).get(gate.gate_id):
            day = date.fromisoformat(expected["on"])
        yield Entry(
            f"gate-{gate.gate_id}",
            _("Gate %(gate)s: %(title)s (%(state)s)")
            % {
                "gate": gate.gate_id,
                "title": gate.title,
                "state": _("open") if gate.is_open else _("closed"),
            },
            day,
            day,
            reverse("roadmap:gate", args=[slug, roadmap.pk, gate.gate_id]),
            max(made_at, gate.opened_at or made_at),
        )


def _record(feed: CalendarFeed, verb: str) -> None:
    record(
        organization=feed.organization,
        actor=feed.person,
        verb=verb,
        target=feed,
        detail={"scope": feed.scope},
        name=str(feed.get_scope_display()),
    )

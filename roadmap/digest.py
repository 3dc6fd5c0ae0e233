"""What a digest says of the roadmap under way: what is one's own, and what moved.

Titles and dates only: why something is blocked is people's own words, and those stay here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.tenancy import Access
from inbox.digests import Line, Section, register_section
from roadmap.enums import InitiativeStatus
from roadmap.models import (
    PlannedInitiative,
    ProgressForecast,
    Roadmap,
)
from roadmap.services.gates.reading import asked_of

SOON = timedelta(days=7)
OPEN = (InitiativeStatus.NOT_STARTED, InitiativeStatus.IN_PROGRESS)


def register() -> None:
    for maker in (due_soon, blocked, gates_waiting, slip):
        register_section(maker)


def due_soon(access: Access, since: datetime) -> Section | None:
    """One's own work that should be finished within a week, or should have been."""
    roadmap = _current(access)
    if roadmap is None:
        return None
    today = datetime.now(access.organization.zone).date()
    # As reminders do: what whoever does it expects comes before the plan.
    own = _open(roadmap).annotate(due=Coalesce("expected_on", "finish_on"))
    due = own.filter(owner=access.user, due__lte=today + SOON).order_by("due", "rank")
    lines = [_line(access, one, _when(one.due, today)) for one in due]
    return _section(_("Due soon"), lines, _page(access, roadmap))


def blocked(access: Access, since: datetime) -> Section | None:
    """One's own work that is blocked, and work that waits for oneself."""
    roadmap = _current(access)
    if roadmap is None:
        return None
    mine = Q(owner=access.user) | Q(waits_for=access.user)
    rows = _open(roadmap).filter(mine).exclude(blocked_because="")
    lines = [
        _line(
            access,
            one,
            _("waits for you") if one.waits_for_id == access.user.pk else _("yours, and blocked"),
        )
        for one in rows
    ]
    return _section(_("Blocked"), lines, _page(access, roadmap))


def gates_waiting(access: Access, since: datetime) -> Section | None:
    """Gates that ask for one's approval."""
    roadmap = _current(access)
    if roadmap is None:
        return None
    lines = [
        Line(
            f"{gate.gate_id} {gate.title}",
            reverse("roadmap:gate", args=[access.organization.slug, roadmap.pk, gate.gate_id]),
            _("planned for %s") % _day(gate.planned_on),
        )
        for gate in asked_of(roadmap, access.user)
    ]
    return _section(_("Gates that wait for your approval"), lines, _page(access, roadmap))


def slip(access: Access, since: datetime) -> Section | None:
    """What the forecast says now and did not say at the last digest: later, or earlier."""
    roadmap = _current(access)
    if roadmap is None:
        return None
    now = _newest(roadmap)
    # A day's forecast is made anew as people report: what was made later was not told yet.
    before = _forecasts(roadmap).filter(made_at__lte=since).first()
    if now is None or before is None or now.pk == before.pk:
        return None
    lines = [*_finish(access, roadmap, before, now), *_own(access, roadmap, before, now)]
    return _section(
        _("Moved since %s") % _day(before.as_of),
        lines,
        _page(access, roadmap),
        _("Expected dates, as forecast on %s. Estimates.") % _day(now.as_of),
    )


def _finish(
    access: Access, roadmap: Roadmap, before: ProgressForecast, now: ProgressForecast
) -> Iterable[Line]:
    if now.expected_on is None or before.expected_on in (None, now.expected_on):
        return
    yield Line(
        _("The finish of “%s”") % roadmap.name,
        _page(access, roadmap),
        _("now %(now)s, before %(before)s; 80 %% by %(late)s")
        % {
            "now": _day(now.expected_on),
            "before": _day(before.expected_on),
            "late": _day(now.p80_on or now.expected_on),
        },
    )


def _own(
    access: Access, roadmap: Roadmap, before: ProgressForecast, now: ProgressForecast
) -> Iterable[Line]:
    was, is_now = _slips(before), _slips(now)
    for one in _open(roadmap).filter(owner=access.user):
        days = is_now.get(one.initiative_id, 0)
        if days != was.get(one.initiative_id, days):
            yield _line(access, one, _against_baseline(days))


def _against_baseline(days: int) -> str:
    if days > 0:
        return ngettext(
            "%d working day later than agreed", "%d working days later than agreed", days
        ) % (days)
    if days < 0:
        return ngettext(
            "%d working day earlier than agreed", "%d working days earlier than agreed", -days
        ) % (-days)
    return _("as agreed")


def _current(access: Access) -> Roadmap | None:
    """The one adopted last; the others are history."""
    return access.scope(Roadmap).only("name", "organization_id").first()


def _open(roadmap: Roadmap) -> QuerySet[PlannedInitiative]:
    rows = PlannedInitiative.objects.filter(roadmap=roadmap, status__in=OPEN)
    return rows.only(
        "initiative_id", "title", "rank", "finish_on", "waits_for_id", "owner_id", "roadmap_id"
    )


def _forecasts(roadmap: Roadmap) -> QuerySet[ProgressForecast]:
    return ProgressForecast.objects.filter(roadmap=roadmap)


def _newest(roadmap: Roadmap) -> ProgressForecast | None:
    return _forecasts(roadmap).first()


def _rows(forecast: ProgressForecast | None) -> dict[str, dict[str, Any]]:
    return forecast.document.get("initiatives", {}) if forecast else {}


def _slips(forecast: ProgressForecast) -> dict[str, int]:
    return {id: row["slip"] for id, row in _rows(forecast).items()}


def _line(access: Access, initiative: PlannedInitiative, detail: str) -> Line:
    args = [access.organization.slug, initiative.roadmap_id, initiative.initiative_id]
    return Line(initiative.title, reverse("roadmap:initiative", args=args), detail)


def _section(title: str, lines: Iterable[Line], path: str, note: str = "") -> Section | None:
    found = tuple(lines)
    return Section(title, found, path, note) if found else None


def _page(access: Access, roadmap: Roadmap) -> str:
    return reverse("roadmap:detail", args=[access.organization.slug, roadmap.pk])


def _when(day: date, today: date) -> str:
    if day < today:
        return _("was due on %s") % _day(day)
    return _("due today") if day == today else _("due on %s") % _day(day)


def _day(day: date) -> str:
    return date_format(day, "j F Y")

"""A client lets its consultancy in, changes what it may do, and ends it: each change recorded in
the histories of both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.enums import Area, Role
from accounts.models import Engagement, EngagementRequest, Organization, User
from accounts.models.engagement import ENGAGED_ROLES
from accounts.services import new_organization

LONGEST = timedelta(days=3 * 366)
# How long a consultancy keeps a client that it started itself.
FOUNDING = timedelta(days=366)


Listener = Callable[[Engagement, User, str], None]
_listeners: list[Listener] = []


def register_listener(listener: Listener) -> None:
    """Have an app above this one told of every grant, change and end, by its verb, within the
    transaction. Call it from `AppConfig.ready()`.
    """
    _listeners.append(listener)


class EngagementInvalid(ValueError):
    """Terms that cannot be taken. `messages`: field name → what to do."""

    def __init__(self, messages: dict[str, str]) -> None:
        self.messages = messages
        super().__init__("; ".join(messages.values()))


class RequestClosed(Exception):
    """The request was answered, withdrawn or has run out."""


class AlreadyEngaged(Exception):
    """The client has an open engagement with this consultancy: change that one."""


class AdvisesItself(Exception):
    """A consultancy cannot be its own client."""


@transaction.atomic
def engagement_ask(
    *,
    consultancy: Organization,
    user: User,
    name: str,
    role: str,
    areas: Iterable[str],
    until: date,
) -> EngagementRequest:
    """Ask for access to a client; the address made of the request goes to its owner.

    Raises `EngagementInvalid`.
    """
    terms = _terms(role, areas, until, timezone.localdate(timezone=consultancy.zone))
    asked = EngagementRequest.objects.create(
        consultancy=consultancy, asked_by=user, name=name, **terms
    )
    _record(consultancy, user, "engagement.asked", asked, terms, name)
    return asked


@transaction.atomic
def engagement_withdraw(*, asked: EngagementRequest, user: User) -> None:
    """Take a request back; its address no longer works. Doing it twice changes nothing."""
    waiting = EngagementRequest.objects.filter(pk=asked.pk, answered_at=None, withdrawn_at=None)
    if waiting.update(withdrawn_at=timezone.now()):
        _record(asked.consultancy, user, "engagement.withdrawn", asked, {}, asked.name)


@transaction.atomic
def engagement_grant(
    *,
    asked: EngagementRequest,
    client: Organization,
    user: User,
    role: str,
    areas: Iterable[str],
    until: date,
    is_told: bool = True,
) -> Engagement:
    """Let the consultancy in on these terms, which need not be those it asked for.

    The caller has made sure that the person owns the client. `is_told`: whether people hear of it
    in their inbox and by mail (not of a demo's). Raises `RequestClosed`,
    `AlreadyEngaged`, `AdvisesItself` and `EngagementInvalid`.
    """
    locked = EngagementRequest.objects.select_for_update().get(pk=asked.pk)
    if not locked.is_open:
        raise RequestClosed
    if client.pk == asked.consultancy_id:
        raise AdvisesItself
    terms = _terms(role, areas, until, timezone.localdate(timezone=client.zone))
    if _still_engaged(asked.consultancy, client):
        raise AlreadyEngaged
    made = Engagement.objects.create(
        consultancy=asked.consultancy, client=client, granted_by=user, **terms
    )
    locked.engagement = made
    locked.answered_at = timezone.now()
    locked.save(update_fields=["engagement", "answered_at"])
    _record_both(made, user, "engagement.granted", terms, is_told=is_told)
    return made


@transaction.atomic
def engagement_change(
    *, engagement: Engagement, user: User, role: str, areas: Iterable[str], until: date
) -> None:
    """New terms, from now on. Raises `EngagementInvalid`."""
    client = engagement.client
    terms = _terms(role, areas, until, timezone.localdate(timezone=client.zone))
    if Engagement.objects.filter(pk=engagement.pk, ended_at=None).update(**terms):
        for name, value in terms.items():
            setattr(engagement, name, value)
        _record_both(engagement, user, "engagement.changed", terms)


@transaction.atomic
def engagement_end(*, engagement: Engagement, user: User) -> None:
    """From now on nobody of the consultancy gets in. Doing it twice changes nothing.

    `user` belongs to the client or to the consultancy, which may step back.
    """
    rows = Engagement.objects.filter(pk=engagement.pk, ended_at=None)
    if rows.update(ended_at=timezone.now(), ended_by=user):
        _record_both(engagement, user, "engagement.ended", {})


@transaction.atomic
def client_start(
    *,
    consultancy: Organization,
    user: User,
    name: str,
    kind: str,
    time_zone: str,
    language: str = "en",
) -> Engagement:
    """A new organization that the consultancy keeps until an owner of its own comes."""
    client = new_organization(name=name, kind=kind, time_zone=time_zone, language=language)
    terms: dict[str, Any] = {
        "role": Role.EDITOR.value,
        "areas": [area.value for area in Area],
        "until": timezone.localdate(timezone=client.zone) + FOUNDING,
    }
    made = Engagement.objects.create(
        consultancy=consultancy, client=client, granted_by=user, is_founding=True, **terms
    )
    record(organization=client, actor=user, verb="organization.created", target=client)
    _record_both(made, user, "engagement.granted", terms)
    return made


def _terms(role: str, areas: Iterable[str], until: date, today: date) -> dict[str, Any]:
    wrong = {}
    wanted = set(areas)
    if role not in [one.value for one in ENGAGED_ROLES]:
        wrong["role"] = _("Choose what the consultancy may do: viewer, contributor or editor.")
    if not wanted & set(Area.values):
        wrong["areas"] = _("Choose at least one part that the consultancy may see.")
    if not today <= until <= today + LONGEST:
        wrong["until"] = _("Choose a last day from today on, within three years.")
    if wrong:
        raise EngagementInvalid(wrong)
    chosen = [area.value for area in Area if area.value in wanted]
    return {"role": role, "areas": chosen, "until": until}


def _still_engaged(consultancy: Organization, client: Organization) -> bool:
    """Whether one is open; one that has run out makes room for a new one."""
    today = timezone.localdate(timezone=client.zone)
    rows = Engagement.objects.filter(consultancy=consultancy, client=client, ended_at=None)
    rows.filter(until__lt=today).update(ended_at=timezone.now())
    return rows.exists()


def _record_both(
    engagement: Engagement, user: User, verb: str, terms: dict[str, Any], *, is_told: bool = True
) -> None:
    client, consultancy = engagement.client, engagement.consultancy
    _record(client, user, verb, engagement, terms, consultancy.name)
    _record(consultancy, user, verb, engagement, terms, client.name)
    for listener in _listeners if is_told else ():
        listener(engagement, user, verb)


def _record(
    organization: Organization,
    user: User,
    verb: str,
    target: Engagement | EngagementRequest,
    terms: dict[str, Any],
    name: str,
) -> None:
    detail = {key: str(value) if key == "until" else value for key, value in terms.items()}
    record(
        organization=organization, actor=user, verb=verb, target=target, detail=detail, name=name
    )

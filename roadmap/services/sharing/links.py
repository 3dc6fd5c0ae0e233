"""Status reports for people without an account: links that end, and mails in a rhythm."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.enums import Area
from accounts.models import AuditEntry, Engagement, User
from accounts.secret_addresses import token_of
from jobs.services import job_request
from jobs.turns import take_turn
from roadmap.enums import Rhythm
from roadmap.models import Roadmap, StatusLink, StatusMail

LINK, MAIL = "status-link", "status-mail"
MAIL_JOB = "roadmap.status_mail"
LONGEST = timedelta(days=366)
MOST_MAILS = 50


class SharingInvalid(ValueError):
    """Input that cannot be taken. `messages`: field name → what to do."""

    def __init__(self, messages: dict[str, str]) -> None:
        self.messages = messages
        super().__init__("; ".join(messages.values()))


@transaction.atomic
def link_create(
    *,
    roadmap: Roadmap,
    user: User,
    name: str,
    expires_on: date,
    today: date,
    password: str = "",
    engagement: Engagement | None = None,
) -> StatusLink:
    """Make an address at which the status may be read until the end of `expires_on`."""
    if not today <= expires_on <= today + LONGEST:
        raise SharingInvalid(
            {
                "expires_on": _(
                    "Choose a day from today on, within a year; a new link is quickly made."
                )
            }
        )
    link = StatusLink.objects.create(
        roadmap=roadmap,
        name=name,
        expires_on=expires_on,
        password=make_password(password) if password else "",
        created_by=user,
        engagement=engagement,
    )
    detail = {"expires_on": expires_on.isoformat(), "password": bool(password)}
    _record(roadmap, user, "status.shared", link, detail)
    return link


@transaction.atomic
def link_revoke(*, link: StatusLink, user: User) -> None:
    """End it at once. Doing it twice changes nothing."""
    if StatusLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now()):
        _record(link.roadmap, user, "status.link_ended", link, {})


def shared_ends_with(engagement: Engagement, user: User, verb: str) -> None:
    """What a consultancy's people gave out ends with their engagement, or when it is narrowed to
    what they could not give out now; in its transaction.
    """
    if verb != "engagement.ended" and engagement.lets_give_out(Area.ROADMAP):
        return
    links = StatusLink.objects.filter(engagement=engagement, revoked_at=None)
    for link in links.select_related("roadmap"):
        link_revoke(link=link, user=user)
    mails = StatusMail.objects.filter(engagement=engagement, stopped_at=None)
    for mail in mails.select_related("roadmap"):
        # By a person: whoever reads it has not asked for its end.
        mail_stop(mail=mail, user=user)


def roadmap_shown(roadmap: Roadmap) -> Roadmap:
    """The roadmap people work by now: what was shared lives on when the rest is planned anew."""
    rows = Roadmap.objects.filter(organization=roadmap.organization_id)
    newest = rows.select_related("organization").defer("forecast", "constraints").first()
    return newest or roadmap


def link_token(link: StatusLink) -> str:
    return token_of(LINK, link.nonce)


@transaction.atomic
def mail_create(
    *,
    roadmap: Roadmap,
    user: User,
    address: str,
    rhythm: str,
    weekday: int,
    hour: int,
    engagement: Engagement | None = None,
) -> StatusMail:
    """Send the status to an address in a rhythm. The same address again changes its rhythm."""
    Roadmap.objects.select_for_update(of=("self",)).only("pk").get(pk=roadmap.pk)
    address = address.strip().lower()
    active = StatusMail.objects.filter(
        roadmap__organization=roadmap.organization_id, stopped_at=None
    )
    found = active.filter(address=address).first()
    if found is None and _was_stopped_by_reader(roadmap, address):
        raise SharingInvalid({"address": _("Whoever reads this address asked for no more mails.")})
    if found is None and active.count() >= MOST_MAILS:
        raise SharingInvalid(
            {"address": _("%s addresses get it already. Stop one of them first.") % MOST_MAILS}
        )
    if found is None:
        found = StatusMail(roadmap=roadmap, address=address, created_by=user, engagement=engagement)
    found.rhythm, found.weekday, found.hour = rhythm, weekday, hour
    found.save()
    _record(roadmap, user, "status.mail_planned", found, {"rhythm": rhythm})
    return found


@transaction.atomic
def mail_stop(*, mail: StatusMail, user: User | None) -> bool:
    """End the mails to an address; `user` None: its reader asked by the link in the mail."""
    stopped = StatusMail.objects.filter(pk=mail.pk, stopped_at=None).update(
        stopped_at=timezone.now()
    )
    if stopped:
        _record(mail.roadmap, user, "status.mail_stopped", mail, {"by_reader": user is None})
    return bool(stopped)


def _was_stopped_by_reader(roadmap: Roadmap, address: str) -> bool:
    return AuditEntry.objects.filter(
        organization=roadmap.organization_id,
        verb="status.mail_stopped",
        target_name=address[:200],
        detail__by_reader=True,
    ).exists()


def mails_due(now: datetime) -> int:
    """Ask for the mails whose hour has come; how many. Asking twice sends nothing twice."""
    asked = 0
    rows = StatusMail.objects.filter(stopped_at=None)
    rows = rows.select_related("roadmap__organization", "engagement")
    for mail in rows.defer("roadmap__plan", "roadmap__forecast", "roadmap__constraints"):
        organization = mail.roadmap.organization
        local = now.astimezone(organization.zone)
        if mail.engagement and not mail.engagement.is_open(local.date()):
            continue
        if not is_due(mail, local):
            continue
        with transaction.atomic():
            if take_turn(f"status-mail:{mail.pk}:{local.date()}", organization):
                job_request(
                    organization=organization,
                    user=None,
                    kind=MAIL_JOB,
                    payload={"mail": mail.pk, "on": local.date().isoformat()},
                )
                asked += 1
    return asked


def is_due(mail: StatusMail, local: datetime) -> bool:
    """Whether it is the mail's day, from its hour on; a missed day is not made up for."""
    if local.weekday() != mail.weekday or local.hour < mail.hour:
        return False
    if mail.last_sent_on == local.date():
        return False
    # Of a month, on the first such day.
    return mail.rhythm == Rhythm.WEEKLY or local.day <= 7


def _record(roadmap: Roadmap, user: User | None, verb: str, target: Any, detail: Any) -> None:
    record(
        organization=roadmap.organization,
        actor=user,
        verb=verb,
        target=target,
        detail={"roadmap": roadmap.pk, **detail},
    )

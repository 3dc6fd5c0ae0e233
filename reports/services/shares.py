"""Addresses at which a report, or the plan as it stands, can be read without an account."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.enums import Area
from accounts.models import Engagement, User
from accounts.secret_addresses import token_of
from reports.models import Report, ShareLink
from roadmap.models import Roadmap

LINK = "share-link"
LONGEST = timedelta(days=366)
MOST_OPEN = 100


class ShareInvalid(ValueError):
    """Input that cannot be taken. `messages`: field name → what to do."""

    def __init__(self, messages: dict[str, str]) -> None:
        self.messages = messages
        super().__init__("; ".join(messages.values()))


@transaction.atomic
def share_create(
    *,
    roadmap: Roadmap,
    report: Report | None,
    user: User,
    name: str,
    expires_on: date,
    today: date,
    password: str = "",
    engagement: Engagement | None = None,
) -> ShareLink:
    """Make an address to a made report, or (`report` None) to the plan as it stands each day.

    Raises `ShareInvalid`. A report belongs to the roadmap: the caller has seen to that.
    """
    if not today <= expires_on <= today + LONGEST:
        raise ShareInvalid(
            {
                "expires_on": _(
                    "Choose a day from today on, within a year; a new link is quickly made."
                )
            }
        )
    _make_room(roadmap, today)
    link = ShareLink.objects.create(
        organization=roadmap.organization,
        roadmap=roadmap,
        report=report,
        name=name,
        expires_on=expires_on,
        password=make_password(password) if password else "",
        created_by=user,
        engagement=engagement,
    )
    detail = {
        "expires_on": expires_on.isoformat(),
        "password": bool(password),
        "report": report.pk if report else None,
    }
    _record(link, user, "share.report" if report else "share.plan", detail)
    return link


@transaction.atomic
def share_revoke(*, link: ShareLink, user: User) -> None:
    """End it at once. Doing it twice changes nothing."""
    if ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now()):
        _record(link, user, "share.ended", {})


def shares_end_with(engagement: Engagement, user: User, verb: str) -> None:
    """What a consultancy's people gave out ends with their engagement, or when it is narrowed to
    what they could not give out now; in its transaction.
    """
    if verb != "engagement.ended" and engagement.lets_give_out(Area.REPORTS, Area.ROADMAP):
        return
    rows = ShareLink.objects.filter(engagement=engagement, revoked_at=None)
    for link in rows.select_related("organization"):
        share_revoke(link=link, user=user)


def share_token(link: ShareLink) -> str:
    return token_of(LINK, link.nonce)


def _make_room(roadmap: Roadmap, today: date) -> None:
    # Locked, so that two at the same time do not both find the last place.
    Roadmap.objects.select_for_update(of=("self",)).only("pk").get(pk=roadmap.pk)
    rows = ShareLink.objects.filter(organization=roadmap.organization_id, revoked_at=None)
    if rows.filter(expires_on__gte=today).count() >= MOST_OPEN:
        raise ShareInvalid(
            {"name": _("%s addresses are open already. End one of them first.") % MOST_OPEN}
        )


def _record(link: ShareLink, user: User, verb: str, detail: dict[str, Any]) -> None:
    record(
        organization=link.organization,
        actor=user,
        verb=verb,
        target=link,
        detail={"roadmap": link.roadmap_id, **detail},
    )

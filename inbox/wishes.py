"""How a person wants to hear from an organization: what they chose, or the defaults."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import Organization, User
from inbox.enums import Digest
from inbox.kinds import find_kind
from inbox.models import NoticeSettings
from inbox.quiet import Quiet, may_go_at

DIGEST = "digest"


def defaults(organization: Organization, person: User) -> NoticeSettings:
    """Of somebody who chose nothing yet; not saved."""
    begins, ends = default_hours()
    return NoticeSettings(
        organization=organization,
        person=person,
        quiet_from=begins,
        quiet_until=ends,
        quiet_weekends=begins is not None,
    )


def default_hours() -> tuple[time | None, time | None]:
    begins, _dash, ends = settings.WAYMARK_QUIET_HOURS.partition("-")
    if not ends:
        return None, None
    return time.fromisoformat(begins.strip()), time.fromisoformat(ends.strip())


def wishes_of(organization: Organization, people: Iterable[User]) -> dict[int, NoticeSettings]:
    """By person: one query."""
    wanted = {person.pk: person for person in people}
    rows = NoticeSettings.objects.filter(organization=organization, person__in=wanted)
    stored = {row.person_id: row for row in rows}
    for pk, row in stored.items():
        row.person = wanted[pk]
    return {pk: stored.get(pk) or defaults(organization, person) for pk, person in wanted.items()}


def stored_wishes(organization: Organization, person: User) -> NoticeSettings:
    """With a row, for what needs its secret: the addresses in a mail."""
    kept = defaults(organization, person)
    names = ("quiet_from", "quiet_until", "quiet_weekends")
    return NoticeSettings.objects.get_or_create(
        organization=organization,
        person=person,
        defaults={name: getattr(kept, name) for name in names},
    )[0]


def is_mailed(wishes: NoticeSettings, kind: str) -> bool:
    """Whether notices of this kind are mailed at once."""
    if wishes.stopped_at:
        return False
    known = find_kind(kind)
    return bool(wishes.mails.get(kind, known is not None and known.mailed))


def has_digest(wishes: NoticeSettings) -> bool:
    return wishes.stopped_at is None and wishes.digest != Digest.OFF


def not_before(
    wishes: NoticeSettings, organization: Organization, now: datetime
) -> datetime | None:
    """When a mail may go; None: at once."""
    quiet = Quiet(wishes.quiet_from, wishes.quiet_until, wishes.quiet_weekends)
    then = may_go_at(now, quiet, organization.zone)
    return then if then > now else None


@transaction.atomic
def mails_stop(*, wishes: NoticeSettings, kind: str = "") -> None:
    """Stop the mails of one kind (`digest` is one of them), or all of them."""
    _change(wishes, kind, is_wanted=False)


@transaction.atomic
def mails_resume(*, wishes: NoticeSettings, kind: str = "") -> None:
    """Take that back. The digest is weekly again."""
    _change(wishes, kind, is_wanted=True)


def _change(wishes: NoticeSettings, kind: str, *, is_wanted: bool) -> None:
    row = NoticeSettings.objects.select_for_update().get(pk=wishes.pk)
    if not kind:
        row.stopped_at = None if is_wanted else row.stopped_at or timezone.now()
    elif kind == DIGEST:
        row.digest = Digest.WEEKLY if is_wanted else Digest.OFF
    else:
        row.mails = {**row.mails, kind: is_wanted}
    row.save(update_fields=["stopped_at", "digest", "mails", "changed_at"])

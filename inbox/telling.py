"""Telling people something: a line in their inbox, and a mail where they want one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Organization, User
from inbox.models import Notice
from inbox.wishes import is_mailed, not_before, wishes_of
from jobs.mailing import mails_request

MAIL = "notice"


@transaction.atomic
def notify(
    *,
    organization: Organization,
    people: Iterable[User],
    kind: str,
    title: str,
    path: str,
    text: str = "",
    actor: User | None = None,
    key: str = "",
    template: str = "",
    context: dict[str, Any] | None = None,
    asked_for_now: bool = False,
) -> list[Notice]:
    """Tell members something; returns the notices that are new.

    Call it in the transaction of what it tells. Whoever did it, and whoever is no member, is not
    told. The same `key` is told once to each person. `template`: the mail's, with its `context`;
    without one it is the general mail. Whether it is mailed at once is up to the kind and the
    person, and it waits for the end of their quiet hours, unless somebody just pressed a button
    for this very mail (`asked_for_now`). The queries stay the same for any number of people.
    """
    told = _members(organization, people, actor)
    notices = [
        Notice(
            organization=organization,
            person=person,
            kind=kind,
            title=title[:300],
            text=text,
            path=path[:500],
            actor=actor,
            actor_name=str(actor)[:254] if actor else "",
            key=key[:160],
        )
        for person in told
    ]
    new = _stored(organization, notices, key[:160])
    _ask_for_mails(organization, new, template, context or {}, asked_for_now)
    return new


def notices_withdraw(*, organization: Organization, key: str) -> int:
    """Take back what was told under the key and nobody has read; mails that wait are not sent."""
    return Notice.objects.filter(organization=organization, key=key[:160], read_at=None).delete()[0]


def notices_settle(*, organization: Organization, key: str) -> int:
    """Mark as read what was told under keys that begin so: it asks nothing of anybody any more."""
    rows = Notice.objects.filter(organization=organization, key__startswith=key, read_at=None)
    return rows.update(read_at=timezone.now())


def _members(organization: Organization, people: Iterable[User], actor: User | None) -> list[User]:
    asked = {person.pk: person for person in people if person != actor}
    members = Membership.objects.filter(organization=organization, user__in=asked)
    told = set(members.values_list("user", flat=True))
    return [person for pk, person in asked.items() if pk in told]


def _stored(organization: Organization, notices: list[Notice], key: str) -> list[Notice]:
    """The rows that were not there before, whoever else tells the same at this moment."""
    if not key or not notices:
        return Notice.objects.bulk_create(notices)
    rows = Notice.objects.filter(
        organization=organization, key=key, person__in=[row.person_id for row in notices]
    )
    known = set(rows.values_list("person", flat=True))
    asked = [row for row in notices if row.person_id not in known]
    if not asked:
        return []
    Notice.objects.bulk_create(asked, ignore_conflicts=True)
    # Conflicts are passed over in silence: whose moment stands in the row has stored it.
    made_at = {row.person_id: row.created_at for row in asked}
    people = {row.person_id: row.person for row in asked}
    new = [row for row in rows.all() if made_at.get(row.person_id) == row.created_at]
    for row in new:
        row.organization, row.person = organization, people[row.person_id]
    return new


def _ask_for_mails(
    organization: Organization,
    notices: list[Notice],
    template: str,
    context: dict[str, Any],
    asked_for_now: bool,
) -> None:
    if not notices:
        return
    now = timezone.now()
    wishes = wishes_of(organization, [notice.person for notice in notices])
    mailed = [one for one in notices if is_mailed(wishes[one.person_id], one.kind)]
    jobs = mails_request(
        organization=organization,
        user=notices[0].actor,
        template=template or MAIL,
        asked=[
            (
                notice.person,
                {**context, "notice": notice.pk},
                None if asked_for_now else not_before(wishes[notice.person_id], organization, now),
            )
            for notice in mailed
        ],
    )
    for notice, job in zip(mailed, jobs, strict=True):
        notice.mail = job
    if mailed:
        Notice.objects.bulk_update(mailed, ["mail"])

"""Telling people something: a line in their inbox, and a mail where they want one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from accounts.models import Membership, Organization, User
from inbox.kinds import find_kind
from inbox.models import Notice, NoticeSettings
from jobs.mailing import mail_request


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
) -> list[Notice]:
    """Tell members something; returns the notices that are new.

    Call it in the transaction of what it tells. Whoever did it, and whoever is no member, is not
    told. The same `key` is told once to each person. `template`: the mail's, with its `context`;
    without one it is the general mail. Whether it is mailed at once is up to the kind and the
    person. Queries stay the same for any number of people, but for one mail each.
    """
    told = _to_tell(organization, people, actor, key)
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
    Notice.objects.bulk_create(notices)
    _ask_for_mails(organization, notices, actor, template, context)
    return notices


def _to_tell(
    organization: Organization, people: Iterable[User], actor: User | None, key: str
) -> list[User]:
    asked = {person.pk: person for person in people if person != actor}
    members = Membership.objects.filter(organization=organization, user__in=asked)
    told = set(members.values_list("user", flat=True))
    if key:
        known = Notice.objects.filter(organization=organization, person__in=told, key=key[:160])
        told -= set(known.values_list("person", flat=True))
    return [person for pk, person in asked.items() if pk in told]


def _ask_for_mails(
    organization: Organization,
    notices: list[Notice],
    actor: User | None,
    template: str,
    context: dict[str, Any] | None,
) -> None:
    if not notices:
        return
    known = find_kind(notices[0].kind)
    is_mailed = known is not None and known.mailed
    rows = NoticeSettings.objects.filter(
        organization=organization, person__in=[notice.person_id for notice in notices]
    )
    wishes = {row.person_id: row for row in rows}
    for notice in notices:
        wish = wishes.get(notice.person_id)
        wanted = is_mailed if wish is None else wish.mails.get(notice.kind, is_mailed)
        if not wanted or (wish is not None and wish.stopped_at):
            continue
        notice.mail = mail_request(
            organization=organization,
            user=actor,
            to=notice.person,
            template=template or "notice",
            context={**(context or {}), "notice": notice.pk},
        )
        notice.save(update_fields=["mail"])

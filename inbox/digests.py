"""One mail with what is new, at a person's own hour; none when nothing is.

The clock asks often (inbox/tasks.py). A digest is asked for in the transaction that takes its
turn, so two clocks ask once; from there on the job sees to it that it is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from accounts.enums import Role
from accounts.models import Membership, Organization
from accounts.tenancy import Access
from inbox.enums import Digest
from inbox.mailing import site
from inbox.models import Notice, NoticeSettings
from inbox.quiet import digest_day, digest_since
from inbox.wishes import DIGEST, has_digest, wishes_of
from jobs.mailing import Context, MailKind, mail_request, register_mail
from jobs.models import Job, Turn
from jobs.turns import take_turn

# A mail of a hundred lines is read by nobody: the rest is counted, and a link leads there.
SHOWN = 15


@dataclass(frozen=True)
class Line:
    """One thing of a section. Titles may be mailed; what people wrote to each other may not."""

    text: str
    path: str
    detail: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the digest; `path` leads to where all of it stands."""

    title: str | Promise
    lines: tuple[Line, ...]
    path: str = ""
    note: str | Promise = ""

    @property
    def shown(self) -> tuple[Line, ...]:
        return self.lines[:SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.lines) - SHOWN)


# What a person should hear of besides notices, since their last digest; None: nothing.
SectionMaker = Callable[[Access, datetime], Section | None]

_makers: list[SectionMaker] = []


def register_section(maker: SectionMaker) -> None:
    """Let an app above tell something in each digest. Call it from `AppConfig.ready`."""
    if maker not in _makers:
        _makers.append(maker)


def register() -> None:
    register_mail(DIGEST, MailKind(compose=digest_mail, sent=digest_sent))


def digests_ask() -> int:
    """Ask for every digest that is due; returns how many. Twice changes nothing."""
    now = timezone.now()
    return sum(_ask(organization, now) for organization in Organization.objects.order_by("pk"))


def _ask(organization: Organization, now: datetime) -> int:
    """Three queries where nothing is due any more."""
    memberships = Membership.objects.filter(organization=organization).select_related("user")
    people = [membership.user for membership in memberships]
    due: dict[str, tuple[NoticeSettings, date]] = {}
    for pk, wishes in wishes_of(organization, people).items():
        day = _day(organization, wishes, now)
        if day is not None:
            due[f"digest:{organization.pk}:{pk}:{day.isoformat()}"] = (wishes, day)
    taken = set(Turn.objects.filter(key__in=due).values_list("key", flat=True)) if due else set()
    return sum(
        _request(organization, wishes, day, key)
        for key, (wishes, day) in due.items()
        if key not in taken
    )


def _day(organization: Organization, wishes: NoticeSettings, now: datetime) -> date | None:
    if not has_digest(wishes):
        return None
    return digest_day(now, organization.zone, wishes.digest_at, _weekday(wishes))


def _weekday(wishes: NoticeSettings) -> int | None:
    return wishes.digest_weekday if wishes.digest == Digest.WEEKLY else None


def _request(organization: Organization, wishes: NoticeSettings, day: date, key: str) -> bool:
    with transaction.atomic():
        if not take_turn(key, organization):
            return False
        now = timezone.now()
        since = digest_since(day, organization.zone, wishes.digest_at, _weekday(wishes))
        mail_request(
            organization=organization,
            user=None,
            to=wishes.person,
            template=DIGEST,
            context={DIGEST: wishes.digest, "since": since.isoformat(), "until": now.isoformat()},
        )
    return True


def digest_mail(job: Job) -> Context | None:
    """What is new by now; None when nothing is: then no mail is sent."""
    membership = (
        Membership.objects.select_related("user", "organization")
        .filter(organization=job.organization, user=job.payload["to"])
        .first()
    )
    if membership is None:
        return None
    access = Access(membership.organization, membership.user, Role(membership.role))
    asked = job.payload["context"]
    since = datetime.fromisoformat(asked["since"])
    notices = list(_untold(job))
    made = [maker(access, since) for maker in _makers]
    sections = [section for section in made if section is not None and section.lines]
    if not notices and not sections:
        return None
    inbox = reverse("inbox:list", args=[access.organization.slug])
    return {
        "is_daily": asked[DIGEST] == Digest.DAILY,
        "day": timezone.localdate(timezone=access.organization.zone),
        "notices": [_line(access, notice) for notice in notices[:SHOWN]],
        "notices_count": len(notices),
        "notices_more": max(0, len(notices) - SHOWN),
        "sections": [_with_addresses(section) for section in sections],
        "url": site(inbox),
    }


def _untold(job: Job) -> QuerySet[Notice]:
    """Unread, not mailed on their own and in no digest before."""
    return Notice.objects.filter(
        organization=job.organization,
        person=job.payload["to"],
        mail=None,
        digested_at=None,
        read_at=None,
        created_at__lte=job.payload["context"]["until"],
    )


def digest_sent(job: Job) -> None:
    _untold(job).update(digested_at=timezone.now())


def _line(access: Access, notice: Notice) -> dict[str, object]:
    path = reverse("inbox:open", args=[access.organization.slug, notice.pk])
    return {"text": notice.title, "detail": notice.created_at, "url": site(path)}


def _with_addresses(section: Section) -> dict[str, object]:
    return {
        "title": section.title,
        "note": section.note,
        "lines": _addressed(section.shown),
        "more": section.more,
        "url": site(section.path) if section.path else "",
    }


def _addressed(lines: Iterable[Line]) -> list[dict[str, str]]:
    return [{"text": line.text, "detail": line.detail, "url": site(line.path)} for line in lines]

"""The mails of notices: what every mail carries, and the general one.

Composed when they are sent: what was read or stopped in between is not mailed.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.secret_addresses import token_of
from inbox.kinds import find_kind
from inbox.models import Notice, NoticeSettings
from inbox.telling import MAIL
from inbox.wishes import DIGEST, has_digest, is_mailed, stored_wishes
from jobs.mailing import Context, Envelope, MailKind, register_mail, register_wrap
from jobs.models import Job

PURPOSE = "mail"


def register() -> None:
    register_mail(MAIL, MailKind(compose=notice_mail))
    register_wrap(wrap)


def wrap(job: Job, recipient: User) -> Envelope | None:
    """The footer and the headers by which a mail is stopped; None when it already was.

    Mails that nobody asked to be kept from (none today) pass as they are.
    """
    context = job.payload["context"]
    if "notice" in context:
        notice = Notice.objects.filter(pk=context["notice"], organization=job.organization).first()
        if notice is None or notice.read_at:
            return None
        wishes = stored_wishes(job.organization, recipient)
        return _envelope(job, wishes, notice.kind) if is_mailed(wishes, notice.kind) else None
    if DIGEST in context:
        wishes = stored_wishes(job.organization, recipient)
        return _envelope(job, wishes, DIGEST) if has_digest(wishes) else None
    return Envelope()


def _envelope(job: Job, wishes: NoticeSettings, kind: str) -> Envelope:
    known = find_kind(kind)
    token = token_of(PURPOSE, wishes.nonce)
    stop = site(reverse("mail:stop_kind", args=[token, kind]))
    return Envelope(
        # RFC 8058: mail programs show a button that stops this kind with one request.
        headers={
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        context={
            "stop_url": stop,
            "stop_all_url": site(reverse("mail:stop", args=[token])),
            "settings_url": site(reverse("inbox:settings", args=[job.organization.slug])),
            "kind_title": known.title if known else _("What is new"),
            "is_digest": kind == DIGEST,
        },
    )


def notice_mail(job: Job) -> Context | None:
    """Title and link; the text only of kinds that say it may leave the house."""
    notice = Notice.objects.filter(pk=job.payload["context"]["notice"]).first()
    if notice is None:
        return None
    known = find_kind(notice.kind)
    return {
        "notice": notice,
        "text": notice.text if known and known.text_mailed else "",
        "url": site(reverse("inbox:open", args=[job.organization.slug, notice.pk])),
    }


def site(path: str) -> str:
    return f"{settings.WAYMARK_URL}{path}"

"""E-mail as a job: a page writes down what is to be sent, the worker sends it.

A mail server that is away or slow never holds up a page, and nothing is forgotten: the job's row
is the truth. A mail is sent at least once, and ordinarily once. Running the job again after it is
done sends nothing, and a worker that lost its claim stops before it sends. Only a worker killed in
the moment between the server's word and the commit leaves a mail that is sent again, with the same
Message-ID, by which mail programs know a copy. The other way round some mails would never arrive.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Membership, Organization, User
from jobs.enums import JobState
from jobs.failures import JobFailed
from jobs.models import Job
from jobs.registry import Effect, handler
from jobs.services import gave_up, job_request, job_retry, jobs_request
from jobs.work import Work

KIND = "mail"
# A mail that did not get through is tried again for so long; later it would only confuse.
WORTH_SENDING = timedelta(days=1)

log = logging.getLogger(__name__)

Context = dict[str, Any]


def as_it_was(job: Job) -> Context:
    context: Context = job.payload["context"]
    return context


def nothing_more(job: Job) -> None:
    pass


@dataclass(frozen=True)
class MailKind:
    """What the app that asks for a mail adds to it.

    `compose` reads what is true now, at the time of sending; None: there is nothing to say any
    more. `sent` runs in the transaction that sets the job done.
    """

    compose: Callable[[Job], Context | None] = as_it_was
    sent: Callable[[Job], object] = nothing_more


@dataclass(frozen=True)
class Envelope:
    """What every mail carries beside its own text: headers, and names for the footer."""

    headers: Mapping[str, str] = field(default_factory=dict)
    context: Context = field(default_factory=dict)


# Says how a mail is wrapped, when it is sent; None: the person wants it no longer.
Wrap = Callable[[Job, User], Envelope | None]


def as_it_is(job: Job, recipient: User) -> Envelope:
    return Envelope()


_kinds: dict[str, MailKind] = {}
_wraps: list[Wrap] = []


def register_wrap(wrap: Wrap) -> None:
    """Let an app above say what each mail carries. Call it from `AppConfig.ready`."""
    _wraps[:] = [wrap]


def register_mail(template: str, kind: MailKind) -> None:
    """Say how the mails of a template are composed. Call it from `AppConfig.ready`."""
    _kinds[template] = kind


def mail_request(
    *,
    organization: Organization,
    user: User | None,
    to: User,
    template: str,
    context: Context,
    not_before: datetime | None = None,
) -> Job:
    """Ask for a mail to a member, in the transaction that does what the mail is about.

    `template` names three files, emails/<template>_subject.txt, .txt and .html. They get the
    context (plain JSON), `organization`, `recipient` and `sender` (`user`). Whoever has left the
    organization by the time it is sent gets none.
    """
    return job_request(
        organization=organization,
        user=user,
        kind=KIND,
        payload={"to": to.pk, "template": template, "context": context},
        not_before=not_before,
    )


def mails_request(
    *,
    organization: Organization,
    user: User | None,
    template: str,
    asked: Sequence[tuple[User, Context, datetime | None]],
) -> list[Job]:
    """One mail to each of many people, each with its own context and `not_before`: one query."""
    return jobs_request(
        organization=organization,
        user=user,
        kind=KIND,
        asked=[
            ({"to": person.pk, "template": template, "context": context}, not_before)
            for person, context, not_before in asked
        ],
    )


@handler(KIND)
def mail(work: Work) -> Effect:
    job = work.job
    kind = _kinds.get(job.payload["template"], MailKind())
    recipient = User.objects.filter(pk=job.payload["to"]).first()
    belongs = Membership.objects.filter(organization=job.organization, user=recipient)
    if recipient is None or not belongs.exists():
        return lambda: None
    wrap = _wraps[0] if _wraps else as_it_is
    envelope, context = wrap(job, recipient), kind.compose(job)
    if envelope is None or context is None:
        return lambda: None
    message = _message(job, recipient, context, envelope)
    # Raises when the job was taken over meanwhile: then somebody else sends it.
    work.progress(50)
    try:
        message.send()
    except SMTPRecipientsRefused:
        raise JobFailed(
            _("The mail server refused the address %s. Check it with the person.") % recipient.email
        ) from None
    return lambda: kind.sent(job)


def _message(
    job: Job, recipient: User, context: Context, envelope: Envelope
) -> EmailMultiAlternatives:
    organization = job.organization
    template = f"emails/{job.payload['template']}"
    known = {
        **context,
        **envelope.context,
        "organization": organization,
        "recipient": recipient,
        "sender": job.requested_by,
    }
    language = recipient.language or organization.language
    with translation.override(language), timezone.override(organization.zone):
        subject = " ".join(render_to_string(f"{template}_subject.txt", known).split())
        message = EmailMultiAlternatives(
            subject,
            "\n".join(
                render_to_string(part, known).strip("\n") + "\n"
                for part in (f"{template}.txt", "emails/footer.txt")
            ),
            settings.DEFAULT_FROM_EMAIL,
            [recipient.email],
            headers={
                "Message-ID": f"<waymark-{job.pk}-{job.created_at:%Y%m%d%H%M%S%f}@{_domain()}>",
                # Out-of-office programs answer people only.
                "Auto-Submitted": "auto-generated",
                **envelope.headers,
            },
        )
        message.attach_alternative(render_to_string(f"{template}.html", known), "text/html")
    return message


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("<> ") or "localhost"


def mails_retry() -> int:
    """Ask again for mails that did not get through while the server was away: once an hour.

    An address that was refused stays refused.
    """
    since = timezone.now() - WORTH_SENDING
    failed = Job.objects.filter(
        # A mail that waited for the end of quiet hours was due later than it was asked for.
        Q(created_at__gte=since) | Q(not_before__gte=since),
        kind=KIND,
        state=JobState.FAILED,
        error=gave_up(),
    )
    return sum(job_retry(job=job) for job in failed[:200])

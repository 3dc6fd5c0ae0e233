"""Making and sending one status mail: the PDF, the text beside it, the way to stop it."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.secret_addresses import token_of
from jobs.registry import Effect
from jobs.work import Work
from reports.pictures.palette import PALETTE
from roadmap.models import StatusMail
from roadmap.pages.status import Status, status_of
from roadmap.services.sharing.links import MAIL, roadmap_shown
from roadmap.services.work.tracking import organization_today


def status_mail(work: Work) -> Effect:
    """Composed from what is true now; what was stopped meanwhile is not sent."""
    rows = StatusMail.objects.select_related("roadmap__organization", "roadmap__snapshot")
    mail = rows.filter(pk=work.payload["mail"], stopped_at=None).first()
    if mail is None:
        return lambda: None
    organization = mail.roadmap.organization
    today = organization_today(organization)
    with translation.override(organization.language), timezone.override(organization.zone):
        status = status_of(roadmap_shown(mail.roadmap), today)
        work.progress(20, _("Laying out the status report…"))
        message = _message(work, mail, status, status_pdf(status, organization.language))
    # Raises when the job was taken over meanwhile: then somebody else sends it.
    work.progress(80)
    message.send()
    return lambda: StatusMail.objects.filter(pk=mail.pk).update(last_sent_on=today)


def status_pdf(status: Status, language: str) -> bytes:
    """The status report as a tagged PDF, one to three pages of A4."""
    from reports.printing.pdf import render_page

    context = {
        "status": status,
        "palette": PALETTE,
        "report": {"language": language, "generated_on": status.as_of},
    }
    identifier = hashlib.sha256(repr(status).encode()).hexdigest()
    return render_page("reports/print/status.html", context, identifier).body


def _message(work: Work, mail: StatusMail, status: Status, pdf: bytes) -> EmailMultiAlternatives:
    stop = settings.WAYMARK_URL + reverse(
        "shared:status_mail_stop", args=[token_of(MAIL, mail.nonce)]
    )
    context = {"status": status, "stop_url": stop, "organization": mail.roadmap.organization}
    subject = _("Status of %(name)s, %(organization)s") % {
        "name": status.roadmap,
        "organization": status.organization,
    }
    job = work.job
    message = EmailMultiAlternatives(
        " ".join(subject.split()),
        render_to_string("emails/status.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [mail.address],
        headers={
            "Message-ID": f"<waymark-status-{job.pk}-{job.created_at:%Y%m%d%H%M%S%f}@{_domain()}>",
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    message.attach_alternative(render_to_string("emails/status.html", context), "text/html")
    name = slugify(status.organization)[:60] or "status"
    message.attach(f"{name}-status-{status.as_of}.pdf", pdf, "application/pdf")
    return message


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("<> ") or "localhost"

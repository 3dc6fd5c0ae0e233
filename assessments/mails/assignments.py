"""The e-mails of this app, composed when they are sent: from what is true by then."""

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from assessments.assigned import WHO_ANSWERS, Assigned, assigned
from assessments.models import Assignment
from assessments.queries import answer_set
from jobs.mailing import Context, MailKind, register_mail
from jobs.models import Job


def register_mails() -> None:
    register_mail("assignment", MailKind(compose=assignment_mail, sent=assignment_sent))
    register_mail("assignment_reminder", MailKind(compose=reminder_mail))


def assignment_mail(job: Job) -> Context | None:
    """What a person was asked, less what was withdrawn since; None when nothing is left."""
    parts = _parts(_still_there(job))
    return _context(job, parts) if parts else None


def reminder_mail(job: Job) -> Context | None:
    """What is due tomorrow or overdue and has open questions; None when it is all answered."""
    parts = [
        part for part in _parts(_still_there(job).filter(done_at=None)) if not part.is_complete
    ]
    return _context(job, parts) if parts else None


def assignment_sent(job: Job) -> None:
    # Only what this very mail was about: someone may have been asked anew in the meantime.
    Assignment.objects.filter(mail=job).update(sent_at=timezone.now())


def _still_there(job: Job) -> QuerySet[Assignment]:
    return (
        Assignment.objects.filter(
            pk__in=job.payload["context"]["assignments"],
            assessment__organization=job.organization,
            assessment__submitted_at=None,
            assignee=job.payload["to"],
            assignee__memberships__organization=job.organization,
            assignee__memberships__role__in=WHO_ANSWERS,
        )
        .select_related("assessment", "assigned_by")
        .order_by("due_on", "pk")
    )


def _parts(assignments: QuerySet[Assignment]) -> list[Assigned]:
    """All of one assessment: they were asked in one go."""
    found = list(assignments)
    if not found:
        return []
    assessment = found[0].assessment
    today = timezone.localdate(timezone=assessment.organization.zone)
    slug = assessment.organization.slug
    return assigned(assessment, found, answer_set(assessment), today, slug)


def _context(job: Job, parts: list[Assigned]) -> Context:
    first = parts[0].assignment
    path = reverse("assessments:mine", args=[job.organization.slug])
    return {
        "parts": parts,
        "assessment": first.assessment,
        "message": first.message,
        "due_on": first.due_on,
        "is_overdue": any(part.is_overdue for part in parts),
        "questions": sum(part.progress.asked for part in parts),
        "open_questions": sum(part.progress.asked - part.progress.answered for part in parts),
        # No page asked for what the demo or a command assigned.
        "url": f"{first.site or settings.WAYMARK_URL}{path}?assignment={first.pk}",
    }

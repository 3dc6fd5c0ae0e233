"""The e-mail about answers past their date, composed from what is true when it is sent."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment
from assessments.services.expiry import MAIL, expired_answers
from jobs.mailing import Context, MailKind, register_mail
from jobs.models import Job


def register_expiry_mail() -> None:
    register_mail(MAIL, MailKind(compose=expiry_mail))


def expiry_mail(job: Job) -> Context | None:
    """What is still past its date; None when it was all renewed or submitted since."""
    asked = job.payload["context"]
    organization = job.organization
    drafts = Assessment.objects.filter(
        pk=asked["assessment"], organization=organization, submitted_at=None
    )
    today = timezone.localdate(timezone=organization.zone)
    answers = [
        {
            "question": expired.assessment.guide.question(expired.question_id),
            "expired_on": expired.expired_on,
            "is_answer": expired.row.is_past_its_date,
        }
        for expired in expired_answers(drafts, today)
        if expired.question_id in asked["questions"]
        and expired.question_id in expired.assessment.guide.questions
    ]
    if not answers:
        return None
    first = reverse(
        "assessments:question",
        args=[organization.slug, asked["assessment"], answers[0]["question"].id],
    )
    every = reverse("assessments:mine", args=[organization.slug])
    return {
        "answers": answers,
        "assessment": drafts.get(),
        "url": f"{settings.WAYMARK_URL}{first if len(answers) == 1 else every}",
    }

"""The mail to whom a comment names: who, where, and a link.

The comment itself stays in Waymark. It may speak of open weaknesses, and mailboxes are read,
forwarded and kept in places where nobody manages who may see them.
"""

from django.urls import reverse

from accounts.enums import Role
from accounts.models import Membership
from accounts.tenancy import Access
from assessments.access import fillable
from assessments.models import Comment
from jobs.mailing import Context, MailKind, register_mail
from jobs.models import Job


def register_comment_mail() -> None:
    register_mail("mention", MailKind(compose=mention_mail))


def mention_mail(job: Job) -> Context | None:
    """None when the comment was withdrawn, no longer names them, or is not theirs to see."""
    known = job.payload["context"]
    comment = (
        Comment.objects.select_related("assessment__organization", "author")
        .filter(
            pk=known["comment"],
            assessment__organization=job.organization,
            mentions=job.payload["to"],
            withdrawn_at=None,
        )
        .first()
    )
    membership = (
        Membership.objects.select_related("user", "organization")
        .filter(organization=job.organization, user=job.payload["to"])
        .first()
    )
    if comment is None or membership is None:
        return None
    assessment = comment.assessment
    access = Access(membership.organization, membership.user, Role(membership.role))
    question = assessment.guide.questions.get(comment.question_id)
    if question is None or not fillable(access, assessment).allows(question.id):
        return None
    path = reverse("assessments:question", args=[job.organization.slug, assessment.pk, question.id])
    return {
        "assessment": assessment,
        "question": question,
        "author": comment.author,
        "url": f"{known['site']}{path}#comment-{comment.pk}",
    }

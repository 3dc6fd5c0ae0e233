"""Standing for a high answer that nothing shows yet."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.enums import Role
from accounts.models import AuditEntry, Organization, User
from accounts.tenancy import Can, role_allows
from assessments.domain.proof import is_unconfirmed
from assessments.models import Answer, Assessment
from assessments.queries import answer_rows
from assessments.services.answers import lock_draft

VERB = "answer.confirmed"
VERB_WITHDRAWN = "answer.confirmation_withdrawn"
MAX_REASON = 1000
LEADING = [role for role in Role if role_allows(role, Can.EDIT)]


class NotConfirmed(ValueError):
    """It can't be confirmed; the message says why and what to do."""


def is_only_lead(organization: Organization, user: User) -> bool:
    """Whether nobody else there could confirm what this person claimed."""
    others = organization.memberships.filter(role__in=LEADING).exclude(user=user)
    return not others.exists()


def answers_confirm(
    *,
    assessment: Assessment,
    user: User,
    seen: Sequence[tuple[str, int]],
    reason: str,
) -> list[Answer]:
    """Confirm answers as they were seen: question id and version of each. All or none.

    The person who gave an answer does not confirm it, unless nobody else in the organization
    could. Whoever changes the answer later takes the confirmation off (`store_answer`).

    Raises:
        NotConfirmed: one of them changed meanwhile, is one's own, or needs no confirmation.
        AssessmentClosed: the assessment is submitted.
    """
    words = " ".join(reason.replace("\x00", "").split())
    if not words:
        raise NotConfirmed(_("Say in a sentence why you stand for it: what you saw or know."))
    if len(words) > MAX_REASON:
        raise NotConfirmed(_("Shorten the reason to %s characters.") % f"{MAX_REASON:,}")
    with transaction.atomic():
        lock_draft(assessment)
        rows = answer_rows(assessment)
        alone = is_only_lead(assessment.organization, user)
        found = [_must_be_confirmable(assessment, user, rows, *one, alone) for one in seen]
        now = timezone.now()
        for row in found:
            Answer.objects.filter(pk=row.pk).update(confirmed_by=user, confirmed_at=now)
            row.confirmed_by, row.confirmed_at = user, now
            record(
                organization=assessment.organization,
                actor=user,
                verb=VERB,
                target=row,
                detail={
                    "assessment": assessment.pk,
                    "question": row.question_id,
                    "level": row.value,
                    "version": row.version,
                    "reason": words,
                    "own": row.updated_by_id == user.pk,
                },
            )
    return found


def _must_be_confirmable(
    assessment: Assessment,
    user: User,
    rows: dict[str, Answer],
    question_id: str,
    version: int,
    is_alone: bool,
) -> Answer:
    question = assessment.guide.questions.get(question_id)
    row = rows.get(question_id)
    if question is None or row is None or row.version != version:
        message = _("The answer to %s changed in the meantime. Look at it anew, then confirm.")
        raise NotConfirmed(message % question_id[:40])
    if not is_unconfirmed(assessment.guide, question, row.to_domain()):
        message = _("%s needs no confirmation any more: it has evidence or is confirmed.")
        raise NotConfirmed(message % question_id)
    if row.updated_by_id == user.pk and not is_alone:
        message = _(
            "You gave the answer to %s yourself. Ask another editor or owner to confirm it, or add "
            "evidence."
        )
        raise NotConfirmed(message % question_id)
    return row


@transaction.atomic
def confirmation_withdraw(*, assessment: Assessment, user: User, question_id: str) -> bool:
    """Take a confirmation back; False when there is none."""
    lock_draft(assessment)
    row = Answer.objects.filter(
        assessment=assessment, question_id=question_id, confirmed_at__isnull=False
    ).first()
    if row is None:
        return False
    Answer.objects.filter(pk=row.pk).update(confirmed_by=None, confirmed_at=None)
    record(
        organization=assessment.organization,
        actor=user,
        verb=VERB_WITHDRAWN,
        target=row,
        detail={"assessment": assessment.pk, "question": question_id},
    )
    return True


def reason_of(row: Answer) -> str:
    """What the person who confirmed it said, from the record."""
    entry = AuditEntry.objects.filter(
        organization=row.assessment.organization_id,
        verb=VERB,
        target_type=row._meta.label_lower,
        target_id=str(row.pk),
    ).first()
    return str(entry.detail.get("reason", "")) if entry else ""

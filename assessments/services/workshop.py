"""Putting a question off in a workshop, and taking it up again. Settling is `services.seats`."""

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from assessments.models import Assessment, ParkedTalk
from assessments.services.answers import find_question, lock_draft


def talk_park(*, assessment: Assessment, user: User, question_id: str) -> None:
    """Put the question off; once is enough, whoever says it.

    Raises:
        AnswerInvalid: the guide has no such question.
        AssessmentClosed: the assessment is submitted.
    """
    find_question(assessment, question_id)
    with transaction.atomic():
        lock_draft(assessment)
        _row, is_new = ParkedTalk.objects.get_or_create(
            assessment=assessment, question_id=question_id, defaults={"parked_by": user}
        )
        if is_new:
            _tell(assessment, user, "workshop.parked", question_id)


def talk_unpark(*, assessment: Assessment, user: User, question_id: str) -> None:
    with transaction.atomic():
        lock_draft(assessment)
        rows = ParkedTalk.objects.filter(assessment=assessment, question_id=question_id)
        if rows.delete()[0]:
            _tell(assessment, user, "workshop.unparked", question_id)


def _tell(assessment: Assessment, user: User, verb: str, question_id: str) -> None:
    record(
        organization=assessment.organization,
        actor=user,
        verb=verb,
        target=assessment,
        detail={"question": question_id},
    )

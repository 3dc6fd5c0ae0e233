"""Starting, importing and submitting an assessment."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import Organization, User
from assessments.domain import answers as domain
from assessments.domain.applicability import asked_questions
from assessments.domain.scoring import score
from assessments.enums import AssessmentStatus
from assessments.guides import GuideNotOffered, belongs_to
from assessments.models import Answer, Assessment, Snapshot
from assessments.models.snapshot import answers_to_json
from assessments.queries import answer_set
from assessments.services.answers import AnswerInvalid, clean_answer
from assessments.stored_scorecard import scorecard_to_json
from guide.model import Guide, Question
from guide.registry import current_guide


class AssessmentIncomplete(ValueError):
    """Something must be mended before submitting: these questions lack the reason why they
    do not apply.
    """

    def __init__(self, questions: Iterable[Question]) -> None:
        self.questions = tuple(questions)
        super().__init__(", ".join(question.id for question in self.questions))


@transaction.atomic
def assessment_create(
    *,
    organization: Organization,
    user: User | None,
    name: str,
    profile: Mapping[str, Any],
    guide: Guide | None = None,
) -> Assessment:
    """Start a draft with a guide, or with the shipped one. `profile` gives plain values or domain
    answers by question id; it may leave questions out.

    Raises:
        AnswerInvalid: a profile answer is none.
        GuideNotOffered: the guide is another organization's.
    """
    guide = guide or current_guide()
    assessment = _new_draft(organization, user, name, guide)
    known = {question.id: question for question in guide.profile_questions}
    unknown = sorted(set(profile) - set(known))
    if unknown:
        raise AnswerInvalid([f"There is no profile question {name}." for name in unknown])
    _store_all(assessment, user, {i: _as_answer(known[i], given) for i, given in profile.items()})
    record(
        organization=organization,
        actor=user,
        verb="assessment.created",
        target=assessment,
        detail={"guide": guide.id, "version": guide.version},
    )
    return assessment


@transaction.atomic
def assessment_import(
    *,
    organization: Organization,
    user: User | None,
    name: str,
    answers: domain.AnswerSet,
    until: Mapping[str, date] | None = None,
    guide: Guide | None = None,
) -> Assessment:
    """Start a draft with the answers of a file (`parse_answers` has checked them against the same
    guide), and the dates up to which they are valid.

    Raises:
        GuideNotOffered: the guide is another organization's.
    """
    assessment = _new_draft(organization, user, name, guide or current_guide())
    _store_all(assessment, user, answers, until or {})
    record(
        organization=organization,
        actor=user,
        verb="assessment.imported",
        target=assessment,
        detail={"answers": len(answers)},
    )
    return assessment


@transaction.atomic
def assessment_submit(*, assessment: Assessment, user: User | None) -> Snapshot:
    """Freeze the answers and their score. Submitting twice gives the same snapshot.

    Raises:
        AssessmentIncomplete: an answer "not applicable" lacks its reason.
    """
    locked = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if locked.is_submitted:
        return locked.snapshot
    guide = locked.guide
    answers = answer_set(locked)
    without_reason = questions_without_reason(guide, answers)
    if without_reason:
        raise AssessmentIncomplete(without_reason)
    snapshot = Snapshot.objects.create(
        organization_id=locked.organization_id,
        assessment=locked,
        guide_id=guide.id,
        guide_version=guide.version,
        answers=answers_to_json(answers),
        scorecard=scorecard_to_json(score(guide, answers)),
        input_hash=input_hash(guide, answers),
        created_by=user,
    )
    locked.status = AssessmentStatus.SUBMITTED
    locked.submitted_at = snapshot.created_at
    locked.submitted_by = user
    locked.save(update_fields=["status", "submitted_at", "submitted_by"])
    record(
        organization=locked.organization,
        actor=user,
        verb="assessment.submitted",
        target=locked,
        detail={"snapshot": snapshot.pk, "input_hash": snapshot.input_hash},
    )
    assessment.refresh_from_db()
    return snapshot


def questions_without_reason(guide: Guide, answers: domain.AnswerSet) -> tuple[Question, ...]:
    """Questions said not to apply, without saying why."""
    return tuple(
        question
        for question in asked_questions(guide, answers)
        if (answer := answers.get(question.id)) is not None
        and answer.state is domain.AnswerState.NOT_APPLICABLE
        and not answer.reason
    )


def input_hash(guide: Guide, answers: domain.AnswerSet) -> str:
    """The same guide and answers always give the same hash."""
    content = {"guide": [guide.id, guide.version], "answers": answers_to_json(answers)}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _new_draft(
    organization: Organization, user: User | None, name: str, guide: Guide
) -> Assessment:
    if not belongs_to(guide.id, organization):
        raise GuideNotOffered(guide.id)
    return Assessment.objects.create(
        organization=organization,
        name=name.strip(),
        guide_id=guide.id,
        guide_version=guide.version,
        created_by=user,
    )


def _as_answer(question: Question, given: Any) -> domain.Answer:
    if isinstance(given, domain.Answer):
        basis = str(given.basis) if given.basis else None
        return clean_answer(
            question, str(given.state), given.value, given.reason, given.note, basis
        )
    return clean_answer(question, "answered", given, "", "", None)


def _store_all(
    assessment: Assessment,
    user: User | None,
    answers: domain.AnswerSet,
    until: Mapping[str, date] = MappingProxyType({}),
) -> None:
    now = timezone.now()
    Answer.objects.bulk_create(
        Answer(
            assessment=assessment,
            question_id=question_id,
            state=str(answer.state),
            value=answer.value,
            reason=answer.reason,
            note=answer.note,
            basis=str(answer.basis) if answer.basis else "",
            expires_on=until.get(question_id),
            updated_by=user,
            updated_at=now,
        )
        for question_id, answer in answers.items()
        if answer.state is not domain.AnswerState.UNANSWERED or answer.note or answer.basis
    )

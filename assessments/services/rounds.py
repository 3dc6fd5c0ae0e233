"""The next round: the last answers offered anew, and taken one by one or step by step."""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from assessments.answer_text import answer_lines
from assessments.domain import answers as domain
from assessments.domain.guide_migration import migrate_answers
from assessments.enums import SourceOfSuggestion
from assessments.models import Answer, Assessment, Suggestion
from assessments.proposals import ORIGIN_LIMIT, proposals_for
from assessments.queries import answer_set
from assessments.services.answers import answer_save, lock_draft


@transaction.atomic
def round_continue(*, assessment: Assessment, previous: Assessment, user: User | None) -> int:
    """Offer the answers of an earlier round in this draft; returns how many.

    They count only when someone takes them. Confirmations and evidence stay with the earlier
    round: both spoke for what was true then. Answers that this round's guide can't hold are
    parked, so that nothing is lost. What is answered here already is left alone.

    Raises:
        AssessmentClosed: this assessment is submitted.
    """
    lock_draft(assessment)
    migration = migrate_answers(previous.guide, assessment.guide, answer_set(previous))
    own = set(Answer.objects.filter(assessment=assessment).values_list("question_id", flat=True))
    offered = [
        Suggestion(
            assessment=assessment,
            question_id=question_id,
            source=SourceOfSuggestion.LAST_ROUND,
            state=str(answer.state),
            value=answer.value,
            reason=answer.reason,
            note=answer.note,
            basis=str(answer.basis) if answer.basis else "",
            origin=origin_of(previous),
            needs_review=question_id in migration.to_review,
            words=migration.said.get(question_id, ""),
        )
        for question_id, answer in migration.kept.items()
        if question_id not in own and answer.state is not domain.AnswerState.UNANSWERED
    ]
    proposed = _proposed(assessment, migration.kept, own)
    offered = [s for s in offered if s.question_id not in proposed] + list(proposed.values())
    Suggestion.objects.filter(assessment=assessment).delete()
    Suggestion.objects.bulk_create(offered)
    assessment.previous = previous
    assessment.parked = {p.question_id: p.as_json() for p in migration.parked}
    assessment.save(update_fields=["previous", "parked"])
    record(
        organization=assessment.organization,
        actor=user,
        verb="assessment.continued",
        target=assessment,
        detail={
            "previous": previous.pk,
            "offered": len(offered),
            "proposed": sorted(proposed),
        },
    )
    return len(offered)


def _proposed(
    assessment: Assessment, last: domain.AnswerSet, own: Collection[str]
) -> dict[str, Suggestion]:
    """What finished work and measured values say instead of the last answers. `words` keeps the
    last answer, so that whoever confirms sees what would change.
    """
    guide = assessment.guide
    found = proposals_for(assessment.organization, guide, last)
    return {
        question_id: Suggestion(
            assessment=assessment,
            question_id=question_id,
            source=proposal.source,
            state=str(proposal.answer.state),
            value=proposal.answer.value,
            note=proposal.answer.note,
            basis=str(proposal.answer.basis) if proposal.answer.basis else "",
            origin=proposal.origin[:ORIGIN_LIMIT],
            words="\n".join(answer_lines(guide.questions[question_id], last[question_id]))
            if question_id in last
            else "",
        )
        for question_id, proposal in found.items()
        if question_id not in own
    }


@transaction.atomic
def proposals_refresh(*, assessment: Assessment, user: User | None) -> int:
    """Offer in a draft what finished work and measured values say by now; returns how many.

    What is answered stays as it is. Of what was offered before, only proposals are renewed.

    Raises:
        AssessmentClosed: the assessment is submitted.
    """
    lock_draft(assessment)
    last: domain.AnswerSet = {}
    if assessment.previous is not None:
        previous = assessment.previous
        last = migrate_answers(previous.guide, assessment.guide, answer_set(previous)).kept
    own = set(Answer.objects.filter(assessment=assessment).values_list("question_id", flat=True))
    proposed = _proposed(assessment, last, own)
    offers = Suggestion.objects.filter(assessment=assessment)
    offers.filter(question_id__in=list(proposed)).delete()
    Suggestion.objects.bulk_create(proposed.values())
    record(
        organization=assessment.organization,
        actor=user,
        verb="assessment.proposals_renewed",
        target=assessment,
        detail={"proposed": sorted(proposed)},
    )
    return len(proposed)


def origin_of(previous: Assessment) -> str:
    day = previous.submitted_at or previous.created_at
    return _("%(name)s, %(day)s") % {
        "name": previous.name[:120],
        "day": date_format(timezone.localdate(day), "F Y"),
    }


def suggestion_take(*, assessment: Assessment, user: User | None, question_id: str) -> Answer:
    """Make the offered answer the answer, given by this person now.

    Raises:
        Suggestion.DoesNotExist: nothing is offered for the question (any more).
        StaleAnswer: the question was answered in the meantime.
        AssessmentClosed: the assessment is submitted.
    """
    with transaction.atomic():
        offered = Suggestion.objects.get(assessment=assessment, question_id=question_id)
        saved = answer_save(
            assessment=assessment,
            user=user,
            question_id=question_id,
            state=offered.state,
            value=offered.value,
            reason=offered.reason,
            note=offered.note,
            basis=offered.basis or None,
            version=0,
        )
        offered.delete()
    return saved


def suggestions_take(
    *, assessment: Assessment, user: User | None, question_ids: Iterable[str]
) -> int:
    """Take what is offered for these questions where nothing is answered yet and nothing changed
    in what is asked; returns how many.

    Raises:
        AssessmentClosed: the assessment is submitted.
    """
    with transaction.atomic():
        lock_draft(assessment)
        answered = Answer.objects.filter(assessment=assessment).values("question_id")
        offered = list(
            Suggestion.objects.filter(
                assessment=assessment,
                question_id__in=list(question_ids),
                needs_review=False,
                # What is proposed is confirmed one by one: nobody said it before.
                source=SourceOfSuggestion.LAST_ROUND,
            ).exclude(question_id__in=answered)
        )
        for suggestion in offered:
            suggestion_take(assessment=assessment, user=user, question_id=suggestion.question_id)
    return len(offered)


def suggestion_dismiss(*, assessment: Assessment, question_id: str) -> None:
    """Offer it no more. The answer, if there is one, stays as it is."""
    with transaction.atomic():
        lock_draft(assessment)
        Suggestion.objects.filter(assessment=assessment, question_id=question_id).delete()

"""Answers from seats, and settling what people disagree on.

An answer from a seat counts in no score. Settling writes the one answer that does, together with
who agreed to it and what each had said before.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Membership, User
from assessments.domain import answers as domain
from assessments.domain.divergence import can_be_seated
from assessments.models import Assessment, SeatAnswer, Settlement
from assessments.services.answers import (
    REASON_LIMIT,
    AnswerInvalid,
    Expiry,
    answer_save,
    find_question,
    lock_draft,
)
from guide.model import Question

NAMES_LIMIT, NAME_LIMIT = 60, 200


def seat_answer_save(
    *,
    assessment: Assessment,
    user: User,
    question: Question,
    seat: str,
    given: domain.Answer,
) -> SeatAnswer | None:
    """Keep what the person answers from that seat; an empty answer takes theirs back.

    Only this person writes this row, so the last of their own saves holds.

    Raises:
        AnswerInvalid: there is no such seat, or the question is not answered from seats.
        AssessmentClosed: the assessment is submitted.
    """
    if all(known.id != seat for known in assessment.guide.seats):
        raise AnswerInvalid([_("Choose one of the seats of this guide.")])
    if not can_be_seated(question):
        raise AnswerInvalid(
            [_("This question is answered once for all, on its step’s page, not from seats.")]
        )
    own = {"assessment": assessment, "question_id": question.id, "seat": seat, "user": user}
    with transaction.atomic():
        lock_draft(assessment)
        if given.state is domain.AnswerState.UNANSWERED:
            SeatAnswer.objects.filter(**own).delete()
            return None
        said = {
            "state": str(given.state),
            "value": given.value,
            "reason": given.reason,
            "note": given.note,
            "basis": str(given.basis) if given.basis else "",
            "updated_at": timezone.now(),
        }
        # The assessment's lock lets one in at a time: no row can appear between the two.
        if SeatAnswer.objects.filter(**own).update(**said):
            return SeatAnswer(**own, **said)
        return SeatAnswer.objects.create(**own, **said)


def answer_settle(
    *,
    assessment: Assessment,
    user: User,
    question_id: str,
    given: domain.Answer,
    version: int,
    agreed: Collection[int],
    also: Sequence[str] = (),
    note: str = "",
    expires_on: date | Expiry | None = Expiry.KEEP,
) -> Settlement:
    """Write the settled answer and the record of who agreed, both or neither.

    `also`: names of those who agreed and have no account here.

    Raises:
        AnswerInvalid: it is no answer, nobody agreed, or someone who agreed is no member.
        StaleAnswer: another answer was saved since `version`.
        AssessmentClosed: the assessment is submitted.
    """
    question = find_question(assessment, question_id)
    messages = _decision_messages(question, given, (*agreed, *also), note)
    messages += _name_messages(also)
    if messages:
        raise AnswerInvalid(messages)
    with transaction.atomic():
        # First of all, so that no seat answer slips in between what is read and what is kept.
        lock_draft(assessment)
        heard = list(
            SeatAnswer.objects.filter(assessment=assessment, question_id=question.id)
            .select_related("user")
            .order_by("seat", "pk")
        )
        agreeing = _agreeing(assessment, heard, agreed)
        agreeing += [{"user": None, "name": name, "seat": ""} for name in also]
        saved = answer_save(
            assessment=assessment,
            user=user,
            question_id=question.id,
            state=str(given.state),
            value=given.value,
            reason=given.reason,
            note=given.note,
            basis=str(given.basis) if given.basis else None,
            version=version,
            expires_on=expires_on,
        )
        settlement = Settlement.objects.create(
            assessment=assessment,
            question_id=question.id,
            answer_version=saved.version,
            settled={"state": saved.state, "value": saved.value, "reason": saved.reason},
            agreed=agreeing,
            before=[_as_said(answer) for answer in heard],
            note=note.strip(),
            settled_by=user,
        )
        record(
            organization=assessment.organization,
            actor=user,
            verb="answer.settled",
            target=assessment,
            detail={
                "question": question.id,
                "answer_version": saved.version,
                "agreed": [person["name"] for person in agreeing],
            },
        )
    return settlement


def _decision_messages(
    question: Question, given: domain.Answer, agreed: Collection[int | str], note: str
) -> list[str]:
    messages = []
    if not can_be_seated(question):
        messages.append(
            _("This question is not answered from seats, so there is nothing to settle.")
        )
    if given.state is domain.AnswerState.UNANSWERED:
        messages.append(_("Choose the answer you settled on."))
    if given.state is domain.AnswerState.NOT_APPLICABLE and not given.reason.strip():
        messages.append(_("Say why the question does not apply."))
    if not agreed:
        messages.append(
            _(
                "Tick who agreed, or type their names. If nobody did, leave the question open, or "
                "change the answer on its own page."
            )
        )
    if len(note) > REASON_LIMIT:
        messages.append(
            _("Shorten the note on the decision to %(limit)s characters; it has %(length)s.")
            % {"limit": f"{REASON_LIMIT:,}", "length": f"{len(note):,}"}
        )
    return messages


def _name_messages(also: Sequence[str]) -> list[str]:
    messages = []
    if len(also) > NAMES_LIMIT:
        messages.append(
            _("Name at most %(limit)s people; the note on the decision can say who else agreed.")
            % {"limit": NAMES_LIMIT}
        )
    if any(len(name) > NAME_LIMIT for name in also):
        messages.append(
            _("Shorten each name to %(limit)s characters, and put every person on a line.")
            % {"limit": NAME_LIMIT}
        )
    return messages


def _agreeing(
    assessment: Assessment, heard: Iterable[SeatAnswer], agreed: Collection[int]
) -> list[dict[str, Any]]:
    """Who agreed, as they are called now and with the seat they answered from."""
    seats: dict[int, str] = {}
    people = {}
    for answer in heard:
        seats.setdefault(answer.user.pk, answer.seat)
        people[answer.user.pk] = str(answer.user)
    members = Membership.objects.filter(
        organization=assessment.organization, user__in=agreed
    ).select_related("user")
    people |= {membership.user.pk: str(membership.user) for membership in members}
    if not set(agreed) <= set(people):
        raise AnswerInvalid(
            [
                _(
                    "Someone you ticked is no longer a member of the organization. Open the page "
                    "anew, or type their name below the list."
                )
            ]
        )
    return [
        {"user": pk, "name": name, "seat": seats.get(pk, "")}
        for pk, name in people.items()
        if pk in agreed
    ]


def _as_said(answer: SeatAnswer) -> dict[str, Any]:
    return {
        "seat": answer.seat,
        "name": str(answer.user),
        "state": answer.state,
        "value": answer.value,
    }

"""What the page of a question shows of the answers from seats and of their settlement."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models

from accounts.tenancy import Access
from assessments.access import fillable
from assessments.answer_text import answer_lines
from assessments.domain import answers as domain
from assessments.domain.divergence import Voice, can_be_seated, in_order, spread_of
from assessments.enums import BasisOfAnswer
from assessments.forms.seats import SeatForm
from assessments.models import Answer, Assessment, SeatAnswer, Settlement
from assessments.pictures.seat_strip import Strip, seat_strip
from guide.model import Guide, Question, Seat


@dataclass(frozen=True)
class Said:
    """One answer from a seat, in words."""

    seat: str
    person: str
    lines: Sequence[str]
    note: str
    basis: str
    is_unknown: bool


@dataclass(frozen=True)
class Settled:
    """A settlement in words; `is_current` while the answer is the one that was settled on."""

    row: Settlement
    lines: Sequence[str]
    agreed: Sequence[str]
    is_current: bool


def seat_title(guide: Guide, seat_id: str) -> str:
    return next((seat.title for seat in guide.seats if seat.id == seat_id), seat_id)


def seat_titles(guide: Guide) -> dict[str, str]:
    return {seat.id: seat.title for seat in guide.seats}


def is_readable(question: Question, row: SeatAnswer) -> bool:
    """Whether the answer still fits the question: a newer guide may have changed its kind."""
    if row.state != domain.AnswerState.ANSWERED:
        return True
    try:
        return bool(domain.clean_value(question, row.value) == row.value)
    except domain.AnswerError:
        return False


def voice_of(row: SeatAnswer) -> Voice:
    return Voice(row.seat, str(row.user), row.to_domain())


def said_by(guide: Guide, question: Question, voices: Iterable[Voice]) -> list[Said]:
    return [
        Said(
            seat=seat_title(guide, voice.seat),
            person=voice.person,
            lines=answer_lines(question, voice.answer),
            note=voice.answer.note,
            basis=str(BasisOfAnswer(voice.answer.basis).label) if voice.answer.basis else "",
            is_unknown=voice.answer.state is domain.AnswerState.UNKNOWN,
        )
        for voice in in_order(guide, voices)
    ]


def strip_of(guide: Guide, question: Question, voices: Sequence[Voice]) -> Strip | None:
    """The picture, for questions with levels only."""
    if question.kind != "level" or not voices:
        return None
    return seat_strip(in_order(guide, voices), seat_titles(guide))


def newest_settlements(assessment: Assessment, **only: str) -> dict[str, Settled]:
    """The newest settlement of each question, in words: one query."""
    now = Answer.objects.filter(assessment=assessment, question_id=models.OuterRef("question_id"))
    rows = (
        Settlement.objects.filter(assessment=assessment, **only)
        .select_related("settled_by")
        .annotate(version_now=models.Subquery(now.values("version")))
    )
    questions = assessment.guide.questions
    found: dict[str, Settled] = {}
    for row in rows:  # newest first
        if row.question_id in questions and row.question_id not in found:
            found[row.question_id] = _settled_as(
                assessment.guide, questions[row.question_id], row, getattr(row, "version_now", None)
            )
    return found


def _settled_as(guide: Guide, question: Question, row: Settlement, version: int | None) -> Settled:
    """What was settled is told from the settlement's own record: the answer may have changed."""
    said = row.settled
    given = domain.Answer(
        domain.AnswerState(said.get("state", domain.AnswerState.UNANSWERED)),
        said.get("value"),
        said.get("reason", ""),
    )
    return Settled(
        row=row,
        lines=answer_lines(question, given),
        agreed=[_person(guide, one) for one in row.agreed],
        is_current=version == row.answer_version,
    )


def _person(guide: Guide, one: Mapping[str, Any]) -> str:
    name = str(one.get("name", ""))
    return f"{name} ({seat_title(guide, one['seat'])})" if one.get("seat") else name


def may_see_others(access: Access, assessment: Assessment, has_own: bool) -> bool:
    """Whether what others said from their seats may be shown.

    Who knows what others said leans towards it. So whoever may answer sees the others' only
    after giving their own; the lead needs them to prepare the talk, a viewer answers nothing.
    """
    return access.can_edit or not access.can_answer or assessment.is_submitted or has_own


class SeatsPart:
    """Answers from seats to one question, read when the page asks for them."""

    def __init__(
        self,
        access: Access,
        assessment: Assessment,
        question: Question,
        answer: Answer | None,
        seat: Seat | None = None,
        form: SeatForm | None = None,
    ) -> None:
        self.access = access
        self.assessment = assessment
        self.guide = assessment.guide
        self.question = question
        self.answer = answer
        self._seat = seat
        self._form = form

    @property
    def is_offered(self) -> bool:
        return bool(self.guide.seats)

    @property
    def fits(self) -> bool:
        return can_be_seated(self.question)

    @cached_property
    def may_answer(self) -> bool:
        return (
            self.access.can_answer
            and not self.assessment.is_submitted
            and self.fits
            and fillable(self.access, self.assessment).allows(self.question.id)
        )

    @property
    def may_settle(self) -> bool:
        return self.access.can_edit and not self.assessment.is_submitted and self.fits

    @cached_property
    def _all(self) -> list[SeatAnswer]:
        found = SeatAnswer.objects.filter(assessment=self.assessment, question_id=self.question.id)
        return list(found.select_related("user"))

    @cached_property
    def rows(self) -> list[SeatAnswer]:
        return [row for row in self._all if is_readable(self.question, row)]

    @property
    def outdated(self) -> int:
        """Answers to an earlier version of the question, kept but not comparable."""
        return len(self._all) - len(self.rows)

    @cached_property
    def own(self) -> dict[str, SeatAnswer]:
        return {row.seat: row for row in self.rows if row.user == self.access.user}

    @cached_property
    def seat(self) -> Seat | None:
        """The seat the person answers from: the one asked for, else their last one."""
        if self._seat is not None:
            return self._seat
        return last_seat(self.access, self.assessment) if self.may_answer else None

    @cached_property
    def form(self) -> SeatForm | None:
        if self._form is not None:
            return self._form
        if not self.may_answer or self.seat is None:
            return None
        return SeatForm(self.question, self.seat, self.own.get(self.seat.id))

    @property
    def sees_others(self) -> bool:
        return may_see_others(self.access, self.assessment, bool(self.own))

    @property
    def is_lead_before_answering(self) -> bool:
        """An editor may look, but is better off answering first: then the others stay folded."""
        return self.may_answer and not self.own

    @property
    def number(self) -> int:
        return len(self.rows)

    @cached_property
    def voices(self) -> list[Voice]:
        return [voice_of(row) for row in self.rows]

    @property
    def said(self) -> list[Said]:
        return said_by(self.guide, self.question, self.voices)

    @property
    def unknown(self) -> list[Said]:
        return [one for one in self.said if one.is_unknown]

    @cached_property
    def spread(self) -> int | None:
        return spread_of(self.question, [voice.answer for voice in self.voices])

    @property
    def strip(self) -> Strip | None:
        return strip_of(self.guide, self.question, self.voices)

    @cached_property
    def settled(self) -> Settled | None:
        found = newest_settlements(self.assessment, question_id=self.question.id)
        return found.get(self.question.id)


def last_seat(access: Access, assessment: Assessment) -> Seat | None:
    """The seat this person answered from last in this assessment."""
    last = (
        SeatAnswer.objects.filter(assessment=assessment, user=access.user)
        .order_by("-updated_at", "-pk")
        .values_list("seat", flat=True)
        .first()
    )
    return next((seat for seat in assessment.guide.seats if seat.id == last), None)


def seats_context(
    access: Access, assessment: Assessment, question: Question, row: Answer | None
) -> dict[str, Any]:
    return {"seats": SeatsPart(access, assessment, question, row)}

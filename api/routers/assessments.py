"""Assessments, their questions, answers and scores."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from accounts.enums import Area
from accounts.tenancy import Access, Can
from api.access import reach
from api.etags import version_seen
from api.paging import Paging, page_of
from api.problems import Problem
from api.repeats import once
from api.scopes import Scope
from api.texts import Day, storable
from assessments.models import Answer, Assessment
from assessments.services import assessment_create, assessment_submit
from assessments.services.answers import (
    NOTE_LIMIT,
    REASON_LIMIT,
    AnswerInvalid,
    AssessmentClosed,
    Expiry,
    StaleAnswer,
    answer_save,
    stored_answer,
)
from assessments.services.assessments import AssessmentIncomplete
from guide.questions import AnswerField, Option, Question

router = Router(tags=["assessments"])
HERE = "/organizations/{slug}/assessments"
AREA = (Area.ASSESSMENTS,)
MOST_ANSWERS = 500


class AssessmentOut(Schema):
    id: int
    name: str
    status: str
    guide: str
    guide_version: str
    created_at: datetime
    submitted_at: datetime | None


class AssessmentPage(Schema):
    items: list[AssessmentOut]
    next_cursor: str | None


class AssessmentIn(Schema):
    name: str = Field(min_length=1, max_length=120, examples=["Autumn review"])
    profile: dict[str, Any] = Field(
        {}, description="Answers to profile questions by id; may leave some out."
    )


class OptionOut(Schema):
    id: str
    label: str


class FieldOut(Schema):
    """A part of a record, or a column of a table."""

    id: str
    label: str
    kind: str
    unit: str
    min: float | None
    max: float | None
    options: list[OptionOut]


class NumberOut(Schema):
    unit: str
    min: float
    max: float


class QuestionOut(Schema):
    id: str
    title: str
    text: str
    why: str
    kind: str = Field(
        description="How `value` is written: level (0 to 4), choice (an option's id), number, text,"
        ' choices ({"choices": [ids], field: value}), record ({field: value}),'
        " table ([{column: value}])."
    )
    levels: list[str]
    options: list[OptionOut]
    fields: list[FieldOut] = Field(description="Of a record, or beside choices.")
    columns: list[FieldOut] = Field(description="Of a table.")
    number: NumberOut | None


class AnswerOut(Schema):
    question: str
    state: str
    value: Any = None
    reason: str
    note: str
    basis: str
    expires_on: date | None
    version: int
    updated_at: datetime


class AnswerPage(Schema):
    items: list[AnswerOut]
    next_cursor: str | None


class AnswerIn(Schema):
    """What is left out of reason, note, basis and expires_on stays as it is."""

    state: Literal["answered", "unknown", "not_applicable", "unanswered"] = "answered"
    value: Any = Field(None, description="What the kind of the question asks for.")
    reason: str = Field("", max_length=REASON_LIMIT, description="Why it is not applicable.")
    note: str = Field("", max_length=NOTE_LIMIT)
    basis: Literal["opinion", "interview", "document", "measured"] | None = Field(
        None, description="What the answer rests on."
    )
    expires_on: Day | None = Field(None, description="When to ask again.")
    version: int = Field(0, ge=0, le=2**31 - 1, description="The version you saw; 0: none yet.")


class OneAnswerIn(AnswerIn):
    question: str = Field(max_length=40, examples=["Q1.01"])


class AnswersIn(Schema):
    answers: list[OneAnswerIn] = Field(min_length=1, max_length=MOST_ANSWERS)


class ResultOut(Schema):
    question: str
    saved: bool
    version: int | None = None
    status: int = Field(200, description="What one answer alone would have been answered with.")
    problem: str = ""
    current: AnswerOut | None = Field(None, description="With 409: the answer that stands there.")


class ResultsOut(Schema):
    results: list[ResultOut]


class ScoresOut(Schema):
    input_hash: str
    guide: str
    guide_version: str
    made_at: datetime
    scorecard: dict[str, Any]


@router.get(HERE, response=AssessmentPage, summary="List assessments")
def list_assessments(request: HttpRequest, slug: str, paging: Query[Paging]) -> Any:
    access = reach(request, slug, Scope.ANSWERS_READ, areas=AREA)
    rows, following = page_of(access.scope(Assessment), paging)
    return {"items": [_out(row) for row in rows], "next_cursor": following}


@router.post(HERE, response={201: AssessmentOut}, summary="Start an assessment")
@once
def create(request: HttpRequest, slug: str, body: AssessmentIn) -> Any:
    access = reach(request, slug, Scope.ANSWERS_WRITE, Can.EDIT, AREA)
    try:
        made = assessment_create(
            organization=access.organization,
            user=access.user,
            name=storable(body.name),
            profile=body.profile,
        )
    except AnswerInvalid as error:
        raise Problem(
            422, _("The profile cannot be taken."), errors=_by("profile", error)
        ) from None
    return Status(201, _out(made))


@router.get(HERE + "/{int:pk}", response=AssessmentOut, summary="One assessment")
def one(request: HttpRequest, slug: str, pk: int) -> Any:
    return _out(_assessment(reach(request, slug, Scope.ANSWERS_READ, areas=AREA), pk))


@router.get(HERE + "/{int:pk}/questions", response=list[QuestionOut], summary="Its questions")
def questions(request: HttpRequest, slug: str, pk: int) -> Any:
    found = _assessment(reach(request, slug, Scope.ANSWERS_READ, areas=AREA), pk)
    return [_question(one) for one in found.guide.questions.values()]


@router.get(HERE + "/{int:pk}/answers", response=AnswerPage, summary="Its answers")
def answers(request: HttpRequest, slug: str, pk: int, paging: Query[Paging]) -> Any:
    access = reach(request, slug, Scope.ANSWERS_READ, Can.READ_ALL, AREA)
    rows, following = page_of(Answer.objects.filter(assessment=_assessment(access, pk)), paging)
    return {"items": [_answer(row) for row in rows], "next_cursor": following}


@router.get(HERE + "/{int:pk}/answers/{question}", response=AnswerOut, summary="One answer")
def answer(request: HttpRequest, slug: str, pk: int, question: str) -> Any:
    access = reach(request, slug, Scope.ANSWERS_READ, Can.READ_ALL, AREA)
    assessment = _assessment(access, pk)
    return _answer(access.get(Answer, assessment=assessment, question_id=question))


@router.put(HERE + "/{int:pk}/answers/{question}", response=AnswerOut, summary="Save one answer")
def save(request: HttpRequest, slug: str, pk: int, question: str, body: AnswerIn) -> Any:
    """If-Match with the ETag of the answer does instead of `version`."""
    access = reach(request, slug, Scope.ANSWERS_WRITE, Can.EDIT, AREA)
    found = _assessment(access, pk)
    stored = stored_answer(found, question)
    if "If-Match" in request.headers and stored is None:
        raise Problem(412, _("There is no answer yet."))
    if stored is not None:
        body.version = version_seen(request, AnswerOut, _answer(stored), body.version)
    return _answer(_saved(access, found, question, body, stored))


@router.post(
    HERE + "/{int:pk}/answers", response=ResultsOut, summary="Save many answers, each by itself"
)
@once
def save_many(request: HttpRequest, slug: str, pk: int, body: AnswersIn) -> Any:
    access = reach(request, slug, Scope.ANSWERS_WRITE, Can.EDIT, AREA)
    found = _assessment(access, pk)
    asked = {one.question for one in body.answers}
    rows = Answer.objects.filter(assessment=found, question_id__in=asked)
    stored = {row.question_id: row for row in rows}
    results: list[dict[str, Any]] = []
    for one in body.answers:
        told: dict[str, Any] = {"question": one.question, "saved": False}
        try:
            row = _saved(access, found, one.question, one, stored.get(one.question))
        except Problem as problem:
            told |= {"status": problem.status, "problem": problem.detail, **problem.more}
        else:
            stored[one.question] = row
            told |= {"saved": True, "version": row.version}
        results.append(told)
    return {"results": results}


@router.post(HERE + "/{int:pk}/submit", response=AssessmentOut, summary="Submit an assessment")
@once
def submit(request: HttpRequest, slug: str, pk: int) -> Any:
    """From then on its answers are final, and its scores are there. Twice is as once."""
    access = reach(request, slug, Scope.ANSWERS_WRITE, Can.EDIT, AREA)
    found = _assessment(access, pk)
    try:
        assessment_submit(assessment=found, user=access.user)
    except AssessmentIncomplete as error:
        words = _("Say why these do not apply: %s.") % ", ".join(q.id for q in error.questions)
        errors = {q.id: _("The reason is missing.") for q in error.questions}
        raise Problem(409, words, errors=errors) from None
    return _out(found)


@router.get(HERE + "/{int:pk}/scores", response=ScoresOut, summary="The scores of a submitted one")
def scores(request: HttpRequest, slug: str, pk: int) -> Any:
    access = reach(request, slug, Scope.SCORES_READ, areas=AREA)
    found = _assessment(access, pk)
    snapshot = getattr(found, "snapshot", None)
    if snapshot is None:
        raise Problem(409, _("It is not submitted yet: scores are made when it is."))
    return {
        "input_hash": snapshot.input_hash,
        "guide": snapshot.guide_id,
        "guide_version": snapshot.guide_version,
        "made_at": snapshot.created_at,
        "scorecard": snapshot.scorecard,
    }


def _assessment(access: Access, pk: int) -> Assessment:
    found: Assessment = access.get(Assessment, pk=pk)
    found.organization = access.organization
    return found


def _saved(
    access: Access, assessment: Assessment, question: str, body: AnswerIn, stored: Answer | None
) -> Answer:
    given = body.model_fields_set
    # A program that sends a value does not wipe what people wrote beside it.
    kept = {
        name: getattr(stored if stored and name not in given else body, name)
        for name in ("reason", "note", "basis")
    }
    value: dict[str, Any] = {"expires_on": body.expires_on}
    if "expires_on" not in given:
        value["expires_on"] = Expiry.KEEP
    try:
        return answer_save(
            assessment=assessment,
            user=access.user,
            question_id=question,
            state=body.state,
            value=body.value,
            version=body.version,
            **kept,
            **value,
        )
    except AnswerInvalid as error:
        raise Problem(422, "; ".join(error.messages), errors=_by("value", error)) from None
    except StaleAnswer as error:
        raise Problem(
            409,
            _("Another answer was saved meanwhile. Look at it, then send its version."),
            current=_answer(error.current),
        ) from None
    except AssessmentClosed:
        raise Problem(409, _("It is submitted: its answers are final.")) from None


def _by(field: str, error: AnswerInvalid) -> dict[str, list[str]]:
    return {field: error.messages}


def _question(one: Question) -> dict[str, Any]:
    number = one.number
    return {
        **{name: getattr(one, name) for name in ("id", "title", "text", "why")},
        "kind": str(one.kind),
        "levels": list(one.levels),
        "options": _options(one.options),
        "fields": [_field(field) for field in one.fields],
        "columns": [_field(field) for field in one.columns],
        "number": {"unit": number.unit, "min": number.min, "max": number.max} if number else None,
    }


def _field(field: AnswerField) -> dict[str, Any]:
    plain = {name: getattr(field, name) for name in ("id", "label", "unit", "min", "max")}
    return {**plain, "kind": str(field.kind), "options": _options(field.options)}


def _options(options: Iterable[Option]) -> list[dict[str, str]]:
    return [{"id": option.id, "label": option.label} for option in options]


def _out(row: Assessment) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "status": row.status,
        "guide": row.guide_id,
        "guide_version": row.guide_version,
        "created_at": row.created_at,
        "submitted_at": row.submitted_at,
    }


def _answer(row: Answer) -> dict[str, Any]:
    return {
        "question": row.question_id,
        "state": row.state,
        "value": row.value,
        "reason": row.reason,
        "note": row.note,
        "basis": row.basis,
        "expires_on": row.expires_on,
        "version": row.version,
        "updated_at": row.updated_at,
    }

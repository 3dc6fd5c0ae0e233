"""Assessments, their questions, answers and scores."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from accounts.enums import Area
from accounts.tenancy import Access, Can
from api.access import reach
from api.paging import Paging, page_of
from api.problems import Problem
from api.repeats import once
from api.scopes import Scope
from api.texts import Day, storable
from assessments.models import Answer, Assessment
from assessments.services import assessment_create
from assessments.services.answers import (
    AnswerInvalid,
    AssessmentClosed,
    Expiry,
    StaleAnswer,
    answer_save,
)

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


class QuestionOut(Schema):
    id: str
    title: str
    text: str
    why: str
    kind: str
    levels: list[str]
    options: list[dict[str, str]]


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
    state: str = Field(
        "answered", description="answered, unknown or not_applicable", examples=["answered"]
    )
    value: Any = Field(None, description="What the kind of the question asks for.", examples=[3])
    reason: str = Field("", max_length=5000, description="Why it is not applicable.")
    note: str = Field("", max_length=10000)
    basis: str | None = Field(None, max_length=20, description="estimate, document or measured …")
    expires_on: Day | None = None
    version: int = Field(0, ge=0, le=2**31 - 1, description="The version you saw; 0: none yet.")


class OneAnswerIn(AnswerIn):
    question: str = Field(max_length=40, examples=["Q1.01"])


class AnswersIn(Schema):
    answers: list[OneAnswerIn] = Field(min_length=1, max_length=MOST_ANSWERS)


class ResultOut(Schema):
    question: str
    saved: bool
    version: int | None = None
    problem: str = ""


class ResultsOut(Schema):
    results: list[ResultOut]


class ScoresOut(Schema):
    input_hash: str
    guide: str
    guide_version: str
    made_at: datetime
    scorecard: dict[str, Any]


@router.get(HERE, response=AssessmentPage, summary="List assessments")
def assessments(request: HttpRequest, slug: str, paging: Query[Paging]) -> Any:
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
    return [
        {
            "id": one.id,
            "title": one.title,
            "text": one.text,
            "why": one.why,
            "kind": str(one.kind),
            "levels": list(one.levels),
            "options": [{"id": option.id, "label": option.label} for option in one.options],
        }
        for one in found.guide.questions.values()
    ]


@router.get(HERE + "/{int:pk}/answers", response=AnswerPage, summary="Its answers")
def answers(request: HttpRequest, slug: str, pk: int, paging: Query[Paging]) -> Any:
    access = reach(request, slug, Scope.ANSWERS_READ, Can.READ_ALL, AREA)
    rows, following = page_of(Answer.objects.filter(assessment=_assessment(access, pk)), paging)
    return {"items": [_answer(row) for row in rows], "next_cursor": following}


@router.put(HERE + "/{int:pk}/answers/{question}", response=AnswerOut, summary="Save one answer")
def save(request: HttpRequest, slug: str, pk: int, question: str, body: AnswerIn) -> Any:
    access = reach(request, slug, Scope.ANSWERS_WRITE, Can.EDIT, AREA)
    return _answer(_saved(access, _assessment(access, pk), question, body))


@router.post(
    HERE + "/{int:pk}/answers", response=ResultsOut, summary="Save many answers, each by itself"
)
@once
def save_many(request: HttpRequest, slug: str, pk: int, body: AnswersIn) -> Any:
    access = reach(request, slug, Scope.ANSWERS_WRITE, Can.EDIT, AREA)
    found = _assessment(access, pk)
    results: list[dict[str, Any]] = []
    for one in body.answers:
        try:
            row = _saved(access, found, one.question, one)
        except Problem as problem:
            results.append({"question": one.question, "saved": False, "problem": problem.detail})
        else:
            results.append({"question": one.question, "saved": True, "version": row.version})
    return {"results": results}


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


def _saved(access: Access, assessment: Assessment, question: str, body: AnswerIn) -> Answer:
    value: dict[str, Any] = {"expires_on": body.expires_on}
    if "expires_on" not in body.model_fields_set:
        value["expires_on"] = Expiry.KEEP
    try:
        return answer_save(
            assessment=assessment,
            user=access.user,
            question_id=question,
            state=body.state,
            value=body.value,
            reason=body.reason,
            note=body.note,
            basis=body.basis,
            version=body.version,
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

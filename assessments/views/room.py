"""The page of one question: its answer and everything people brought to it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.tenancy import Access, Can, tenant_view
from assessments.access import assessment_for, question_or_404
from assessments.answer_text import answer_lines
from assessments.domain.answers import UNANSWERED
from assessments.models import Assessment
from assessments.pages.questionnaire import step_of
from assessments.pages.room.assignment import assignment_context
from assessments.pages.room.comments import comments_context
from assessments.pages.room.confirmation import confirmation_context
from assessments.pages.room.evidence import EvidenceForm, evidence_context
from assessments.pages.room.seats import seats_context
from assessments.queries import answer_rows, question_url
from assessments.views.questions import question_context
from assessments.views.typed import typed_for
from guide.model import Question


@tenant_view(Can.VIEW)
@require_safe
def question(request: HttpRequest, access: Access, pk: int, question_id: str) -> HttpResponse:
    return render_room(request, access, assessment_for(access, pk), question_id)


def render_room(
    request: HttpRequest,
    access: Access,
    assessment: Assessment,
    question_id: str,
    *,
    status: int = 200,
    **extra: object,
) -> HttpResponse:
    """The whole page; `extra` carries the form that could not be saved, with what was typed."""
    question = question_or_404(access, assessment, question_id)
    row = answer_rows(assessment).get(question.id)
    answer = row.to_domain() if row else UNANSWERED
    context = {
        **question_context(access, assessment),
        "question": question,
        "step": step_of(assessment.guide, question),
        "row": row,
        "answer": answer,
        "lines": answer_lines(question, answer),
        "answer_url": question_url(assessment, question, access.organization.slug),
    }
    for part in (
        confirmation_context,
        evidence_context,
        seats_context,
        comments_context,
        assignment_context,
    ):
        context |= part(access, assessment, question, row)
    context["evidence_form"] = typed_evidence(request, access, assessment, question)
    return render(request, "assessments/room.html", context | extra, status=status)


def typed_evidence(
    request: HttpRequest, access: Access, assessment: Assessment, question: Question
) -> EvidenceForm:
    """The form for more evidence, with what was typed when the session ended."""
    arguments = [access.organization.slug, assessment.pk, question.id]
    typed = typed_for(request, reverse("assessments:evidence_add", args=arguments))
    return EvidenceForm(initial=typed.dict() if typed is not None else None)

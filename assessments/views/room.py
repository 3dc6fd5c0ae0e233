"""The page of one question: its answer and everything people brought to it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.tenancy import Access, Can, tenant_view
from assessments.access import assessment_for, question_or_404
from assessments.answer_text import answer_lines
from assessments.domain.answers import UNANSWERED
from assessments.models import Assessment
from assessments.queries import answer_rows, question_url
from assessments.room.assignment import assignment_context
from assessments.room.comments import comments_context
from assessments.room.confirmation import confirmation_context
from assessments.room.evidence import evidence_context
from assessments.room.seats import seats_context
from assessments.views.questions import question_context


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
    return render(request, "assessments/room.html", context | extra, status=status)

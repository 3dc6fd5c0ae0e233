"""Adding, changing and removing the rows of a table question, in place or on a page."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.tenancy import Access, Can, tenant_view
from assessments.access import assessment_for, question_or_404
from assessments.forms.questions import QuestionForm, RowForm
from assessments.models import Answer, Assessment
from assessments.pages.questionnaire import step_of
from assessments.pages.tables import SHOWN_ROWS
from assessments.queries import answer_rows, question_url
from assessments.services import (
    AnswerInvalid,
    AssessmentClosed,
    StaleAnswer,
    row_remove,
    row_save,
    stored_answer,
)
from assessments.views.questions import (
    closed,
    question_context,
    render_question,
)
from assessments.views.typed import forget_typed, keeps_typed, typed_for
from guide.model import Question


@keeps_typed
@tenant_view(Can.ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def row(request: HttpRequest, access: Access, pk: int, question_id: str, row: str) -> HttpResponse:
    """One row: `row` is its number from 0, or "new". `?remove` asks before taking it out."""
    assessment = assessment_for(access, pk)
    question = question_or_404(access, assessment, question_id)
    number = _row_number(question, row)
    if assessment.is_submitted:
        return closed(request, assessment)
    if request.method == "POST":
        return _save(request, access, assessment, question, number)
    stored = stored_answer(assessment, question.id)
    rows = list(stored.value or []) if stored else []
    if number is not None and number >= len(rows):
        raise Http404("No such row.")
    cells = rows[number] if number is not None else {}
    typed = typed_for(request, request.path)
    form = RowForm(question, number, cells, typed)
    form.is_removing = "remove" in request.GET and number is not None
    return _render(request, access, assessment, stored, form)


def _row_number(question: Question, row: str) -> int | None:
    if question.kind != "table":
        raise Http404("This question has no rows.")
    if row == "new":
        return None
    if not row.isdecimal() or len(row) > 5:
        raise Http404("No such row.")
    return int(row)


def _save(
    request: HttpRequest,
    access: Access,
    assessment: Assessment,
    question: Question,
    number: int | None,
) -> HttpResponse:
    forget_typed(request, request.path)
    form = RowForm(question, number, data=request.POST)
    form.is_removing = "remove" in request.POST and number is not None
    common: dict[str, Any] = {
        "assessment": assessment,
        "user": access.user,
        "question_id": question.id,
        "was": form.was,
    }
    try:
        if form.is_removing:
            saved = row_remove(**common, row=number or 0)
        else:
            saved = row_save(**common, row=number, cells=form.cells)
    except AnswerInvalid as invalid:
        form.errors, form.wrong = invalid.messages, invalid.fields
        stored = stored_answer(assessment, question.id)
        return _render(request, access, assessment, stored, form, status=422)
    except StaleAnswer as stale:
        return _render_stale(request, access, assessment, stale.current, form)
    except AssessmentClosed:
        return closed(request, assessment)
    if not request.htmx:
        place = number if number is not None else len(saved.value or []) - 1
        return redirect(_back(request, access, assessment, question, place))
    shown = QuestionForm(question, saved)
    rows = answer_rows(assessment)
    return render_question(request, access, assessment, shown, rows, focus_rows=True, was_row=form)


def _is_from_table(request: HttpRequest) -> bool:
    """Whether the row was opened from the table's own page, and leads back there."""
    return "table" in (request.GET.get("from"), request.POST.get("from"))


def _back(
    request: HttpRequest, access: Access, assessment: Assessment, question: Question, row: int
) -> str:
    slug = access.organization.slug
    if not _is_from_table(request):
        return question_url(assessment, question, slug)
    page = max(row, 0) // SHOWN_ROWS + 1
    path = reverse("assessments:table", args=[slug, assessment.pk, question.id])
    return f"{path}?page={page}#row-{row}"


def _render_stale(
    request: HttpRequest,
    access: Access,
    assessment: Assessment,
    current: Answer,
    form: RowForm,
) -> HttpResponse:
    """Someone changed or removed this very row: what was typed can only become a new one."""
    form.stale_by, form.row = current, None
    if form.is_removing:
        form.is_removing, form.cells = False, {}
    return _render(request, access, assessment, current, form, status=409)


def _render(
    request: HttpRequest,
    access: Access,
    assessment: Assessment,
    stored: Answer | None,
    form: RowForm,
    *,
    status: int = 200,
) -> HttpResponse:
    if request.htmx:
        shown = QuestionForm(form.question, stored)
        return render_question(
            request,
            access,
            assessment,
            shown,
            answer_rows(assessment),
            row_form=form,
            status=status,
        )
    context = {
        "row_form": form,
        "form": QuestionForm(form.question, stored),
        "step": step_of(assessment.guide, form.question),
        "back": _back(request, access, assessment, form.question, form.row or 0),
        "from_table": _is_from_table(request),
        **question_context(access, assessment),
    }
    return render(request, "assessments/row.html", context, status=status)

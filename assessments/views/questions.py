"""The pages of questions and the saving of answers."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import reswap, retarget

from accounts.tenancy import Access, Can, tenant_view
from assessments.access import assessment_for, fillable, question_or_404, reads_all
from assessments.asides import asides_for, proof_aside
from assessments.domain.applicability import Applicability, applicable
from assessments.forms.questions import QuestionForm
from assessments.models import Answer, Assessment
from assessments.pages.proof_notes import proof_notes
from assessments.pages.questionnaire import page_of_questions, step_of
from assessments.queries import answer_rows, domain_answers, question_anchor, question_url
from assessments.services import AnswerInvalid, AssessmentClosed, StaleAnswer, answer_save
from assessments.services.moving import asks_otherwise, asks_otherwise_now
from assessments.views.typed import forget_typed, keeps_typed, typed_for
from guide.model import Question, Step


@tenant_view(Can.VIEW)
@require_safe
def profile(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    return render_questions(request, access, assessment_for(access, pk), None)


@tenant_view(Can.VIEW)
@require_safe
def step(request: HttpRequest, access: Access, pk: int, number: int) -> HttpResponse:
    assessment = assessment_for(access, pk)
    found = next((step for step in assessment.guide.steps if step.number == number), None)
    if found is None:
        raise Http404("No such step.")
    return render_questions(request, access, assessment, found)


def render_questions(
    request: HttpRequest,
    access: Access,
    assessment: Assessment,
    step: Step | None,
    *,
    bound: QuestionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """A whole page of questions; `bound` is the one that could not be saved."""
    rows = answer_rows(assessment)
    page = page_of_questions(
        assessment,
        step,
        rows,
        allows=fillable(access, assessment).allows,
        bound=bound,
        typed=lambda question: typed_for(request, answer_path(access, assessment, question)),
        asides=asides_for(assessment, rows),
    )
    context = {"page": page, **question_context(access, assessment)}
    if context["reads_all"]:
        shown = {form.question.id for part in page.sections for form in part.forms}
        context["notes"] = proof_notes(assessment.guide, domain_answers(rows), shown)
    return render(request, "assessments/questions.html", context, status=status)


def question_context(access: Access, assessment: Assessment) -> dict[str, Any]:
    return {
        "assessment": assessment,
        "guide": assessment.guide,
        "editable": access.can_answer and not assessment.is_submitted,
        "reads_all": reads_all(access, assessment),
    }


def answer_path(access: Access, assessment: Assessment, question: Question) -> str:
    return reverse(
        "assessments:answer", args=[access.organization.slug, assessment.pk, question.id]
    )


@keeps_typed
@tenant_view(Can.ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, access: Access, pk: int, question_id: str) -> HttpResponse:
    """POST saves one answer. GET shows the question as it is stored."""
    assessment = assessment_for(access, pk)
    question = question_or_404(access, assessment, question_id)
    if request.method != "POST":
        return _show(request, access, assessment, question)
    forget_typed(request, request.path)
    if assessment.is_submitted:
        return closed(request, assessment)
    rows = answer_rows(assessment)
    form = QuestionForm(question, rows.get(question.id), request.POST)
    given = form.clean()
    if asks_otherwise(assessment, question.id, request.POST.get("guide_version", "")):
        form.errors = [asks_otherwise_now()]
        given = None
    if given is None:
        return _refuse(request, access, assessment, form, status=422)
    try:
        saved = answer_save(
            assessment=assessment,
            user=access.user,
            question_id=question.id,
            state=str(given.state),
            value=given.value,
            reason=given.reason,
            note=given.note,
            basis=str(given.basis) if given.basis else None,
            expires_on=form.expires_on,
            version=form.version,
            rows=rows,
        )
    except AnswerInvalid as invalid:
        form.errors = invalid.messages
        return _refuse(request, access, assessment, form, status=422)
    except StaleAnswer as stale:
        # The form keeps the old version, so that only "keep mine" can overwrite theirs.
        form.stored, form.is_stale = stale.current, True
        return _refuse(request, access, assessment, form, status=409)
    except AssessmentClosed:
        return closed(request, assessment)
    if not request.htmx:
        return redirect(_page_with(request, access, assessment, question))
    return _saved(request, access, assessment, saved, rows)


def _page_with(
    request: HttpRequest, access: Access, assessment: Assessment, question: Question
) -> str:
    """The page the question was answered on, at the question."""
    if request.POST.get("back") == "quick" and question.id in assessment.guide.quick_scan:
        path = reverse("assessments:quick", args=[access.organization.slug, assessment.pk])
        return f"{path}#{question_anchor(question.id)}"
    return question_url(assessment, question, access.organization.slug)


def _show(
    request: HttpRequest, access: Access, assessment: Assessment, question: Question
) -> HttpResponse:
    if "discard" in request.GET:
        forget_typed(request, request.path)
    if not request.htmx:
        return redirect(question_url(assessment, question, access.organization.slug))
    rows = answer_rows(assessment)
    form = QuestionForm(question, rows.get(question.id))
    return render_question(request, access, assessment, form, rows)


def render_question(
    request: HttpRequest,
    access: Access,
    assessment: Assessment,
    form: QuestionForm,
    rows: dict[str, Answer],
    **extra: Any,
) -> HttpResponse:
    """One question of the page, to be swapped in whole, and the progress beside it."""
    status = extra.pop("status", 200)
    page = page_of_questions(
        assessment,
        step_of(assessment.guide, form.question),
        rows,
        allows=fillable(access, assessment).allows,
    )
    form.aside = proof_aside(assessment, form.question, rows.get(form.question.id))
    context = {
        "form": form,
        "page": page,
        **question_context(access, assessment),
        **extra,
    }
    return render(request, "assessments/question_swapped.html", context, status=status)


def _saved(
    request: HttpRequest,
    access: Access,
    assessment: Assessment,
    saved: Answer,
    before: dict[str, Answer],
) -> HttpResponse:
    """The state below the question; the form itself stays, with the cursor where it is."""
    question = assessment.guide.question(saved.question_id)
    saved.take_evidence_from(before.get(question.id), timezone.localdate())
    form = QuestionForm(question, saved)
    form.aside = proof_aside(assessment, question, saved)
    rows = {**before, saved.question_id: saved}
    # A past day goes with a new answer: then the form must not go on showing it.
    if request.POST.get("clear") or _shows_another_day(request, form):
        response = render_question(request, access, assessment, form, rows)
        return reswap(retarget(response, f"#{form.anchor}"), "outerHTML")
    page = page_of_questions(
        assessment,
        step_of(assessment.guide, question),
        rows,
        allows=fillable(access, assessment).allows,
    )
    form.changes_questions = _asked(assessment, rows) != _asked(assessment, before)
    context = {"form": form, "page": page, **question_context(access, assessment)}
    return render(request, "assessments/save_state_swapped.html", context)


def _shows_another_day(request: HttpRequest, form: QuestionForm) -> bool:
    posted = request.POST.get(f"{form.prefix}-expires")
    return posted is not None and posted.strip() != form.expires


def _asked(assessment: Assessment, rows: dict[str, Answer]) -> dict[str, Applicability]:
    return applicable(assessment.guide, domain_answers(rows))


def _refuse(
    request: HttpRequest,
    access: Access,
    assessment: Assessment,
    form: QuestionForm,
    *,
    status: int,
) -> HttpResponse:
    """Say why at the question and keep what was typed."""
    if request.htmx:
        context = {"form": form, **question_context(access, assessment)}
        return render(request, "assessments/save_state.html", context, status=status)
    step = step_of(assessment.guide, form.question)
    return render_questions(request, access, assessment, step, bound=form, status=status)


def closed(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """A submitted assessment takes no more answers: say so, with 409 instead of a crash."""
    template = "assessments/closed_state.html" if request.htmx else "assessments/closed.html"
    return render(request, template, {"assessment": assessment}, status=409)

"""Answering from one's own seat, and settling what the seats disagree on."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import reswap, retarget

from accounts.models import Membership
from accounts.tenancy import Access, Can, tenant_view
from assessments.access import assessment_for, fillable, question_or_404
from assessments.domain.applicability import asked_questions
from assessments.domain.divergence import can_be_seated
from assessments.forms.seats import SeatForm, SettleForm
from assessments.models import Assessment, SeatAnswer
from assessments.pages.questionnaire import step_of
from assessments.pages.room.seats import SeatsPart, last_seat
from assessments.pages.seats import Person, people_who_may_agree, seat_progress
from assessments.queries import answer_rows, domain_answers, question_anchor
from assessments.services import AnswerInvalid, AssessmentClosed, StaleAnswer
from assessments.services.moving import asks_otherwise, asks_otherwise_now
from assessments.services.seats import answer_settle, seat_answer_save
from assessments.views.questions import closed, question_context
from assessments.views.room import render_room
from assessments.views.typed import forget_typed, keeps_typed, typed_for
from guide.model import Question, Seat, Step


@require_safe
@tenant_view(Can.ANSWER)
def seats(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """Choose a seat, then a step to fill from it."""
    assessment = assessment_for(access, pk)
    asked_for = request.GET.get("seat", "")
    chosen = next((seat for seat in assessment.guide.seats if seat.id == asked_for), None)
    chosen = chosen or last_seat(access, assessment)
    context = {
        **question_context(access, assessment),
        "chosen": chosen,
        "steps": seat_progress(access, assessment, chosen) if chosen else (),
    }
    return render(request, "assessments/seats/choose.html", context)


@require_safe
@tenant_view(Can.ANSWER)
def seat_step(
    request: HttpRequest, access: Access, pk: int, seat: str, number: int
) -> HttpResponse:
    """The questions of a step that can be answered from a seat."""
    assessment = assessment_for(access, pk)
    step = next((step for step in assessment.guide.steps if step.number == number), None)
    if step is None:
        raise Http404("No such step.")
    return _render_step(request, access, assessment, _seat_or_404(assessment, seat), step)


def _render_step(
    request: HttpRequest,
    access: Access,
    assessment: Assessment,
    seat: Seat,
    step: Step,
    *,
    bound: SeatForm | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = {q.id for q in asked_questions(assessment.guide, _answers(assessment))}
    allowed = fillable(access, assessment)
    questions = [q for q in step.questions if q.id in asked and allowed.allows(q.id)]
    own = SeatAnswer.objects.filter(assessment=assessment, user=access.user, seat=seat.id)
    rows = {row.question_id: row for row in own}

    def form_of(question: Question) -> SeatForm:
        if bound is not None and bound.question.id == question.id:
            return bound
        typed = typed_for(request, _answer_path(access, assessment, seat, question))
        form = SeatForm(question, seat, rows.get(question.id), typed)
        form.is_unsaved = typed is not None
        return form

    forms = {q.id: form_of(q) for q in questions if can_be_seated(q)}
    steps = assessment.guide.steps
    context = {
        **question_context(access, assessment),
        "seat": seat,
        "step": step,
        "sections": [
            (section, part)
            for section in step.sections
            if (part := [forms[q.id] for q in section.questions if q.id in forms])
        ],
        "answered": sum(1 for question_id in forms if question_id in rows),
        "asked": len(forms),
        "left_out": [q for q in questions if not can_be_seated(q)],
        "next_step": next((s for s in steps if s.number == step.number + 1), None),
        "bound": bound,
    }
    return render(request, "assessments/seats/step.html", context, status=status)


@keeps_typed
@tenant_view(Can.ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def seat_answer(
    request: HttpRequest, access: Access, pk: int, seat: str, question_id: str
) -> HttpResponse:
    """POST saves one's own answer from that seat. GET is the question's page with that seat."""
    assessment = assessment_for(access, pk)
    question = question_or_404(access, assessment, question_id)
    chosen = _seat_or_404(assessment, seat)
    if request.method != "POST":
        if "discard" in request.GET:
            forget_typed(request, request.path)
        return _render_room(request, access, assessment, question, chosen)
    forget_typed(request, request.path)
    if assessment.is_submitted:
        return closed(request, assessment)
    form = SeatForm(question, chosen, data=request.POST)
    given = form.clean()
    if asks_otherwise(assessment, question.id, request.POST.get("guide_version", "")):
        form.errors, given = [asks_otherwise_now()], None
    try:
        if given is None:
            return _refuse(request, access, assessment, form)
        form.own = seat_answer_save(
            assessment=assessment,
            user=access.user,
            question=question,
            seat=chosen.id,
            given=given,
        )
    except AnswerInvalid as invalid:
        form.errors = invalid.messages
        return _refuse(request, access, assessment, form)
    except AssessmentClosed:
        return closed(request, assessment)
    if request.htmx:
        return _saved(request, access, assessment, form)
    return redirect(_back(request, access, assessment, chosen, question))


def _saved(
    request: HttpRequest, access: Access, assessment: Assessment, form: SeatForm
) -> HttpResponse:
    """The state below the question; the whole form when what it held was taken back."""
    context = {"form": form, **question_context(access, assessment)}
    if form.own is not None:
        context["is_in_room"] = request.POST.get("back") != "step"
        return render(request, "assessments/seats/save_state.html", context)
    context["form"] = SeatForm(form.question, form.seat)
    context["back"] = "step" if request.POST.get("back") == "step" else "room"
    context["taken_back"] = True
    response = render(request, "assessments/seats/answer_form.html", context)
    return reswap(retarget(response, f"#{form.anchor}-form"), "outerHTML")


def _back(
    request: HttpRequest, access: Access, assessment: Assessment, seat: Seat, question: Question
) -> str:
    step = step_of(assessment.guide, question)
    if request.POST.get("back") == "step" and step is not None:
        slug = access.organization.slug
        path = reverse("assessments:seat_step", args=[slug, assessment.pk, seat.id, step.number])
        return f"{path}#seat-{question_anchor(question.id)}"
    return f"{_answer_path(access, assessment, seat, question)}#seats"


def _refuse(
    request: HttpRequest, access: Access, assessment: Assessment, form: SeatForm
) -> HttpResponse:
    """Say why at the question and keep what was typed."""
    if request.htmx:
        context = {"form": form, **question_context(access, assessment)}
        return render(request, "assessments/seats/save_state.html", context, status=422)
    step = step_of(assessment.guide, form.question)
    if request.POST.get("back") == "step" and step is not None:
        return _render_step(request, access, assessment, form.seat, step, bound=form, status=422)
    return _render_room(
        request, access, assessment, form.question, form.seat, form=form, status=422
    )


def _render_room(
    request: HttpRequest,
    access: Access,
    assessment: Assessment,
    question: Question,
    seat: Seat,
    *,
    form: SeatForm | None = None,
    status: int = 200,
) -> HttpResponse:
    row = answer_rows(assessment).get(question.id)
    typed = typed_for(request, request.path) if form is None else None
    if typed is not None:
        form = SeatForm(question, seat, data=typed)
        form.is_unsaved = True
    part = SeatsPart(access, assessment, question, row, seat, form)
    return render_room(request, access, assessment, question.id, status=status, seats=part)


def _seat_or_404(assessment: Assessment, seat_id: str) -> Seat:
    seat = next((seat for seat in assessment.guide.seats if seat.id == seat_id), None)
    if seat is None:
        raise Http404("No such seat.")
    return seat


def _answer_path(access: Access, assessment: Assessment, seat: Seat, question: Question) -> str:
    return reverse(
        "assessments:seat_answer",
        args=[access.organization.slug, assessment.pk, seat.id, question.id],
    )


def _answers(assessment: Assessment) -> dict[str, Any]:
    return domain_answers(answer_rows(assessment))


@keeps_typed
@tenant_view(Can.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: HttpRequest, access: Access, pk: int, question_id: str) -> HttpResponse:
    """Decide on one answer: all voices beside the form that writes it."""
    assessment = assessment_for(access, pk)
    question = question_or_404(access, assessment, question_id)
    if not can_be_seated(question):
        raise Http404("This question is not answered from seats.")
    if assessment.is_submitted:
        return closed(request, assessment)
    rows = answer_rows(assessment)
    is_posted = request.method == "POST"
    given = request.POST if is_posted else typed_for(request, request.path)
    form = SettleForm(question, rows.get(question.id), given)
    if not is_posted:
        form.is_unsaved = given is not None
        return _render_settle(request, access, assessment, form)
    forget_typed(request, request.path)
    decided = form.clean()
    if decided is None:
        return _render_settle(request, access, assessment, form, status=422)
    try:
        answer_settle(
            assessment=assessment,
            user=access.user,
            question_id=question.id,
            given=decided,
            version=form.version,
            agreed=form.agreed,
            also=form.names,
            note=form.decision_note,
            expires_on=form.expires_on,
        )
    except AnswerInvalid as invalid:
        form.errors = invalid.messages
        return _render_settle(request, access, assessment, form, status=422)
    except StaleAnswer as stale:
        form.stored, form.is_stale = stale.current, True
        return _render_settle(request, access, assessment, form, status=409)
    except AssessmentClosed:
        return closed(request, assessment)
    messages.success(request, _("Settled. The answer and who agreed are kept together."))
    path = reverse(
        "assessments:question", args=[access.organization.slug, assessment.pk, question.id]
    )
    return redirect(f"{path}#seats")


def _render_settle(
    request: HttpRequest,
    access: Access,
    assessment: Assessment,
    form: SettleForm,
    *,
    status: int = 200,
) -> HttpResponse:
    part = SeatsPart(access, assessment, form.question, form.stored)
    members = Membership.objects.filter(organization=access.organization).select_related("user")
    people: list[Person] = people_who_may_agree(assessment.guide, part.rows, members, form.agreed)
    context = {
        **question_context(access, assessment),
        "question": form.question,
        "seats": part,
        "settling": form,
        "people": people,
    }
    return render(request, "assessments/seats/settle.html", context, status=status)

"""The workshop: a step on the projector, question by question, settled in the room.

Whoever leads it is an editor. Two may lead it at once: settling carries the version that was seen.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Membership
from accounts.tenancy import Access, Can, tenant_view
from assessments.access import assessment_for, question_or_404
from assessments.domain.divergence import can_be_seated
from assessments.forms.seats import SettleForm
from assessments.models import Assessment
from assessments.pages.questionnaire import step_of
from assessments.pages.room.seats import SeatsPart
from assessments.pages.seats import people_who_may_agree
from assessments.pages.workshop import Showing, step_outcome, talkable
from assessments.pages.workshop.outcome import parked_ids
from assessments.queries import answer_rows, domain_answers
from assessments.services import AnswerInvalid, AssessmentClosed, StaleAnswer
from assessments.services.seats import answer_settle
from assessments.services.workshop import talk_park, talk_unpark
from assessments.views.questions import closed, question_context
from guide.model import Step


@require_safe
@tenant_view(Can.EDIT)
def index(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """Choose a step to go through."""
    assessment = assessment_for(access, pk)
    answers = domain_answers(answer_rows(assessment))
    steps = [(step, len(talkable(assessment, step, answers))) for step in assessment.guide.steps]
    context = {**question_context(access, assessment), "steps": steps}
    return render(request, "assessments/workshop/index.html", context)


@require_safe
@tenant_view(Can.EDIT)
def outcome(request: HttpRequest, access: Access, pk: int, number: int) -> HttpResponse:
    """What the step's workshop came to. `?start`: straight to the first open question."""
    assessment = assessment_for(access, pk)
    found = step_outcome(assessment, _step_or_404(assessment, number))
    if "start" in request.GET and found.questions:
        first = (found.open or found.questions)[0]
        return redirect("workshops:question", access.organization.slug, assessment.pk, first.id)
    context = {**question_context(access, assessment), "outcome": found, "step": found.step}
    return render(request, "assessments/workshop/outcome.html", context)


def _step_or_404(assessment: Assessment, number: int) -> Step:
    step = next((step for step in assessment.guide.steps if step.number == number), None)
    if step is None:
        raise Http404("No such step.")
    return step


@tenant_view(Can.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, access: Access, pk: int, question_id: str) -> HttpResponse:
    """One question. POST settles it, puts it off or takes it up again.

    `?part=spread`: only what people say from their seats. `?names=1`: with who says it.
    """
    assessment = assessment_for(access, pk)
    showing = _showing(access, assessment, question_id)
    if request.method != "POST":
        form = SettleForm(showing.question, showing.seats.answer)
        return _render(request, access, assessment, showing, form)
    if assessment.is_submitted:
        return closed(request, assessment)
    try:
        return _acted(request, access, assessment, showing)
    except AssessmentClosed:
        return closed(request, assessment)


def _showing(access: Access, assessment: Assessment, question_id: str) -> Showing:
    found = question_or_404(access, assessment, question_id)
    step = step_of(assessment.guide, found)
    if step is None or not can_be_seated(found):
        raise Http404("No question for a workshop.")
    rows = answer_rows(assessment)
    questions = talkable(assessment, step, domain_answers(rows))
    if found not in questions:
        raise Http404("The question does not apply.")
    seats = SeatsPart(access, assessment, found, rows.get(found.id))
    return Showing(step, questions, found, seats, found.id in parked_ids(assessment))


def _acted(
    request: HttpRequest, access: Access, assessment: Assessment, showing: Showing
) -> HttpResponse:
    told = {"assessment": assessment, "user": access.user, "question_id": showing.question.id}
    action = request.POST.get("action", "")
    if action == "park":
        talk_park(**told)
        return _onward(request, access, assessment, showing)
    if action == "unpark":
        talk_unpark(**told)
        return redirect(request.get_full_path())
    return _settled(request, access, assessment, showing)


def _settled(
    request: HttpRequest, access: Access, assessment: Assessment, showing: Showing
) -> HttpResponse:
    form = SettleForm(showing.question, showing.seats.answer, request.POST)
    decided = form.clean()
    if decided is None:
        return _render(request, access, assessment, showing, form, status=422)
    try:
        answer_settle(
            assessment=assessment,
            user=access.user,
            question_id=showing.question.id,
            given=decided,
            version=form.version,
            agreed=form.agreed,
            also=form.names,
            note=form.decision_note,
            expires_on=form.expires_on,
        )
    except AnswerInvalid as invalid:
        form.errors = invalid.messages
        return _render(request, access, assessment, showing, form, status=422)
    except StaleAnswer as stale:
        form.stored, form.is_stale = stale.current, True
        return _render(request, access, assessment, showing, form, status=409)
    if showing.is_parked:
        talk_unpark(assessment=assessment, user=access.user, question_id=showing.question.id)
    return _onward(request, access, assessment, showing)


def _onward(
    request: HttpRequest, access: Access, assessment: Assessment, showing: Showing
) -> HttpResponse:
    """To the next question, or to what the step came to."""
    place = [access.organization.slug, assessment.pk]
    names = "?names=1" if request.GET.get("names") else ""
    if showing.after is None:
        return redirect("workshops:outcome", *place, showing.step.number)
    return redirect(reverse("workshops:question", args=[*place, showing.after.id]) + names)


def _render(
    request: HttpRequest,
    access: Access,
    assessment: Assessment,
    showing: Showing,
    form: SettleForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "assessment": assessment,
        "showing": showing,
        "question": showing.question,
        "seats": showing.seats,
        "with_names": bool(request.GET.get("names")),
        "names": "?names=1" if request.GET.get("names") else "",
    }
    if request.GET.get("part") == "spread":
        return render(request, "assessments/workshop/spread.html", context)
    members = Membership.objects.filter(organization=access.organization).select_related("user")
    context |= {
        **question_context(access, assessment),
        "settling": form,
        "people": people_who_may_agree(assessment.guide, showing.seats.rows, members, form.agreed),
        "minutes": 5,
    }
    return render(request, "assessments/workshop/question.html", context, status=status)

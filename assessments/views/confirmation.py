"""Confirming high answers: one on its page, or all that wait on a page of their own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.tenancy import Access, Can, tenant_view
from assessments.access import assessment_for, question_or_404, require_overview
from assessments.answer_text import answer_lines
from assessments.domain.proof import unconfirmed_questions
from assessments.models import Assessment
from assessments.pages.questionnaire import step_of
from assessments.queries import answer_rows, domain_answers
from assessments.services import AssessmentClosed
from assessments.services.confirmation import (
    NotConfirmed,
    answers_confirm,
    confirmation_withdraw,
    is_only_lead,
)
from assessments.views.questions import closed
from assessments.views.room import render_room


@tenant_view(Can.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, access: Access, pk: int, question_id: str) -> HttpResponse:
    """POST confirms the answer as it was seen, or withdraws. GET leads to the page."""
    assessment = assessment_for(access, pk)
    question = question_or_404(access, assessment, question_id)
    room = reverse(
        "assessments:question", args=[access.organization.slug, assessment.pk, question.id]
    )
    if request.method != "POST":
        return redirect(f"{room}#confirmation")
    reason = request.POST.get("reason", "")
    try:
        if "withdraw" in request.POST:
            if confirmation_withdraw(
                assessment=assessment, user=access.user, question_id=question.id
            ):
                messages.success(request, _("The confirmation was withdrawn."))
        else:
            seen = [(question.id, _version(request.POST.get("version", "")))]
            answers_confirm(assessment=assessment, user=access.user, seen=seen, reason=reason)
            messages.success(request, _("The answer is confirmed."))
    except NotConfirmed as refused:
        return render_room(
            request,
            access,
            assessment,
            question.id,
            status=422,
            confirmation_error=str(refused),
            confirmation_reason=reason,
        )
    except AssessmentClosed:
        return closed(request, assessment)
    return redirect(f"{room}#confirmation")


@tenant_view(Can.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def unconfirmed(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """All high answers that nothing shows; editors confirm several with one reason."""
    assessment = assessment_for(access, pk)
    require_overview(access, assessment)
    if request.method != "POST":
        return _render(request, access, assessment)
    access.require(Can.EDIT)
    seen = [
        (question_id, _version(version))
        for question_id, _colon, version in (
            chosen.rpartition(":") for chosen in request.POST.getlist("answers")
        )
    ]
    reason = request.POST.get("reason", "")
    try:
        if not seen:
            raise NotConfirmed(_("Tick the answers you stand for."))
        answers_confirm(assessment=assessment, user=access.user, seen=seen, reason=reason)
    except NotConfirmed as refused:
        return _render(request, access, assessment, error=str(refused), reason=reason, status=422)
    except AssessmentClosed:
        return closed(request, assessment)
    text = ngettext("%s answer is confirmed.", "%s answers are confirmed.", len(seen))
    messages.success(request, text % len(seen))
    return redirect("assessments:unconfirmed", access.organization.slug, assessment.pk)


def _render(
    request: HttpRequest,
    access: Access,
    assessment: Assessment,
    *,
    error: str = "",
    reason: str = "",
    status: int = 200,
) -> HttpResponse:
    rows = answer_rows(assessment)
    guide = assessment.guide
    waiting = unconfirmed_questions(guide, domain_answers(rows))
    is_alone = is_only_lead(access.organization, access.user) if access.can_edit else False
    may = access.can_edit and not assessment.is_submitted
    chosen = request.POST.getlist("answers")
    items = [
        {
            "question": question,
            "row": rows[question.id],
            "step": step_of(guide, question),
            "lines": answer_lines(question, rows[question.id].to_domain()),
            "key": f"{question.id}:{rows[question.id].version}",
            "is_own": (is_own := rows[question.id].updated_by_id == access.user.pk),
            "may_confirm": may and (is_alone or not is_own),
            "is_chosen": f"{question.id}:{rows[question.id].version}" in chosen,
        }
        for question in waiting
    ]
    context = {
        "assessment": assessment,
        "guide": guide,
        "items": items,
        "may_confirm": any(item["may_confirm"] for item in items),
        "is_alone": is_alone,
        "has_own": any(item["is_own"] for item in items),
        "error": error,
        "reason": reason,
    }
    return render(request, "assessments/unconfirmed.html", context, status=status)


def _version(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0

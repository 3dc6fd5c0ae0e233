"""Answers offered from the last round, and two rounds side by side."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.tenancy import Access, Can, tenant_view
from assessments.access import (
    assessment_for,
    fillable,
    question_or_404,
    reads_all,
    require_overview,
)
from assessments.models import Assessment, Suggestion
from assessments.pages.comparison import comparison_page
from assessments.queries import question_url
from assessments.services import AssessmentClosed, StaleAnswer
from assessments.services.rounds import (
    proposals_refresh,
    suggestion_dismiss,
    suggestion_take,
    suggestions_take,
)
from assessments.views.questions import closed


@require_POST
@tenant_view(Can.ANSWER)
def suggestion(request: HttpRequest, access: Access, pk: int, question_id: str) -> HttpResponse:
    """Take what is offered for one question, or have it offered no more."""
    assessment = assessment_for(access, pk)
    question = question_or_404(access, assessment, question_id)
    try:
        if request.POST.get("act") == "dismiss":
            suggestion_dismiss(assessment=assessment, question_id=question.id)
        else:
            suggestion_take(assessment=assessment, user=access.user, question_id=question.id)
    except Suggestion.DoesNotExist:
        messages.info(request, _("This answer is not offered any more."))
    except StaleAnswer:
        messages.warning(
            request, _("Someone answered this question in the meantime; their answer stands.")
        )
    except AssessmentClosed:
        return closed(request, assessment)
    return redirect(question_url(assessment, question, access.organization.slug))


@require_POST
@tenant_view(Can.ANSWER)
def suggestions(request: HttpRequest, access: Access, pk: int, number: int) -> HttpResponse:
    """Take all that is offered in a step, but for what asks something else now."""
    assessment = assessment_for(access, pk)
    step = next((step for step in assessment.guide.steps if step.number == number), None)
    if step is None:
        raise Http404("No such step.")
    allows = fillable(access, assessment).allows
    ids = [question.id for question in step.questions if allows(question.id)]
    try:
        taken = suggestions_take(assessment=assessment, user=access.user, question_ids=ids)
    except AssessmentClosed:
        return closed(request, assessment)
    text = ngettext(
        "%(number)s answer of the last round was taken over.",
        "%(number)s answers of the last round were taken over.",
        taken,
    )
    messages.success(request, text % {"number": taken})
    return redirect("assessments:step", access.organization.slug, assessment.pk, number)


@require_POST
@tenant_view(Can.EDIT)
def proposals(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """Offer anew what finished work and measured values say."""
    assessment = assessment_for(access, pk)
    try:
        offered = proposals_refresh(assessment=assessment, user=access.user)
    except AssessmentClosed:
        return closed(request, assessment)
    if offered:
        text = ngettext(
            "%(number)s answer is proposed; confirm it where the question is asked.",
            "%(number)s answers are proposed; confirm them where the questions are asked.",
            offered,
        )
        messages.success(request, text % {"number": offered})
    else:
        messages.info(
            request,
            _(
                "Nothing to propose: no finished work with evidence and no measured values say "
                "more than the answers do, or those questions are answered already."
            ),
        )
    return redirect("assessments:detail", access.organization.slug, assessment.pk)


@tenant_view(Can.VIEW)
@require_safe
def compare(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """This round beside another of the organization: `?with=` names it, else the one before."""
    assessment = assessment_for(access, pk)
    require_overview(access, assessment)
    rounds = list(
        # The same ids in another guide are other questions.
        access.scope(Assessment)
        .filter(guide_id=assessment.guide_id)
        .exclude(pk=assessment.pk)
        .order_by("-created_at", "-pk")[:100]
    )
    other = _chosen(request, access, assessment, rounds)
    context = {"assessment": assessment, "rounds": rounds, "other": other}
    if other is not None:
        require_overview(access, other)
        context["page"] = comparison_page(other, assessment, access.organization.slug)
    return render(request, "assessments/compare.html", context)


def _chosen(
    request: HttpRequest, access: Access, assessment: Assessment, rounds: list[Assessment]
) -> Assessment | None:
    """The round asked for; without a wish the best to compare with that the person may read."""
    wanted = request.GET.get("with", "")
    if wanted:
        found = next((other for other in rounds if str(other.pk) == wanted), None)
        if found is None:
            raise Http404("No such round of this organization.")
        return found
    readable = [other for other in rounds if reads_all(access, other)]
    earlier = [other for other in readable if other.created_at <= assessment.created_at]
    by_name = [other for other in readable if other.pk == assessment.previous_id]
    submitted = [other for other in earlier if other.is_submitted]
    return next(iter([*by_name, *submitted, *earlier]), None)

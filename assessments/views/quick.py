"""The quick scan: the few questions of the guide that give a first range for everything.

It is an assessment like any other, seen through few questions: its answers are there already when
someone goes on to the full steps.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.tenancy import Access, Can, tenant_view
from assessments.access import assessment_for, fillable, require_overview
from assessments.asides import asides_for
from assessments.domain.scoring import score
from assessments.guides import GuideNotOffered, chosen_guide
from assessments.models import Assessment
from assessments.pages.questionnaire import page_of_questions
from assessments.pages.quick_result import quick_result
from assessments.queries import answer_rows, domain_answers, last_profile, profile_start
from assessments.services import assessment_create
from assessments.views.questions import answer_path, question_context
from assessments.views.typed import typed_for
from guide.model import Guide, Section


@require_POST
@tenant_view(Can.EDIT)
def quick_start(request: HttpRequest, access: Access) -> HttpResponse:
    """The few questions of the newest draft, or of a new one with what is known of the profile.

    A second draft beside the one people work on would only take its place on the home page.
    """
    try:
        guide = chosen_guide(access.organization, request.POST.get("guide", ""))
    except GuideNotOffered:
        raise Http404("No such guide for a new assessment.") from None
    if not guide.quick_scan:
        raise Http404("This guide has no quick scan.")
    drafts = access.scope(Assessment).filter(guide_id=guide.id, submitted_at=None)
    newest = drafts.order_by("-created_at", "-pk").first()
    if newest is not None and newest.guide.quick_scan:
        return redirect("assessments:quick", access.organization.slug, newest.pk)
    assessment = assessment_create(
        organization=access.organization,
        user=access.user,
        name=_("Quick scan of %s") % date_format(timezone.localdate(), "F Y"),
        profile=last_profile(access.organization, guide)
        or profile_start(access.organization, guide),
        guide=guide,
    )
    return redirect("assessments:quick", access.organization.slug, assessment.pk)


@tenant_view(Can.VIEW)
@require_safe
def quick(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    assessment = assessment_for(access, pk)
    if not assessment.guide.quick_scan:
        raise Http404("This guide has no quick scan.")
    require_overview(access, assessment)
    rows = answer_rows(assessment)
    page = page_of_questions(
        assessment,
        None,
        rows,
        sections=[_few_questions(assessment.guide)],
        allows=fillable(access, assessment).allows,
        typed=lambda question: typed_for(request, answer_path(access, assessment, question)),
        asides=asides_for(assessment, rows),
    )
    context = {"page": page, "back": "quick", **question_context(access, assessment)}
    return render(request, "assessments/quick.html", context)


def _few_questions(guide: Guide) -> Section:
    questions = tuple(guide.question(question_id) for question_id in guide.quick_scan)
    return Section(id="quick-scan", title=_("Quick scan"), questions=questions)


@tenant_view(Can.VIEW)
@require_safe
def result(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """The first ranges, and what would narrow them."""
    assessment = assessment_for(access, pk)
    if not assessment.guide.quick_scan:
        raise Http404("This guide has no quick scan.")
    require_overview(access, assessment)
    answers = domain_answers(answer_rows(assessment))
    card = score(assessment.guide, answers)
    context = {
        "result": quick_result(assessment.guide, answers, card),
        **question_context(access, assessment),
    }
    return render(request, "assessments/quick_result.html", context)

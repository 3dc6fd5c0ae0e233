"""A newer version of an assessment's guide: what it changes, moving to it, and what was parked."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.tenancy import Access, Can, tenant_view
from assessments.access import require_overview
from assessments.domain.guide_migration import migrate_answers
from assessments.guides import GuideNotOffered, newer_guide
from assessments.models import Assessment
from assessments.pages.guides import changes_between
from assessments.pages.parked import parked_page
from assessments.queries import answer_set
from assessments.services import AssessmentClosed
from assessments.services.moving import assessment_move
from assessments.views.questions import closed


@tenant_view(Can.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """GET shows what would happen; POST moves. A second POST finds it moved."""
    assessment = access.get(Assessment, pk=pk)
    require_overview(access, assessment)
    if request.method == "POST":
        access.require(Can.EDIT)
        return _move(request, access, assessment)
    if assessment.is_submitted:
        messages.info(request, _("A submitted assessment keeps the guide it was made with."))
        return redirect("assessments:detail", access.organization.slug, assessment.pk)
    return render(request, "assessments/guides/move.html", _outlook(assessment))


def _outlook(assessment: Assessment) -> dict[str, Any]:
    """What differs, and what would become of each answer."""
    newer = newer_guide(assessment)
    context: dict[str, Any] = {"assessment": assessment, "newer": newer}
    if newer is None:
        return context
    old = assessment.guide
    migration = migrate_answers(old, newer, answer_set(assessment))
    return context | {
        "old": old,
        "new": newer,
        "changes": changes_between(old, newer),
        "kept": len(migration.kept) - len(migration.to_review),
        "to_review": [newer.question(question_id) for question_id in migration.to_review],
        "parked": migration.parked,
    }


def _move(request: HttpRequest, access: Access, assessment: Assessment) -> HttpResponse:
    back = redirect("assessments:detail", access.organization.slug, assessment.pk)
    try:
        moved = assessment_move(
            assessment=assessment, user=access.user, version=request.POST.get("to", "")
        )
    except AssessmentClosed:
        return closed(request, assessment)
    except GuideNotOffered:
        messages.warning(
            request,
            _("Nothing was moved: the guide has another newest version now. Look at it first."),
        )
        return redirect("assessments:move", access.organization.slug, assessment.pk)
    version = assessment.guide_version
    if moved:
        messages.success(request, _("The assessment now uses version %s of the guide.") % version)
    else:
        messages.info(request, _("The assessment uses version %s already.") % version)
    return back


@tenant_view(Can.VIEW)
@require_safe
def parked(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """What the assessment's guide no longer asks or can't hold, in the words it was given in."""
    assessment = access.get(Assessment, pk=pk)
    require_overview(access, assessment)
    context = {"assessment": assessment, "entries": parked_page(assessment)}
    return render(request, "assessments/guides/parked.html", context)

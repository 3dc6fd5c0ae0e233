"""Where the seats disagree, and the agenda of the meeting that settles it."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.tenancy import Access, Can, tenant_view
from assessments.access import assessment_for, require_overview
from assessments.models import Assessment
from assessments.pages.divergence import MEETING_MINUTES, divergence_page
from assessments.views.questions import question_context
from guide.model import Step


@tenant_view(Can.VIEW)
@require_safe
def divergence(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """The disagreements, the most urgent first."""
    assessment = assessment_for(access, pk)
    _require_no_seat_to_sway(access, assessment)
    step = _step_asked_for(request, assessment)
    context = {
        **question_context(access, assessment),
        "page": divergence_page(assessment, step),
        "step": step,
    }
    return render(request, "assessments/divergence/page.html", context)


@tenant_view(Can.VIEW)
@require_safe
def agenda(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """The same as an agenda to print: order, minutes, people, and room to write decisions."""
    assessment = assessment_for(access, pk)
    _require_no_seat_to_sway(access, assessment)
    step = _step_asked_for(request, assessment)
    page = divergence_page(assessment, step)
    agenda = page.agenda(None if request.GET.get("items") == "all" else MEETING_MINUTES)
    context = {
        **question_context(access, assessment),
        "page": page,
        "step": step,
        "agenda": agenda,
        "minutes": agenda[-1].until if agenda else 0,
        "left_out": len(page.items) - len(agenda),
    }
    return render(request, "assessments/divergence/agenda.html", context)


def _require_no_seat_to_sway(access: Access, assessment: Assessment) -> None:
    """403 for contributors while it is a draft, open to them or not.

    An open assessment lets them see the answers that count. What others say from their seats
    they may see only after answering themselves, question by question.
    """
    require_overview(access, assessment)
    if not assessment.is_submitted and not access.allows(Can.READ_ALL):
        raise PermissionDenied(
            _(
                "While “%(name)s” is a draft, contributors see what others said from their seats "
                "on each question’s page, after giving their own answer. This page would show "
                "it all at once."
            )
            % {"name": assessment.name}
        )


def _step_asked_for(request: HttpRequest, assessment: Assessment) -> Step | None:
    asked = request.GET.get("step", "")
    if not asked:
        return None
    step = next((s for s in assessment.guide.steps if str(s.number) == asked), None)
    if step is None:
        raise Http404("No such step.")
    return step

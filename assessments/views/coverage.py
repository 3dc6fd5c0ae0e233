"""What the answers say about the rules that apply, control by control."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.tenancy import Access, Can, tenant_view
from assessments.access import assessment_for, require_overview
from assessments.domain.answers import AnswerSet
from assessments.domain.compliance import coverage as coverage_of
from assessments.domain.compliance import gate_coverage
from assessments.models import Assessment, Snapshot
from assessments.pages.coverage import control_line, counted, item_line
from assessments.queries import answer_set


@tenant_view(Can.VIEW)
@require_safe
def coverage(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    assessment, answers = _answers(access, pk)
    slug = access.organization.slug
    regimes = [
        {
            "regime": part.regime,
            "counts": counted(part.counts),
            "controls": [control_line(assessment, slug, found) for found in part.controls],
        }
        for part in coverage_of(assessment.guide, answers)
    ]
    context = {"assessment": assessment, "guide": assessment.guide, "regimes": regimes}
    return render(request, "assessments/coverage.html", context)


@tenant_view(Can.VIEW)
@require_safe
def gate(request: HttpRequest, access: Access, pk: int, gate_id: str) -> HttpResponse:
    """The crosswalk of a gate: item → work → controls → answers and evidence."""
    assessment, answers = _answers(access, pk)
    found = next((gate for gate in assessment.guide.gates if gate.id == gate_id), None)
    if found is None:
        raise Http404("No such gate.")
    slug = access.organization.slug
    context = {
        "assessment": assessment,
        "guide": assessment.guide,
        "gate": found,
        "items": [
            item_line(assessment, slug, item)
            for item in gate_coverage(assessment.guide, answers, found)
        ],
    }
    return render(request, "assessments/coverage_gate.html", context)


def _answers(access: Access, pk: int) -> tuple[Assessment, AnswerSet]:
    assessment = assessment_for(access, pk)
    require_overview(access, assessment)
    if assessment.is_submitted:
        return assessment, access.get(Snapshot, assessment=assessment).answer_set()
    return assessment, answer_set(assessment)

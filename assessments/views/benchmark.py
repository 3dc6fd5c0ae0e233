"""How the organization's figures lie beside others'."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.tenancy import Access, Can, tenant_view
from assessments.access import assessment_for, require_overview
from assessments.domain.scoring import score
from assessments.models import Snapshot
from assessments.pages.benchmark import benchmark_sections, peers_of
from assessments.queries import answer_set
from assessments.stored_scorecard import scorecard_from_json


@tenant_view(Can.VIEW)
@require_safe
def benchmark(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    assessment = assessment_for(access, pk)
    require_overview(access, assessment)
    if assessment.is_submitted:
        snapshot = access.get(Snapshot, assessment=assessment)
        answers, card = snapshot.answer_set(), scorecard_from_json(snapshot.scorecard)
    else:
        answers = answer_set(assessment)
        card = score(assessment.guide, answers)
    context = {
        "assessment": assessment,
        "sections": benchmark_sections(assessment, answers, access.organization.slug),
        "peers": peers_of(access, assessment, card),
    }
    return render(request, "assessments/benchmark.html", context)

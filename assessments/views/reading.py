"""What the published sources report, and what it does not show."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.tenancy import Access, Can, tenant_view
from assessments.access import assessment_for
from assessments.domain.reading import shelves, topics

TITLES: dict[str, str | Promise] = {
    "case_study": _("Case studies"),
    "use_case": _("Use cases"),
    "benefit": _("What is claimed to get better"),
    "figure": _("Figures"),
    "partner": _("Judging a partner"),
    "conflict": _("Where the sources disagree, and what this guide does"),
    "tool_kind": _("Kinds of tools, and what to ask"),
    "definition": _("What is meant"),
    "other": _("More from the sources"),
}


@tenant_view(Can.VIEW)
@require_safe
def reading(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """Everything, or what helps with one step or challenge (``?for=STEP-2``)."""
    assessment = assessment_for(access, pk)
    guide = assessment.guide
    wanted = request.GET.get("for", "")
    found = topics(guide)
    topic = next((part for part in found if part.id == wanted), None)
    if wanted and topic is None:
        raise Http404("No such step or challenge.")
    context = {
        "assessment": assessment,
        "topics": found,
        "topic": topic,
        "shelves": [
            {
                "kind": shelf.kind,
                "title": TITLES[shelf.kind],
                "entries": [
                    (concept, [guide.source(source) for source in concept.sources])
                    for concept in shelf.concepts
                ],
            }
            for shelf in shelves(guide, topic.id if topic else None)
        ],
    }
    return render(request, "assessments/reading.html", context)

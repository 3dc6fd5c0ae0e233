"""What if some answers were others: scores, plan and gates at once, and nothing saved."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_htmx.http import replace_url

from accounts.enums import Area
from accounts.tenancy import Access, Can, tenant_view
from assessments.access import require_overview
from assessments.models import Assessment
from assessments.pages.scorecard.current import scored
from roadmap.what_if_page import (
    canonical,
    picks,
    suggestions,
    wanted_changes,
    what_if_page,
)


@tenant_view(Can.VIEW, areas=[Area.ASSESSMENTS])
@require_safe
def what_if(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """The changes stand in the address, so that they can be kept, shared and taken back."""
    assessment = access.get(Assessment, pk=pk)
    require_overview(access, assessment)
    answers, card = scored(access, assessment)
    guide = assessment.guide
    wanted = wanted_changes(guide, answers, request.GET)
    page = what_if_page(access, assessment, answers, card, wanted, timezone.localdate())
    here = reverse("what_if", args=[access.organization.slug, assessment.pk])
    address = f"{here}?{canonical(page.asked)}" if page.asked.changes else here
    context = {"assessment": assessment, "page": page, "here": here, "address": address}
    if request.htmx:
        response = render(request, "roadmap/what_if_result.html", context)
        return replace_url(response, address)
    if not page.asked.refused and request.get_full_path() != address:
        return redirect(address)
    context |= {
        "picks": picks(guide, answers, page.asked),
        "suggestions": suggestions(guide, answers, card),
        # The page belongs to the assessment, though planning is the roadmap's work.
        "nav_section": "assessments",
    }
    return render(request, "roadmap/what_if.html", context)

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.tenancy import Access, Can, tenant_view
from assessments.models import Snapshot
from roadmap.models import Roadmap, Scenario
from roadmap.pages.finish import finish_figure, finish_sentence
from roadmap.pages.scenario_list import scenario_rows
from roadmap.queries import (
    effort_of,
    overview,
    roadmap_rows,
    role_titles,
    stated_constraints,
)
from roadmap.services.following.reading import expected_finish
from roadmap.services.work.tracking import organization_today

# Of its scenario the page only needs that there is one.
SCENARIO_PARTS = tuple(
    f"scenario__{part}" for part in ("plan", "schedule", "forecast", "constraints", "decisions")
)


@require_safe
@tenant_view(Can.VIEW)
def roadmap_list(request: HttpRequest, access: Access) -> HttpResponse:
    rows = roadmap_rows(access.scope(Roadmap))
    scenarios = scenario_rows(access.scope(Scenario))
    has_snapshot = bool(rows or scenarios) or access.scope(Snapshot).exists()
    context = {"rows": rows, "scenarios": scenarios, "has_snapshot": has_snapshot}
    return render(request, "roadmap/list.html", context)


@require_safe
@tenant_view(Can.EDIT)
def create(request: HttpRequest, access: Access) -> HttpResponse:
    """A roadmap begins as a plan on trial; this address may stand in bookmarks and mails."""
    address = reverse("scenarios:create", args=[access.organization.slug])
    query = request.META.get("QUERY_STRING", "")
    return redirect(f"{address}?{query}" if query else address)


@require_safe
@tenant_view(Can.VIEW)
def detail(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    scope = access.scope(Roadmap).select_related("snapshot__assessment", "created_by", "scenario")
    found = scope.defer("snapshot__answers", "snapshot__scorecard", *SCENARIO_PARTS)
    roadmap = get_object_or_404(found, pk=pk)
    today = organization_today(access.organization)
    shown = overview(roadmap, today)
    finish = expected_finish(roadmap)
    context = {
        "roadmap": roadmap,
        "shown": shown,
        "expected": finish_sentence(finish),
        "finish": finish_figure(finish),
        "first_day": min((item.start_on for item in shown.items), default=roadmap.start_on),
        "effort": effort_of(shown.items),
        "roles": role_titles(roadmap),
        "today": today,
        "stated": stated_constraints(roadmap),
        "reports": roadmap.reports.select_related("job").defer("snapshot")[:3],
    }
    return render(request, "roadmap/detail.html", context)

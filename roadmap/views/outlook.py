"""How sure the dates of a plan are, what readiness it leads to, and who is busy when."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.tenancy import Access, Can, tenant_view
from roadmap.models import Roadmap, Scenario
from roadmap.pages.outlook import as_it_stands, outlook
from roadmap.pages.scenario import is_searching
from roadmap.services.following.asking import latest_forecast

TEMPLATE = "roadmap/outlook.html"
OF_SCENARIO = ("name", "plan", "forecast", "forecast_hash", "input_hash")


@require_safe
@tenant_view(Can.VIEW)
def scenario_outlook(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    rows = access.scope(Scenario).select_related("job").only(*OF_SCENARIO, "job")
    found = get_object_or_404(rows, pk=pk)
    forecast = found.forecast if found.is_forecast_current else {}
    context = {
        "shown": outlook(found.plan, forecast),
        "name": found.name,
        "of_scenario": True,
        "is_simulated_now": is_searching(found),
        "back": reverse("scenarios:detail", args=[access.organization.slug, pk]),
    }
    return render(request, TEMPLATE, context)


@require_safe
@tenant_view(Can.VIEW)
def roadmap_outlook(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """How it stands by the newest forecast of the rest first, then how it was agreed."""
    rows = access.scope(Roadmap).select_related("scenario__job")
    of_roadmap = ("name", "plan", "forecast", "scenario__job", "created_at")
    found = get_object_or_404(rows.only(*of_roadmap), pk=pk)
    context = {
        "shown": outlook(found.plan, found.forecast),
        "now": as_it_stands(found.plan, latest_forecast(found)),
        "agreed_at": found.created_at,
        "name": found.name,
        "of_scenario": False,
        "is_simulated_now": bool(found.scenario and is_searching(found.scenario)),
        "roadmap_pk": pk,
        "back": reverse("roadmap:detail", args=[access.organization.slug, pk]),
    }
    return render(request, TEMPLATE, context)

"""What a plan would change, and the step that makes it the roadmap."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.tenancy import Access, Can, tenant_view
from roadmap.enums import ForecastCause
from roadmap.following_forms import AdoptForm
from roadmap.models import PlannedInitiative, Roadmap, Scenario
from roadmap.pages.head import head
from roadmap.pages.scenario_diff import (
    Compared,
    compared_with_roadmap,
    compared_with_scenario,
    progress_moved,
)
from roadmap.services.carrying_over import under_way
from roadmap.services.following.asking import forecast_ask
from roadmap.services.roadmaps import current_roadmap, scenario_adopt
from roadmap.services.scenarios.forecast import scenario_forecast
from roadmap.services.scenarios.making import ScenarioFrozen, ScenarioOutdated, StaleScenario
from roadmap.services.scenarios.planning import is_current

CONFLICT, UNPROCESSABLE = 409, 422


@require_safe
@tenant_view(Can.VIEW)
def diff(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """What is different here: from the plan named by `?to=`, the one it goes on from, or the
    roadmap.
    """
    scenario = _scenario(access, pk)
    wanted = request.GET.get("to", "")
    other: Compared | None
    if wanted.isascii() and wanted.isdecimal() and len(wanted) < 10:
        base = get_object_or_404(access.scope(Scenario), pk=int(wanted))
        other = compared_with_scenario(base, scenario, became=_became(access, base))
    elif scenario.based_on is not None:
        base = scenario.based_on
        other = compared_with_scenario(base, scenario, became=_became(access, base))
    else:
        other = compared_with_roadmap(current_roadmap(access.organization), scenario)
    context = {"scenario": scenario, "compared": other}
    return render(request, "roadmap/scenario/diff.html", context)


def _became(access: Access, scenario: Scenario) -> Roadmap | None:
    """The roadmap people work by, where it is this plan."""
    current = current_roadmap(access.organization)
    return current if current and current.scenario_id == scenario.pk else None


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.EDIT)
def adopt(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    scenario = _scenario(access, pk)
    asks = current_roadmap(access.organization) is not None
    form = AdoptForm(request.POST or None, initial={"name": scenario.name}, asks=asks)
    if request.method == "POST" and form.is_valid():
        return _adopt(request, access, scenario, form)
    return _confirm(request, access, scenario, form, UNPROCESSABLE if form.is_bound else 200)


def _adopt(
    request: HttpRequest, access: Access, scenario: Scenario, form: AdoptForm
) -> HttpResponse:
    version = request.POST.get("version", "")
    before = current_roadmap(access.organization)
    try:
        roadmap = scenario_adopt(
            scenario=scenario,
            user=access.user,
            name=form.cleaned_data["name"],
            version=int(version) if version.isdecimal() and len(version) < 10 else -1,
            new_baseline=form.new_baseline,
        )
    except StaleScenario:
        again = _("Somebody changed this plan since you opened this page. Look at it once more.")
        return _confirm(request, access, _scenario(access, scenario.pk), form, CONFLICT, again)
    except ScenarioFrozen:
        messages.info(request, _("This plan is the roadmap already."))
        made = access.get(Roadmap, scenario=scenario)
        return redirect("roadmap:detail", access.organization.slug, made.pk)
    except ScenarioOutdated:
        # The page says what to do.
        return _confirm(request, access, scenario, form, CONFLICT)
    # Nobody may have searched, and one date alone says little.
    scenario_forecast(scenario=scenario, user=access.user)
    forecast_ask(roadmap=roadmap, cause=ForecastCause.CHANGE, user=access.user)
    messages.success(request, _("The plan is adopted: this is the roadmap now."))
    if told := progress_moved(before, roadmap):
        messages.info(request, told)
    return redirect("roadmap:detail", access.organization.slug, roadmap.pk)


def _confirm(
    request: HttpRequest,
    access: Access,
    scenario: Scenario,
    form: AdoptForm,
    status: int,
    refused: str = "",
) -> HttpResponse:
    current = current_roadmap(access.organization)
    reported = under_way(current) if current else []
    planned = {entry["id"] for entry in scenario.plan.get("initiatives", [])}
    context: dict[str, Any] = {
        "scenario": scenario,
        "form": form,
        "refused": refused,
        "adopted": Roadmap.objects.filter(scenario=scenario).first(),
        "is_outdated": not is_current(scenario),
        "head": head(
            scenario.plan, scenario.forecast if scenario.is_forecast_current else {}, "preview"
        ),
        "has_forecast": scenario.is_forecast_current,
        "current": current,
        "compared": compared_with_roadmap(current, scenario),
        "unknown": _unknown(current, scenario),
        "kept": [row for row in reported if row.initiative_id in planned],
        "lost": [row for row in reported if row.initiative_id not in planned],
    }
    return render(request, "roadmap/scenario/adopt.html", context, status=status)


def _unknown(current: Roadmap | None, scenario: Scenario) -> list[PlannedInitiative]:
    """What was reported after the plan was made: its dates know nothing of it."""
    if current is None:
        return []
    rows = current.initiatives.filter(updated_at__gt=scenario.created_at)
    return list(rows.only("roadmap_id", "initiative_id", "title", "status", "updated_at"))


def _scenario(access: Access, pk: int) -> Scenario:
    related = ("snapshot__assessment", "organization", "based_on", "job")
    scope = access.scope(Scenario).select_related(*related)
    return get_object_or_404(scope, pk=pk)

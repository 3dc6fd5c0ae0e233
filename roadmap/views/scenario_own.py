"""Work of one's own in a plan: initiatives the guide does not know, and waves over more systems."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.tenancy import Access, Can, tenant_view
from roadmap.domain.hand.changes import Change
from roadmap.models import Scenario
from roadmap.pages.changes import change_lines
from roadmap.pages.moves import moved
from roadmap.pages.plan_items import PlanItem, plan_items
from roadmap.pages.scenario import is_adopted
from roadmap.scenario_forms import ChangeForm, OwnForm, WaveForm
from roadmap.services.scenarios.making import (
    DecisionInvalid,
    ScenarioFrozen,
    StaleScenario,
    scenario_decide,
)
from roadmap.views.scenario_initiative import is_repeatable
from roadmap.views.scenario_page import addresses, posted_version, scenarios

CONFLICT, UNPROCESSABLE = 409, 422
OWN, WAVE = "roadmap/scenario/own.html", "roadmap/scenario/wave.html"
SYSTEMS_TABLE = "T1"


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.EDIT)
def own_create(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    scenario = get_object_or_404(scenarios(access), pk=pk)
    form = _own_form(request, scenario, {"waits_weeks": 0})
    return _answer(request, access, scenario, OWN, form, "own_add", "")


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.EDIT)
def own_edit(request: HttpRequest, access: Access, pk: int, initiative_id: str) -> HttpResponse:
    scenario = get_object_or_404(scenarios(access), pk=pk)
    stored = {own["id"]: own for own in scenario.decisions.get("own", [])}.get(initiative_id)
    if stored is None:
        raise Http404("No such initiative of one's own in this plan.")
    form = _own_form(request, scenario, OwnForm.values_of(stored), initiative_id)
    return _answer(request, access, scenario, OWN, form, "own_edit", initiative_id, own=stored)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.EDIT)
def wave(request: HttpRequest, access: Access, pk: int, initiative_id: str) -> HttpResponse:
    scenario = get_object_or_404(scenarios(access), pk=pk)
    item = _items(scenario).get(initiative_id)
    if item is None or not is_repeatable(scenario, item):
        raise Http404("No initiative of this plan that could be repeated.")
    form = WaveForm(
        request.POST if request.method == "POST" else None, known=_systems_left(scenario, item)
    )
    return _answer(request, access, scenario, WAVE, form, "wave_add", item.id, item=item)


def _own_form(
    request: HttpRequest, scenario: Scenario, values: dict[str, Any], own: str = ""
) -> OwnForm:
    items = sorted(_items(scenario).values(), key=lambda item: (item.start, item.rank))
    return OwnForm(
        request.POST if request.method == "POST" else None,
        guide=scenario.snapshot.guide,
        items=items,
        own=own,
        initial=values,
    )


def _answer(
    request: HttpRequest,
    access: Access,
    scenario: Scenario,
    template: str,
    form: ChangeForm,
    kind: str,
    about: str,
    **more: Any,
) -> HttpResponse:
    context = {
        "scenario": scenario,
        "form": form,
        "version": scenario.version,
        "is_frozen": is_adopted(scenario),
        "nav_section": "roadmap",
        **more,
    }
    if request.method != "POST":
        return render(request, template, context)
    if not form.is_valid():
        # What was seen when the page was opened is still what was seen.
        context["version"] = posted_version(request)
        return render(request, template, context, status=UNPROCESSABLE)
    try:
        after = scenario_decide(
            scenario=scenario,
            user=access.user,
            version=posted_version(request),
            change=Change(kind, about, form.detail()),
        )
    except DecisionInvalid as error:
        _add_errors(form, error)
        context["version"] = posted_version(request)
        return render(request, template, context, status=UNPROCESSABLE)
    except StaleScenario as error:
        context["theirs"] = change_lines(error.changes)
        context["version"] = error.current.version
        return render(request, template, context, status=CONFLICT)
    except ScenarioFrozen:
        context["is_frozen"] = True
        return render(request, template, context, status=CONFLICT)
    messages.success(request, moved(scenario, after, about, addresses(access, after)).in_short)
    return redirect("scenarios:detail", access.organization.slug, after.pk)


def _add_errors(form: ChangeForm, error: DecisionInvalid) -> None:
    for name, message in error.messages.items():
        form.add_error(name if name in form.fields else None, message)


def _items(scenario: Scenario) -> dict[str, PlanItem]:
    return plan_items(scenario.plan, scenario.decisions)


def _systems_left(scenario: Scenario, item: PlanItem) -> list[str]:
    """The systems of the assessment's table that no wave of this initiative has yet."""
    answer = scenario.snapshot.answer_set().get(SYSTEMS_TABLE)
    rows = answer.value if answer and isinstance(answer.value, list) else []
    taken = {
        system
        for stored in scenario.decisions.get("waves", [])
        if stored["initiative"] == item.id
        for system in stored["systems"]
    }
    names = [str(row.get("name") or "").strip() for row in rows]
    return [name for name in dict.fromkeys(names) if name and name not in taken]

"""Plans on trial: listed, begun, copied, renamed, renewed, searched and removed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.tenancy import Access, Can, tenant_view
from assessments.models import Snapshot
from roadmap.enums import InitiativeStatus
from roadmap.models import Roadmap, Scenario
from roadmap.pages.scenario_list import scenario_rows
from roadmap.queries import submitted_snapshots
from roadmap.scenario_starting_forms import NameForm, RefreshForm, ScenarioForm
from roadmap.services.scenarios.making import (
    PlanImpossible,
    ScenarioFrozen,
    is_frozen,
    scenario_copy,
    scenario_create,
    scenario_delete,
    scenario_go_on,
    scenario_refresh,
    scenario_rename,
    scenario_solve,
    scenario_stop,
)
from roadmap.services.work.tracking import organization_today

UNPROCESSABLE = 422
NOT_STARTED = InitiativeStatus.NOT_STARTED
# Parts of rows that these pages never read; each can be large.
LARGE = ("plan", "schedule", "forecast", "constraints", "decisions")


@require_safe
@tenant_view(Can.VIEW)
def scenario_list(request: HttpRequest, access: Access) -> HttpResponse:
    rows = scenario_rows(access.scope(Scenario))
    has_snapshot = bool(rows) or access.scope(Snapshot).exists()
    context = {"scenarios": rows, "has_snapshot": has_snapshot}
    return render(request, "roadmap/scenario/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.EDIT)
def create(request: HttpRequest, access: Access) -> HttpResponse:
    snapshots = submitted_snapshots(access.scope(Snapshot))
    form = ScenarioForm(
        request.POST if request.method == "POST" else None,
        snapshots=snapshots,
        initial={
            "name": _("Plan"),
            "start_on": organization_today(access.organization),
            "snapshot": request.GET.get("snapshot"),
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = scenario_create(
                organization=access.organization, user=access.user, **form.cleaned_data
            )
        except PlanImpossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("This is the preview of your plan."))
            return _to(access, made)
    context = {"form": form, "has_snapshot": snapshots.exists()}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "roadmap/scenario/create.html", context, status=status)


@require_POST
@tenant_view(Can.EDIT)
def copy(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """A copy to change; of a roadmap under way it goes on from what was reported."""
    scenario = _whole(access, pk)
    roadmap = access.scope(Roadmap).filter(scenario=scenario).first()
    if roadmap is None or not roadmap.initiatives.exclude(status=NOT_STARTED).exists():
        made = scenario_copy(scenario=scenario, user=access.user)
        messages.success(request, _("This is a copy. Change what you like: the first one stays."))
        return _to(access, made)
    roadmap.scenario = scenario
    try:
        made = scenario_go_on(
            roadmap=roadmap, user=access.user, today=organization_today(access.organization)
        )
    except PlanImpossible as error:
        messages.error(request, str(error))
        return _to(access, scenario)
    told = _(
        "This plan goes on from “%s”: what is done or under way keeps its dates, what is not begun "
        "starts today at the earliest."
    )
    messages.success(request, told % roadmap.name)
    return _to(access, made)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.EDIT)
def rename(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    scenario = _light(access, pk)
    form = NameForm(request.POST or None, initial={"name": scenario.name})
    if request.method == "POST" and form.is_valid():
        scenario_rename(scenario=scenario, user=access.user, name=form.cleaned_data["name"])
        return _to(access, scenario)
    context = {"form": form, "scenario": scenario}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "roadmap/scenario/rename.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.EDIT)
def delete(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    scenario = _light(access, pk)
    if request.method == "POST":
        try:
            scenario_delete(scenario=scenario, user=access.user)
        except ScenarioFrozen:
            messages.error(request, _("This plan became a roadmap; it stays, to be read."))
            return _to(access, scenario)
        messages.success(request, _("“%s” is deleted.") % scenario.name)
        return redirect("scenarios:list", access.organization.slug)
    context = {"scenario": scenario, "is_frozen": is_frozen(scenario)}
    return render(request, "roadmap/scenario/delete.html", context)


@require_POST
@tenant_view(Can.EDIT)
def solve(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    scenario = _light(access, pk)
    try:
        scenario_solve(scenario=scenario, user=access.user)
    except ScenarioFrozen:
        messages.error(request, _("This plan became a roadmap. Copy it to plan again."))
    return _to(access, scenario)


@require_POST
@tenant_view(Can.EDIT)
def cancel(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    scenario = _light(access, pk)
    if not scenario_stop(scenario=scenario, user=access.user):
        messages.info(request, _("No search is under way any more."))
    return _to(access, scenario)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.EDIT)
def refresh(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """Plan again from a newer assessment; what was decided by hand is kept where it makes sense."""
    scenario = _whole(access, pk)
    snapshots = submitted_snapshots(access.scope(Snapshot))
    form = RefreshForm(
        request.POST if request.method == "POST" else None,
        snapshots=snapshots,
        initial={"name": scenario.name, "snapshot": snapshots.first()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made, dropped = scenario_refresh(
                scenario=scenario,
                user=access.user,
                today=organization_today(access.organization),
                **form.cleaned_data,
            )
        except PlanImpossible as error:
            form.add_error(None, str(error))
        else:
            _tell_refreshed(request, dropped)
            return redirect("scenarios:diff", access.organization.slug, made.pk)
    context = {"form": form, "scenario": scenario}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "roadmap/scenario/refresh.html", context, status=status)


def _tell_refreshed(request: HttpRequest, dropped: Any) -> None:
    messages.success(request, _("Planned anew. This is what is different."))
    for drop in dropped:
        text = _("Not taken over: what was decided about %(about)s %(title)s. %(reason)s")
        messages.warning(
            request, text % {"about": drop.about, "title": drop.title, "reason": drop.reason}
        )


def _whole(access: Access, pk: int) -> Scenario:
    scope = access.scope(Scenario).select_related("snapshot", "organization")
    return get_object_or_404(scope, pk=pk)


def _light(access: Access, pk: int) -> Scenario:
    scope = access.scope(Scenario).select_related("job", "organization").defer(*LARGE)
    return get_object_or_404(scope, pk=pk)


def _to(access: Access, scenario: Scenario) -> HttpResponse:
    return redirect("scenarios:detail", access.organization.slug, scenario.pk)

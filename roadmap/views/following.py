"""The progress of a roadmap: its page, and asking for a forecast or for another plan from here."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.tenancy import Access, Can, tenant_view
from jobs.enums import JobState
from roadmap.enums import ForecastCause
from roadmap.models import Roadmap
from roadmap.pages.following import following
from roadmap.services.following.asking import forecast_ask, latest_forecast
from roadmap.services.following.reading import followed_rows, forecast_before, weekly_snapshots
from roadmap.services.roadmaps import current_roadmap
from roadmap.services.scenarios.making import PlanImpossible, scenario_go_on
from roadmap.services.work.tracking import organization_today

# Of its scenario the page only needs that there is one.
UNREAD = tuple(
    f"scenario__{part}" for part in ("plan", "schedule", "forecast", "constraints", "decisions")
)


@require_safe
@tenant_view(Can.VIEW)
def progress(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """Eight queries, however large the roadmap and however long its history."""
    rows = access.scope(Roadmap).select_related("forecast_job", "baseline_of", "scenario")
    unread = ("forecast", "constraints", "baseline_of__plan", "baseline_of__forecast", *UNREAD)
    roadmap = get_object_or_404(rows.defer(*unread), pk=pk)
    now = latest_forecast(roadmap)
    gates = dict(roadmap.gates.values_list("gate_id", "title"))
    newest = current_roadmap(access.organization)
    job = roadmap.forecast_job
    shown = following(
        roadmap,
        followed_rows(roadmap),
        now,
        forecast_before(now) if now else None,
        weekly_snapshots(roadmap),
        gates,
        organization_today(access.organization),
    )
    context: dict[str, Any] = {
        "roadmap": roadmap,
        "shown": shown,
        "newer": newest if newest and newest.pk != roadmap.pk else None,
        "is_made_now": bool(job and job.is_open),
        "failed": job.error if job and job.state == JobState.FAILED else "",
        "today": organization_today(access.organization),
    }
    return render(request, "roadmap/following/progress.html", context)


@require_POST
@tenant_view(Can.TRACK)
def forecast_now(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    roadmap = access.get(Roadmap, pk=pk)
    job = forecast_ask(roadmap=roadmap, cause=ForecastCause.ASKED, user=access.user)
    if job is None:
        messages.info(request, _("Only the roadmap adopted last is forecast."))
    return redirect("roadmap:progress", access.organization.slug, pk)


@require_POST
@tenant_view(Can.EDIT)
def plan_again(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """Another plan on trial from what was reported; the next page says what it would change."""
    roadmap = get_object_or_404(access.scope(Roadmap).select_related("scenario"), pk=pk)
    if roadmap.scenario is None:
        messages.info(
            request,
            _("This roadmap was made before plans could be copied. Make a new plan instead."),
        )
        return redirect("scenarios:create", access.organization.slug)
    today = organization_today(access.organization)
    try:
        scenario = scenario_go_on(roadmap=roadmap, user=access.user, today=today)
    except PlanImpossible as error:
        messages.error(request, str(error))
        return redirect("roadmap:progress", access.organization.slug, pk)
    messages.success(
        request,
        _("This is a plan on trial from what was reported. The roadmap stays until you adopt it."),
    )
    return redirect("scenarios:diff", access.organization.slug, scenario.pk)

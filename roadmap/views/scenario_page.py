"""A scenario: seen, understood and changed by hand. What is shown comes from `roadmap.pages`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import replace_url, reswap, retarget

from accounts.tenancy import Access, Can, tenant_view
from roadmap.domain.hand.changes import Change
from roadmap.models import Scenario
from roadmap.pages.board import read_filters
from roadmap.pages.changes import ChangeLine, change_lines, change_words
from roadmap.pages.moves import Moved, moved
from roadmap.pages.plan_items import plan_items
from roadmap.pages.scenario import is_adopted, is_searching, scenario_page
from roadmap.pages.scenario_notices import notices
from roadmap.pages.words import Address
from roadmap.scenario_forms import CHANGE_FORMS, ChangeForm
from roadmap.services.scenarios.making import (
    DecisionInvalid,
    NothingToUndo,
    ScenarioFrozen,
    StaleScenario,
    last_change,
    scenario_decide,
    scenario_undo,
)
from roadmap.services.work.tracking import organization_today
from roadmap.views.scenario_initiative import initiative_context

CONFLICT, UNPROCESSABLE = 409, 422
PLAN = "roadmap/scenario/parts/plan.html"
PANEL = "roadmap/scenario/panel.html"
ACTIONS = "roadmap/scenario/parts/actions.html"
SHOWN_CHANGES = 30
# Columns of related rows that no page of a scenario shows; each can be large.
UNSEEN = (
    "forecast_hash",
    "snapshot__answers",
    "snapshot__scorecard",
    "roadmap__plan",
    "roadmap__constraints",
    "roadmap__forecast",
    "based_on__plan",
    "based_on__schedule",
    "based_on__forecast",
    "based_on__constraints",
    "based_on__decisions",
)


@dataclass(frozen=True)
class Conflict:
    """Somebody else was faster: what they did, and the change that was not made."""

    theirs: tuple[ChangeLine, ...]
    mine: str
    fields: tuple[tuple[str, str], ...]


@require_safe
@tenant_view(Can.VIEW)
def detail(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """`?part=search`: only the progress of a search; the whole plan once that has ended."""
    scenario = get_object_or_404(scenarios(access), pk=pk)
    if request.GET.get("part") == "search":
        return _search_part(request, access, scenario)
    return page(request, access, scenario)


@require_POST
@tenant_view(Can.EDIT)
def decide(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    scenario = get_object_or_404(scenarios(access), pk=pk)
    kind, about = request.POST.get("kind", ""), request.POST.get("about", "")
    form_class = CHANGE_FORMS.get(kind)
    if form_class is None:
        return _refused(request, access, scenario, [_("This cannot be decided here.")])
    form = form_class(request.POST, auto_id="tool_%s")
    if not form.is_valid():
        return _invalid(request, access, scenario, kind, about, form)
    change = Change(kind, about, form.detail())
    try:
        after = scenario_decide(
            scenario=scenario, user=access.user, version=posted_version(request), change=change
        )
    except DecisionInvalid as error:
        for name, message in error.messages.items():
            form.add_error(name if name in form.fields else None, message)
        return _invalid(request, access, scenario, kind, about, form)
    except StaleScenario as error:
        mine = change_words(kind, about, change.detail)
        return _stale(request, access, scenario.pk, error, mine)
    except ScenarioFrozen:
        return _frozen(request, access, scenario)
    return _done(request, access, scenario, after, about)


@require_POST
@tenant_view(Can.EDIT)
def undo(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    scenario = get_object_or_404(scenarios(access), pk=pk)
    try:
        after = scenario_undo(scenario=scenario, user=access.user, version=posted_version(request))
    except NothingToUndo:
        return _refused(request, access, scenario, [_("There is nothing left to undo.")])
    except StaleScenario as error:
        return _stale(request, access, scenario.pk, error, "")
    except ScenarioFrozen:
        return _frozen(request, access, scenario)
    return _done(request, access, scenario, after, "")


@require_safe
@tenant_view(Can.VIEW)
def initiative(request: HttpRequest, access: Access, pk: int, initiative_id: str) -> HttpResponse:
    scenario = get_object_or_404(scenarios(access), pk=pk)
    return _initiative(request, access, scenario, initiative_id)


def scenarios(access: Access) -> QuerySet[Scenario]:
    """With all that a page of one shows, in one query."""
    related = ("snapshot__assessment", "job", "roadmap", "based_on", "created_by")
    return access.scope(Scenario).select_related(*related).defer(*UNSEEN[1:])


def addresses(access: Access, scenario: Scenario) -> Address:
    """Of the initiatives' pages, without asking the resolver for each of them."""
    sample = reverse("scenarios:initiative", args=[access.organization.slug, scenario.pk, "ID"])
    front = sample.removesuffix("ID/")
    return lambda initiative_id: f"{front}{initiative_id}/"


def posted_version(request: HttpRequest) -> int:
    """The version the person saw; one that never was when it is missing or no number."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def page(
    request: HttpRequest,
    access: Access,
    scenario: Scenario,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The whole page; by script the part that the request is to replace."""
    context = page_context(request, access, scenario) | more
    by_script = bool(request.htmx)  # type: ignore[attr-defined]
    if by_script and request.method != "POST":
        board = render(request, "roadmap/scenario/parts/board.html", context, status=status)
        filters = context["page"].board.filters.query
        return replace_url(board, f"{request.path}?{filters}" if filters else request.path)
    if by_script:
        return retarget(render(request, PLAN, context, status=status), "#plan")
    return render(request, "roadmap/scenario/detail.html", context, status=status)


def page_context(request: HttpRequest, access: Access, scenario: Scenario) -> dict[str, Any]:
    changes = scenario.changes.select_related("made_by").defer("before")
    last = last_change(scenario)
    frozen = is_adopted(scenario)
    shown = scenario_page(
        scenario,
        list(changes.order_by("-number")[:SHOWN_CHANGES]),
        last,
        read_filters(_query(request), scenario.plan),
        organization_today(access.organization),
        addresses(access, scenario),
        adopted=frozen,
    )
    return {
        "scenario": scenario,
        "page": shown,
        "is_frozen": frozen,
        "tools": access.can_edit and not frozen,
        "notices": notices(scenario),
        "nav_section": "roadmap",
    }


def _query(request: HttpRequest) -> Mapping[str, str]:
    """The filters of the page a change was made on stay as they are."""
    if request.method == "POST" and request.htmx:  # type: ignore[attr-defined]
        return QueryDict(urlsplit(request.htmx.current_url or "").query)  # type: ignore[attr-defined]
    return request.GET


def _search_part(request: HttpRequest, access: Access, scenario: Scenario) -> HttpResponse:
    context = page_context(request, access, scenario)
    if is_searching(scenario):
        return render(request, "roadmap/scenario/parts/search.html", context)
    body: str = render_to_string(PLAN, context, request)
    # Another search can be asked for again.
    actions = render_to_string(ACTIONS, context, request)
    body += f'<hx-partial hx-target="#plan-actions" hx-swap="innerHTML">{actions}</hx-partial>'
    return reswap(retarget(HttpResponse(body), "#plan"), "outerHTML")


def _done(
    request: HttpRequest, access: Access, before: Scenario, after: Scenario, about: str
) -> HttpResponse:
    told = moved(before, after, about, addresses(access, after))
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, told.in_short)
        return _back(request, access, after, about)
    return _plan_and_panel(request, access, after, about, told)


def _plan_and_panel(
    request: HttpRequest, access: Access, after: Scenario, about: str, told: Moved
) -> HttpResponse:
    """The plan, and what stands in the panel beside it: both show the new version."""
    context = page_context(request, access, after) | {"moved": told}
    body: str = render_to_string(PLAN, context, request)
    panel = ""
    if request.POST.get("from") == "initiative":
        if about in context["page"].items:
            more = initiative_context(access, after, context["page"].items[about], context)
            panel = render_to_string(PANEL, context | more | {"in_panel": True}, request)
        body += f'<hx-partial hx-target="#why" hx-swap="innerHTML">{panel}</hx-partial>'
    return retarget(HttpResponse(body), "#plan")


def _back(request: HttpRequest, access: Access, after: Scenario, about: str) -> HttpResponse:
    slug = access.organization.slug
    known = {entry["id"] for entry in after.plan.get("initiatives", [])}
    if request.POST.get("from") == "initiative" and about in known:
        return redirect("scenarios:initiative", slug, after.pk, about)
    return redirect("scenarios:detail", slug, after.pk)


def _invalid(
    request: HttpRequest,
    access: Access,
    scenario: Scenario,
    kind: str,
    about: str,
    form: ChangeForm,
) -> HttpResponse:
    """Where it was typed: on the initiative's page or panel, else above the plan."""
    known = {entry["id"] for entry in scenario.plan.get("initiatives", [])}
    if request.POST.get("from") == "initiative" and about in known:
        return _initiative(request, access, scenario, about, kind=kind, form=form)
    return _refused(request, access, scenario, _all_errors(form))


def _all_errors(form: ChangeForm) -> list[str]:
    return [
        str(error) if name == "__all__" else f"{form.fields[name].label}: {error}"
        for name, errors in form.errors.items()
        for error in errors
    ]


def _refused(
    request: HttpRequest, access: Access, scenario: Scenario, texts: list[str]
) -> HttpResponse:
    return page(request, access, scenario, status=UNPROCESSABLE, refused=texts)


def _frozen(request: HttpRequest, access: Access, scenario: Scenario) -> HttpResponse:
    text = _("This plan was adopted meanwhile and is frozen. Make a copy of it to change it.")
    current = get_object_or_404(scenarios(access), pk=scenario.pk)
    return page(request, access, current, status=CONFLICT, refused=[text])


def _stale(
    request: HttpRequest, access: Access, pk: int, error: StaleScenario, mine: str
) -> HttpResponse:
    """The plan as it stands now, who did what meanwhile, and one's own change to apply on top."""
    current = get_object_or_404(scenarios(access), pk=pk)
    hidden = ("csrfmiddlewaretoken", "version")
    fields = tuple(
        (name, value)
        for name, values in request.POST.lists()
        if name not in hidden
        for value in values
    )
    conflict = Conflict(change_lines(error.changes), mine, fields)
    return page(request, access, current, status=CONFLICT, conflict=conflict)


def _initiative(
    request: HttpRequest,
    access: Access,
    scenario: Scenario,
    initiative_id: str,
    *,
    kind: str = "",
    form: ChangeForm | None = None,
) -> HttpResponse:
    item = plan_items(scenario.plan, scenario.decisions, scenario.forecast).get(initiative_id)
    if item is None:
        if any(entry["id"] == initiative_id for entry in scenario.plan.get("left_out", [])):
            address = reverse("scenarios:detail", args=[access.organization.slug, scenario.pk])
            return redirect(f"{address}#left-out")
        raise Http404("No such initiative in this plan.")
    frozen = is_adopted(scenario)
    context = {
        "scenario": scenario,
        "is_frozen": frozen,
        "tools": access.can_edit and not frozen,
        "nav_section": "roadmap",
    }
    context |= initiative_context(access, scenario, item, context, kind=kind, form=form)
    status = UNPROCESSABLE if form else 200
    if request.htmx:  # type: ignore[attr-defined]
        shown = render(request, PANEL, context | {"in_panel": True}, status=status)
        return reswap(retarget(shown, "#why"), "innerHTML")
    return render(request, "roadmap/scenario/initiative.html", context, status=status)

"""The constraints of a plan: seen by all, changed by making another scenario of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.tenancy import Access, Can, tenant_view
from guide.model import Guide
from roadmap.constraint_forms.page import (
    CALENDAR,
    FREEZES,
    ROW_SETS,
    SECTIONS,
    ConstraintsPage,
    Fault,
    with_rows,
    without_row,
)
from roadmap.constraint_forms.rows import freezes_initial
from roadmap.domain.constraints.checks import constraint_warnings
from roadmap.domain.constraints.proposals import Proposals
from roadmap.domain.constraints.reading import (
    ConstraintsError,
    parse_constraints,
    write_constraints,
)
from roadmap.domain.constraints.ready_freezes import OCCURRENCES, ReadyFreeze, ready_freeze
from roadmap.domain.constraints.stated import Constraints, Freeze, FreezeKind
from roadmap.models import Scenario
from roadmap.pages.constraints import (
    deadline_choices,
    holidays_known_until,
    origins,
    proposals_for,
    ready_choices,
    role_needs,
    role_rows,
    target_rows,
    tried,
)
from roadmap.services.scenarios.making import PlanImpossible, scenario_constrain
from roadmap.services.work.tracking import organization_today

PAGE = "roadmap/constraints.html"
UNPROCESSABLE = 422
MOST_BYTES = 200_000
NAME_LIMIT = 150


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.VIEW)
def constraints(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """Saving makes another scenario; every other button only changes what the page shows."""
    scenario = _scenario(access, pk)
    if request.method != "POST":
        return _show(request, access, scenario, _page_of(scenario))
    access.require(Can.EDIT)
    do = request.POST.get("do", "save")
    if do == "upload":
        return _upload(request, access, scenario)
    if do not in ("save", "try"):
        return _show(request, access, scenario, _changed(request, access, scenario, do))
    page = _page_of(scenario, typed=request.POST)
    if not page.is_valid():
        return _show(request, access, scenario, page, faults=page.faults)
    try:
        return (_try if do == "try" else _save)(request, access, scenario, page)
    except PlanImpossible as error:
        return _show(request, access, scenario, page, faults=[Fault(str(error))])


@require_safe
@tenant_view(Can.VIEW)
def constraints_file(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """The constraints as they are saved, as a file that can be changed and uploaded again."""
    scenario = _scenario(access, pk)
    text = write_constraints(scenario.to_constraints())
    name = slugify(scenario.name)[:60] or "plan"
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="constraints-{name}.yaml"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _scenario(access: Access, pk: int) -> Scenario:
    scope = access.scope(Scenario).select_related("snapshot__assessment")
    scope = scope.defer("forecast", "schedule", "decisions", "snapshot__scorecard")
    found = get_object_or_404(scope, pk=pk)
    found.organization = access.organization
    return found


def _page_of(scenario: Scenario, stated: Constraints | None = None, **more: Any) -> ConstraintsPage:
    guide: Guide = scenario.snapshot.guide
    limits = scenario.to_constraints()
    about = deadline_choices(guide, scenario)
    start = (stated or limits).start or limits.start or scenario.created_at.date()
    return ConstraintsPage(guide, stated or limits, start, about, **more)


def _changed(request: HttpRequest, access: Access, scenario: Scenario, do: str) -> ConstraintsPage:
    """The page after a button that judges nothing: rows, the ready-made, the proposal."""
    what, _dash, which = do.partition("-")
    typed: QueryDict = request.POST
    if what == "reset" and which in SECTIONS:
        proposed = proposals_for(access, scenario, _typed_start(scenario, typed)).constraints
        return _page_of(scenario, proposed, typed=typed, afresh=[which], is_quiet=True)
    if what == "add" and which in ROW_SETS:
        typed = with_rows(typed, which, [{}])
    elif what == "ready":
        typed = with_rows(typed, FREEZES, _ready_rows(scenario, typed))
    elif what == "remove":
        typed = without_row(typed, which)
    return _page_of(scenario, typed=typed, is_quiet=True)


def _typed_start(scenario: Scenario, typed: QueryDict) -> date | None:
    try:
        return date.fromisoformat(typed.get(f"{CALENDAR}-start", ""))
    except ValueError:
        return scenario.to_constraints().start


def _ready_rows(scenario: Scenario, typed: QueryDict) -> list[dict[str, Any]]:
    """Its next windows; one row without dates where it has no usual ones."""
    ready = ready_freeze(typed.get("ready", ""))
    if ready is None:
        return []
    known = [role.id for role in scenario.snapshot.guide.roles]
    start = _typed_start(scenario, typed)
    rows = freezes_initial(_further(ready, start, known, typed)) if start else []
    is_reduction = ready.kind is FreezeKind.REDUCED_STAFF
    without_dates = {
        "reason": ready.title,
        "kind": ready.kind.value,
        "capacity": ready.capacity * 100 if is_reduction else 50.0,
        "roles": [role for role in ready.roles if role in known],
    }
    return rows or [without_dates]


def _further(
    ready: ReadyFreeze, start: date, roles: Sequence[str], typed: QueryDict
) -> Sequence[Freeze]:
    """Its next windows that are not in the page yet."""
    there = {typed[name] for name in typed if name.startswith(FREEZES) and name.endswith("-start")}
    windows = ready.next_ones(start, roles, OCCURRENCES + len(there))
    return [window for window in windows if window.start.isoformat() not in there][:OCCURRENCES]


def _upload(request: HttpRequest, access: Access, scenario: Scenario) -> HttpResponse:
    """The file fills the page; nothing is saved before somebody has looked at it."""
    faults, stated = _read_upload(request, scenario)
    page = _page_of(scenario, stated)
    return _show(request, access, scenario, page, faults=faults, is_uploaded=not faults)


def _read_upload(
    request: HttpRequest, scenario: Scenario
) -> tuple[list[Fault], Constraints | None]:
    sent = request.FILES.get("file")
    if sent is None or sent.size is None:
        return [Fault(_("Choose a constraints file first."), "constraints-file")], None
    if sent.size > MOST_BYTES:
        return [Fault(_("This is no constraints file: it is too large."), "constraints-file")], None
    try:
        text = sent.read().decode("utf-8-sig")
        start = scenario.to_constraints().start
        return [], parse_constraints(text, scenario.snapshot.guide, "constraints", start)
    except UnicodeDecodeError:
        return [Fault(_("This is no text file in UTF-8."), "constraints-file")], None
    except ConstraintsError as error:
        line = _("Line %(number)s: %(message)s")
        return [
            Fault(line % {"number": found.line, "message": found.message}, "constraints-file")
            for found in error.problems[:20]
        ], None


def _save(
    request: HttpRequest, access: Access, scenario: Scenario, page: ConstraintsPage
) -> HttpResponse:
    stated = page.constraints()
    name = request.POST.get("name", "").replace("\x00", "").strip()[:NAME_LIMIT]
    before = scenario.to_constraints()
    if stated == before and not name:
        messages.info(request, _("Nothing was changed, so no new scenario was made."))
        return redirect("scenarios:constraints", access.organization.slug, scenario.pk)
    made = scenario_constrain(scenario=scenario, constraints=stated, name=name, user=access.user)
    for warning in _warnings(access, scenario, stated):
        messages.warning(request, warning)
    messages.success(request, _("Planned with the new constraints, as a scenario of its own."))
    return redirect("scenarios:diff", access.organization.slug, made.pk)


def _try(
    request: HttpRequest, access: Access, scenario: Scenario, page: ConstraintsPage
) -> HttpResponse:
    """What it would change; nothing is kept."""
    stated = page.constraints()
    warnings = list(_warnings(access, scenario, stated))
    return _show(
        request, access, scenario, page, compared=tried(scenario, stated), warnings=warnings
    )


def _warnings(access: Access, scenario: Scenario, stated: Constraints) -> Iterable[str]:
    today = organization_today(access.organization)
    needs = role_needs(scenario.plan)
    return constraint_warnings(stated, scenario.snapshot.guide, needs, today)


def _show(
    request: HttpRequest,
    access: Access,
    scenario: Scenario,
    page: ConstraintsPage,
    *,
    faults: list[Fault] | None = None,
    **more: Any,
) -> HttpResponse:
    proposals: Proposals = proposals_for(access, scenario, scenario.to_constraints().start)
    guide = scenario.snapshot.guide
    context = {
        "scenario": scenario,
        "form": page,
        "page": page,
        "faults": faults or [],
        "name": request.POST.get("name", ""),
        "proposals": proposals,
        "proposed": proposals.constraints,
        "origins": origins(proposals),
        "roles": role_rows(page, proposals, role_needs(scenario.plan)),
        "targets": target_rows(page, proposals, guide),
        "ready": ready_choices(proposals),
        "holidays_until": holidays_known_until(page, proposals.constraints.start or date.min),
        # A row that was just added takes the focus.
        "newest": request.POST.get("do", "").startswith(("add-", "ready")),
    }
    status = UNPROCESSABLE if faults else 200
    return render(request, PAGE, {**context, **more}, status=status)

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.tenancy import Access, Can, tenant_view
from roadmap.forms import ProgressForm
from roadmap.models import PlannedInitiative
from roadmap.queries import neighbours, role_titles
from roadmap.services import ProgressInvalid, StaleInitiative, initiative_update
from roadmap.services.tracking import organization_today
from roadmap.wording import patient_data_in, why_it_starts_here

PAGE = "roadmap/initiative.html"
CONFLICT, UNPROCESSABLE = 409, 422


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.VIEW)
def initiative(request: HttpRequest, access: Access, pk: int, initiative_id: str) -> HttpResponse:
    scope = access.scope(PlannedInitiative).select_related("roadmap", "updated_by")
    found = get_object_or_404(scope, roadmap_id=pk, initiative_id=initiative_id)
    found.roadmap.organization = access.organization
    if request.method == "POST":
        access.require(Can.TRACK)
        return _save(request, access, found)
    return _page(request, access, found, ProgressForm.of(found))


def _save(request: HttpRequest, access: Access, found: PlannedInitiative) -> HttpResponse:
    form = ProgressForm(request.POST)
    if not form.is_valid():
        return _page(request, access, found, form, status=UNPROCESSABLE)
    try:
        saved = initiative_update(initiative=found, user=access.user, **form.cleaned_data)
    except ProgressInvalid as error:
        for field, message in error.messages.items():
            form.add_error(field, message)
        return _page(request, access, found, form, status=UNPROCESSABLE)
    except StaleInitiative as error:
        mine = ProgressForm({**request.POST.dict(), "version": error.current.version})
        return _page(request, access, found, mine, status=CONFLICT, theirs=error.current)
    saved.roadmap = found.roadmap
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, _("Progress saved."))
        for kind in patient_data_in(saved.note):
            messages.warning(request, _("The note may hold %s. Please take it out.") % kind)
        return redirect(
            "roadmap:initiative", access.organization.slug, saved.roadmap_id, saved.initiative_id
        )
    return _page(request, access, saved, ProgressForm.of(saved), is_saved=True)


def _page(
    request: HttpRequest,
    access: Access,
    found: PlannedInitiative,
    form: ProgressForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The whole page, or for a save by script only the part with the form."""
    today = organization_today(access.organization)
    context = {
        "roadmap": found.roadmap,
        "initiative": found,
        "form": form,
        "is_late": found.is_late(today),
        "suspects": patient_data_in(found.note),
        "today": today,
        **more,
    }
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, f"{PAGE}#progress", context, status=status)
    before, after = neighbours(found)
    context |= {
        "before": before,
        "after": after,
        "starts_here": why_it_starts_here(
            found,
            {other.initiative_id: other.title for other in before},
            role_titles(found.roadmap),
        ),
        "phase": next(
            (p["title"] for p in found.roadmap.plan["phases"] if p["id"] == found.phase), ""
        ),
        "gate": found.roadmap.gates.filter(gate_id=found.gate).first() if found.gate else None,
    }
    return render(request, PAGE, context, status=status)

"""An initiative's page: its plan, and what people report, say and attach."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.tenancy import Access, Can, tenant_view
from roadmap.models import PlannedInitiative
from roadmap.pages.earlier import entries_of
from roadmap.pages.initiative import LOG_ROWS, log_rows, piece_rows, standing
from roadmap.pages.work_comments import WorkComments
from roadmap.queries import neighbours, role_titles
from roadmap.services.present import leads_to
from roadmap.services.work.people import People, people_of
from roadmap.services.work.tracking import (
    NeedsReason,
    ProgressInvalid,
    StaleInitiative,
    initiative_report,
    organization_today,
)
from roadmap.wording import patient_data_in, why_it_starts_here
from roadmap.work_forms import PieceForm, ReportForm

PAGE = "roadmap/initiative.html"
CONFLICT, UNPROCESSABLE = 409, 422
WORK = "work"


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.VIEW)
def initiative(request: HttpRequest, access: Access, pk: int, initiative_id: str) -> HttpResponse:
    found = initiative_of(access, roadmap_id=pk, initiative_id=initiative_id)
    people = people_of(access.organization)
    if request.method == "POST":
        access.require(Can.TRACK)
        return _save(request, access, found, people)
    present, is_there = leads_to(found)
    if present and is_there and "earlier" not in request.GET:
        # Mails and notices may hold its address from before another roadmap was adopted.
        return redirect("roadmap:initiative", access.organization.slug, present.pk, initiative_id)
    return initiative_page(request, access, found, people=people, replaced_by=present)


def initiative_of(access: Access, **lookup: Any) -> PlannedInitiative:
    scope = access.scope(PlannedInitiative).select_related(
        "roadmap", "updated_by", "owner", "waits_for"
    )
    unread = ("roadmap__forecast", "roadmap__constraints")
    found: PlannedInitiative = get_object_or_404(scope.defer(*unread), **lookup)
    found.roadmap.organization = access.organization
    return found


def _save(
    request: HttpRequest, access: Access, found: PlannedInitiative, people: People
) -> HttpResponse:
    given = {"access": access, "initiative": found, "people": people}
    form = ReportForm(request.POST, **given)
    again: dict[str, Any] = {"people": people, "back": _back(request)}
    if not form.is_valid():
        return initiative_page(request, access, found, form=form, status=UNPROCESSABLE, **again)
    try:
        saved = initiative_report(
            initiative=found,
            user=access.user,
            version=form.cleaned_data["version"],
            report=form.report(),
            reasons=form.reasons(),
            may_override=access.can_edit,
        )
    except ProgressInvalid as error:
        for field, message in error.messages.items():
            form.add_error(field if field in form.fields else None, message)
        return initiative_page(request, access, found, form=form, status=UNPROCESSABLE, **again)
    except NeedsReason as needed:
        again |= {"needed": needed, "form": form, "editors": people.editors}
        return initiative_page(request, access, found, status=CONFLICT, **again)
    except StaleInitiative as error:
        form = ReportForm(request.POST, **given, version=error.current.version)
        again |= {"theirs": error.current, "form": form}
        return initiative_page(request, access, found, status=CONFLICT, **again)
    return _saved(request, access, saved, people)


def _saved(
    request: HttpRequest, access: Access, saved: PlannedInitiative, people: People
) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return initiative_page(request, access, saved, people=people, is_saved=True)
    for kind in patient_data_in(saved.note):
        messages.warning(request, _("The note may hold %s. Please take it out.") % kind)
    if _back(request):
        messages.success(request, _("Saved: %s") % saved.title)
        return redirect("work:mine", access.organization.slug)
    messages.success(request, _("Progress saved."))
    return redirect(
        "roadmap:initiative", access.organization.slug, saved.roadmap_id, saved.initiative_id
    )


def initiative_page(
    request: HttpRequest,
    access: Access,
    found: PlannedInitiative,
    *,
    people: People,
    form: ReportForm | None = None,
    piece_form: PieceForm | None = None,
    comments: WorkComments | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The whole page, or for a report by script only the part with the form."""
    today = organization_today(access.organization)
    entries = list(entries_of(found).select_related("made_by"))
    form = form or ReportForm(access=access, initiative=found, people=people)
    context = {
        "roadmap": found.roadmap,
        "initiative": found,
        "form": form,
        "is_late": found.is_late(today),
        "suspects": patient_data_in(found.note),
        "today": today,
        "standing": standing(access, found, people, entries),
        "log": log_rows(entries, people),
        "older_entries": max(0, len(entries) - LOG_ROWS),
        **more,
    }
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, f"{PAGE}#progress", context, status=status)
    before, after = neighbours(found)
    pieces = found.evidence.filter(removed_at=None).select_related("added_by")
    context |= {
        "before": before,
        "after": after,
        "starts_here": why_it_starts_here(
            found,
            {other.initiative_id: other.title for other in before},
            role_titles(found.roadmap),
        ),
        "phase": _phase_title(found),
        "gate": found.roadmap.gates.filter(gate_id=found.gate).first() if found.gate else None,
        "pieces": piece_rows(access, pieces),
        "piece_form": piece_form or PieceForm(),
        "comments": comments or WorkComments(access, found, members=people.members),
    }
    return render(request, PAGE, context, status=status)


def _phase_title(found: PlannedInitiative) -> str:
    titles = {phase["id"]: phase["title"] for phase in found.roadmap.plan["phases"]}
    return str(titles.get(found.phase, found.phase))


def _back(request: HttpRequest) -> str:
    """Where a button of “My work” returns to."""
    return WORK if request.POST.get("back") == WORK else ""

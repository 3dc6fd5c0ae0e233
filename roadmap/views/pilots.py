"""Picking the pilot from the candidates of a submitted assessment, and its charter."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.tenancy import Access, Can, tenant_view
from assessments.models import Snapshot
from delivery.queries import watched
from roadmap.charter_forms import CharterForm, CriterionFormSet, TeamFormSet, charter_of
from roadmap.domain.pilot.candidates import pick
from roadmap.domain.pilot.charter import check_criteria, missing
from roadmap.models import PilotCharter
from roadmap.pages.pilots import compared_candidates, criteria_rows
from roadmap.queries import submitted_snapshots
from roadmap.services.charters import (
    NoSuchCandidate,
    StaleCharter,
    charter_content,
    charter_save,
    charter_start,
)

UNPROCESSABLE, CONFLICT = 422, 409


@require_safe
@tenant_view(Can.VIEW)
def pilots(request: HttpRequest, access: Access) -> HttpResponse:
    """The submitted assessments, newest first, with the pilot chosen from each."""
    snapshots = submitted_snapshots(access.scope(Snapshot)).select_related("charter")
    return render(request, "roadmap/pilot/list.html", {"snapshots": snapshots})


@require_safe
@tenant_view(Can.VIEW)
def picker(request: HttpRequest, access: Access, snapshot_pk: int) -> HttpResponse:
    snapshot = _snapshot(access, snapshot_pk)
    guide, answers = snapshot.guide, snapshot.answer_set()
    picking = pick(guide, answers)
    context = {
        "snapshot": snapshot,
        "picking": picking,
        "rows": compared_candidates(guide, picking),
        "charter": PilotCharter.objects.filter(snapshot=snapshot).first(),
    }
    return render(request, "roadmap/pilot/picker.html", context)


@require_POST
@tenant_view(Can.EDIT)
def choose(request: HttpRequest, access: Access, snapshot_pk: int) -> HttpResponse:
    snapshot = _snapshot(access, snapshot_pk)
    try:
        position = int(request.POST.get("candidate", ""))
        charter_start(snapshot=snapshot, user=access.user, position=position)
    except (NoSuchCandidate, ValueError):
        messages.error(request, _("Choose one of the candidates that fit."))
        return redirect("pilots:picker", access.organization.slug, snapshot.pk)
    messages.success(request, _("The pilot is chosen. Now agree its charter."))
    return redirect("pilots:charter_edit", access.organization.slug, snapshot.pk)


@require_safe
@tenant_view(Can.VIEW)
def charter(request: HttpRequest, access: Access, snapshot_pk: int) -> HttpResponse:
    found = _charter(access, snapshot_pk)
    content = charter_content(found)
    newest = access.scope(Snapshot).first() or found.snapshot
    checked = check_criteria(content.criteria, newest.answer_set())
    context = {
        "charter": found,
        "content": content,
        "missing": missing(content),
        "criteria": criteria_rows(newest.guide, checked),
        "newest": newest,
        "outcome": found.outcomes.first(),
    }
    return render(request, "roadmap/pilot/charter.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.EDIT)
def charter_edit(request: HttpRequest, access: Access, snapshot_pk: int) -> HttpResponse:
    found = _charter(access, snapshot_pk)
    if request.method != "POST":
        return _edit_page(request, found, **_forms_of(found))
    systems = watched(access.organization)
    form = CharterForm(request.POST, systems=systems)
    criteria = CriterionFormSet(request.POST, prefix="criteria")
    team = TeamFormSet(request.POST, prefix="team")
    forms = {"form": form, "criteria": criteria, "team": team}
    # All are asked, so that every mistake is shown at once.
    if not all([form.is_valid(), criteria.is_valid(), team.is_valid()]):
        return _edit_page(request, found, status=UNPROCESSABLE, **forms)
    try:
        charter_save(
            charter=found,
            user=access.user,
            version=form.cleaned_data["version"],
            content=charter_of(found.name, form, criteria, team),
            system=form.cleaned_data["system"],
        )
    except StaleCharter as error:
        newer = {**request.POST.dict(), "version": error.current.version}
        again = CharterForm(newer, systems=systems)
        return _edit_page(
            request, found, status=CONFLICT, theirs=error.current, **{**forms, "form": again}
        )
    messages.success(request, _("The charter is saved."))
    return redirect("pilots:charter", access.organization.slug, snapshot_pk)


def _forms_of(found: PilotCharter) -> dict[str, Any]:
    content = charter_content(found)
    return {
        "form": CharterForm.of(
            content, found.version, found.system_id, watched(found.organization)
        ),
        "criteria": CriterionFormSet(
            initial=[vars(criterion) for criterion in content.criteria], prefix="criteria"
        ),
        "team": TeamFormSet(initial=[vars(member) for member in content.team], prefix="team"),
    }


def _edit_page(
    request: HttpRequest, found: PilotCharter, *, status: int = 200, **context: Any
) -> HttpResponse:
    theirs = context.get("theirs")
    shown = {"charter": found, **context}
    if theirs:
        shown["their_content"] = charter_content(theirs)
    return render(request, "roadmap/pilot/charter_form.html", shown, status=status)


def _snapshot(access: Access, pk: int) -> Snapshot:
    return get_object_or_404(access.scope(Snapshot).select_related("assessment"), pk=pk)


def _charter(access: Access, snapshot_pk: int) -> PilotCharter:
    scope = access.scope(PilotCharter).select_related("snapshot__assessment", "changed_by")
    return get_object_or_404(scope, snapshot=snapshot_pk)

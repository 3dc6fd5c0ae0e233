"""Adding, fetching and removing evidence of work. Files are served here and nowhere else."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.tenancy import Access, Can, tenant_view
from assessments.evidence_files.pieces import attachment
from roadmap.enums import KindOfProof
from roadmap.models import PlannedInitiative, WorkEvidence
from roadmap.services.work.evidence import evidence_remove, may_remove
from roadmap.services.work.people import people_of
from roadmap.views.pieces import taken
from roadmap.views.tracking import UNPROCESSABLE, initiative_of, initiative_page
from roadmap.work_forms import PieceForm


@require_POST
@tenant_view(Can.TRACK)
def add(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """A file or link that shows an initiative is done. Gates have their own (gates_items)."""
    found = initiative_of(access, pk=pk)
    form = PieceForm(request.POST, request.FILES)
    if taken(request, access, form, roadmap=found.roadmap, initiative=found):
        return redirect(_place(access, found))
    people = people_of(access.organization)
    return initiative_page(
        request, access, found, people=people, piece_form=form, status=UNPROCESSABLE
    )


@require_safe
@tenant_view(Can.VIEW)
def download(request: HttpRequest, access: Access, pk: int) -> HttpResponseBase:
    """Always as an attachment: nothing that was uploaded is shown inside Waymark."""
    piece = access.get(WorkEvidence, pk=pk, kind=KindOfProof.FILE, removed_at=None)
    try:
        return attachment(piece)
    except FileNotFoundError:
        raise Http404("This file is missing from the server.") from None


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.TRACK)
def remove(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """GET asks once more; POST removes."""
    piece = access.get(WorkEvidence, pk=pk)
    piece.roadmap.organization = access.organization
    if not may_remove(access, piece):
        raise PermissionDenied
    back = _place(access, piece)
    if request.method == "POST" or piece.removed_at is not None:
        if evidence_remove(evidence=piece, user=access.user):
            messages.success(request, _("“%s” was removed.") % piece.title)
        return redirect(back)
    context = {"piece": piece, "back": back, "about": piece.initiative or piece.gate}
    return render(request, "roadmap/tracking/evidence_remove.html", context)


def _place(access: Access, about: PlannedInitiative | WorkEvidence) -> str:
    slug, roadmap = access.organization.slug, about.roadmap_id
    found = about if isinstance(about, PlannedInitiative) else about.initiative
    if found is not None:
        path = reverse("roadmap:initiative", args=[slug, roadmap, found.initiative_id])
        return f"{path}#evidence"
    gate = about.gate if isinstance(about, WorkEvidence) else None
    assert gate is not None  # the database holds one or the other
    return reverse("roadmap:gate", args=[slug, roadmap, gate.gate_id])

"""Adding, fetching and removing evidence of work. Files are served here and nowhere else."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.tenancy import Access, Can, tenant_view
from assessments.evidence_files import store
from assessments.evidence_files.uploads import is_too_large
from assessments.patient_data import find_patient_data
from assessments.services.evidence import too_large
from roadmap.enums import KindOfProof
from roadmap.models import PlannedInitiative, WorkEvidence
from roadmap.services.work.evidence import (
    EvidenceInvalid,
    evidence_add_file,
    evidence_add_link,
    evidence_remove,
    may_remove,
)
from roadmap.services.work.people import people_of
from roadmap.views.tracking import UNPROCESSABLE, initiative_of, initiative_page
from roadmap.work_forms import PieceForm


@require_POST
@tenant_view(Can.TRACK)
def add(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """A file or link that shows an initiative is done. Gates have their own (gates_items)."""
    found = initiative_of(access, pk=pk)
    form = PieceForm(request.POST, request.FILES)
    is_dropped = is_too_large(request, "file")
    if form.is_valid() and not is_dropped:
        try:
            _add(access, found, form)
        except EvidenceInvalid as invalid:
            field = invalid.field if invalid.field in form.fields else "url"
            form.add_error(field, invalid.message)
        else:
            messages.success(request, _("The evidence was added."))
            if find_patient_data([form.cleaned_data["title"], form.cleaned_data["url"]]):
                messages.warning(
                    request,
                    _("What you added looks as if it held patient data. Please take it out."),
                )
            return redirect(_place(access, found))
    if is_dropped:
        form.errors.clear()
        form.add_error("file", too_large())
    people = people_of(access.organization)
    return initiative_page(
        request, access, found, people=people, piece_form=form, status=UNPROCESSABLE
    )


def _add(access: Access, found: PlannedInitiative, form: PieceForm) -> None:
    data, upload = form.cleaned_data, form.cleaned_data["file"]
    if data["url"]:
        evidence_add_link(
            roadmap=found.roadmap,
            initiative=found,
            user=access.user,
            url=data["url"],
            title=data["title"],
        )
        return
    evidence_add_file(
        roadmap=found.roadmap,
        initiative=found,
        user=access.user,
        file=upload.file,
        name=upload.name or "",
        title=data["title"],
    )


@require_safe
@tenant_view(Can.VIEW)
def download(request: HttpRequest, access: Access, pk: int) -> HttpResponseBase:
    """Always as an attachment: nothing that was uploaded is shown inside Waymark."""
    piece = access.get(WorkEvidence, pk=pk, kind=KindOfProof.FILE, removed_at=None)
    try:
        body = store.path_of(piece.stored_name).open("rb")
    except FileNotFoundError:
        raise Http404("This file is missing from the server.") from None
    response = FileResponse(
        body, as_attachment=True, filename=piece.file_name, content_type=piece.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


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

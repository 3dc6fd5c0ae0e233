"""Records out of files: choose, look, import."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.tenancy import Access, Can, tenant_view
from assessments.evidence_files.uploads import is_too_large
from assessments.tables.csv_file import write_csv
from delivery.domain.files.columns import COLUMNS
from delivery.domain.files.coverage import CoverageProblem, read_coverage
from delivery.domain.files.table import FileProblem
from delivery.domain.payloads.reading import EARLIEST
from delivery.import_forms import CoverageForm, ImportForm
from delivery.intake.csv_cells import MOST_BYTES
from delivery.models import RecordUpload, System
from delivery.pages.imports import preview_page
from delivery.services.imports import (
    ImportRefused,
    coverage_import,
    upload_import,
    upload_keep,
    upload_preview,
)

UNPROCESSABLE = 422
ORDERS = ("dmy", "mdy")


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.TRACK)
def choose(request: HttpRequest, access: Access) -> HttpResponse:
    """Choose a file; what it would bring is shown before anything is stored."""
    systems = access.scope(System).filter(ended_at=None)
    initial = {"kind": request.GET.get("kind"), "system": request.GET.get("system")}
    form = ImportForm(None, systems=systems, initial=initial)
    if request.method == "POST":
        form = ImportForm(request.POST, request.FILES, systems=systems)
        upload = _keep(request, access, form) if form.is_valid() else None
        if upload is not None:
            return redirect("delivery:import_preview", access.organization.slug, upload.pk)
    return _page(request, access, form, CoverageForm(None, systems=systems, initial=initial))


def _page(
    request: HttpRequest, access: Access, form: ImportForm, coverage: CoverageForm
) -> HttpResponse:
    shown = form if form.is_bound else coverage
    context = {
        "form": shown,
        "table_form": form,
        "coverage_form": coverage,
        "kinds": form.fields["kind"].choices,  # type: ignore[attr-defined]
        "has_systems": form.fields["system"].queryset.exists(),  # type: ignore[attr-defined]
    }
    status = UNPROCESSABLE if form.errors or coverage.errors else 200
    return render(request, "delivery/intake/import.html", context, status=status)


def _keep(request: HttpRequest, access: Access, form: ImportForm) -> RecordUpload | None:
    file: UploadedFile[Any] = form.cleaned_data["file"]
    if is_too_large(request, "file") or (file.size or 0) > MOST_BYTES:
        form.add_error("file", _("The file is larger than 10 MB. Import it in parts."))
        return None
    try:
        return upload_keep(
            organization=access.organization,
            user=access.user,
            kind=form.cleaned_data["kind"],
            system=form.cleaned_data["system"],
            content=file.read(),
            file_name=file.name or "",
        )
    except FileProblem as problem:
        form.add_error("file", str(problem))
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.TRACK)
def preview(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    upload = access.get(RecordUpload, pk=pk)
    sent = request.POST if request.method == "POST" else request.GET
    order = sent.get("order", "") if sent.get("order", "") in ORDERS else ""
    if upload.taken_at is not None:
        messages.info(request, _("This file was imported already."))
        return redirect("delivery:import", access.organization.slug)
    refused = ""
    if request.method == "POST":
        try:
            done = upload_import(upload=upload, user=access.user, order=order)
        except ImportRefused as problem:
            refused = str(problem)
        else:
            messages.success(
                request,
                _("Imported: %(new)s new, %(changed)s changed, %(same)s known already.")
                % {"new": done.created, "changed": done.updated, "same": done.unchanged},
            )
            return redirect("delivery:metrics", access.organization.slug)
    found = upload_preview(upload, order=order)
    context = {"upload": upload, "refused": refused, **preview_page(upload, found)}
    status = UNPROCESSABLE if refused else 200
    return render(request, "delivery/intake/import_preview.html", context, status=status)


@require_http_methods(["POST"])
@tenant_view(Can.TRACK)
def coverage(request: HttpRequest, access: Access) -> HttpResponse:
    systems = access.scope(System).filter(ended_at=None)
    form = CoverageForm(request.POST, request.FILES, systems=systems)
    if form.is_valid():
        if is_too_large(request, "coverage-file"):
            form.add_error("file", _("The report is larger than 15 MB."))
        else:
            made = _read_coverage(access, form)
            if made is not None:
                messages.success(request, made)
                return redirect(
                    "delivery:system", access.organization.slug, form.cleaned_data["system"].pk
                )
    return _page(request, access, ImportForm(None, systems=systems), form)


def _read_coverage(access: Access, form: CoverageForm) -> str | None:
    file: UploadedFile[Any] = form.cleaned_data["file"]
    try:
        found = read_coverage(file.read())
    except CoverageProblem as problem:
        form.add_error("file", str(problem))
        return None
    now = timezone.now()
    at = form.cleaned_data["measured_at"] or found.measured_at or now
    if at > now + timedelta(minutes=10):
        form.add_error("measured_at", _("This lies in the future. Enter when it was measured."))
        return None
    if at < EARLIEST:
        form.add_error("measured_at", _("This lies before the year 2000. Check the year."))
        return None
    stored = coverage_import(
        system=form.cleaned_data["system"],
        user=access.user,
        found=found,
        measured_at=at,
        file_name=file.name or "",
    )
    if not stored.created and not stored.updated:
        return _("This report was known already; nothing changed.")
    return _("%(tool)s: %(covered)s of %(total)s lines are covered.") % {
        "tool": found.tool,
        "covered": f"{found.covered:,}",
        "total": f"{found.total:,}",
    }


@require_safe
@tenant_view(Can.TRACK)
def template(request: HttpRequest, access: Access) -> HttpResponse:
    """A file with the heading alone, to be filled in."""
    kind = request.GET.get("kind", "deployment")
    if kind not in COLUMNS:
        raise Http404("No such kind of records.")
    heading: list[Any] = [column.label for column in COLUMNS[kind]]
    response = HttpResponse(write_csv([heading]), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
    return response

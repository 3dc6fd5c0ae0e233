"""The guides an organization may use: the shipped one and its own, uploaded as zip files."""

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.tenancy import Access, Can, tenant_view
from assessments.domain.guide_keys import plain_id
from assessments.evidence_files.uploads import is_too_large
from assessments.guides import belongs_to, newest_first, stored_guides, version_parts
from assessments.models import StoredGuide
from assessments.pages.guides import changes_between, overview
from assessments.services.guides import MOST_VERSIONS, guide_retire, guide_upload, too_large
from guide.archive import MAX_ARCHIVE_BYTES, guide_to_zip
from guide.loading import GuideError
from guide.model import Guide
from guide.registry import CONTENT, GuideNotFound, current_guide, get_guide, known_versions
from guide.yamlfile import Problem

SHOWN_PROBLEMS = 100
DOCS = Path(settings.BASE_DIR) / "docs"


@tenant_view(Can.VIEW)
@require_safe
def guides(request: HttpRequest, access: Access) -> HttpResponse:
    """The shipped guide, and the organization's own by guide and version."""
    own: dict[str, list[StoredGuide]] = {}
    for row in stored_guides(access.organization):
        own.setdefault(row.key, []).append(row)
    context = {
        "shipped": overview(current_guide()),
        "own": [{"id": plain_id(key), "versions": rows} for key, rows in own.items()],
        **_limits(),
    }
    return render(request, "assessments/guides/list.html", context)


def _limits() -> dict[str, Any]:
    return {"most_mb": MAX_ARCHIVE_BYTES // 1_000_000, "most_versions": MOST_VERSIONS}


@tenant_view(Can.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, access: Access) -> HttpResponse:
    """Choose a zip. A good guide is stored; a bad one is answered with all that is wrong."""
    if request.method != "POST":
        return render(request, "assessments/guides/upload.html", _limits())
    file = request.FILES.get("file")
    refused = _refused(request, file)
    if refused:
        return _not_stored(request, file, {"refused": refused})
    try:
        found = guide_upload(
            organization=access.organization, user=access.user, data=file.read() if file else b""
        )
    except GuideError as error:
        return _not_stored(request, file, _problems(error.problems))
    stored = found.stored
    if found.is_new:
        messages.success(request, _("“%s” is stored and can be used.") % stored)
    else:
        messages.info(request, _("“%s” was stored already, with the same content.") % stored)
    return redirect("assessments:guide", access.organization.slug, stored.pk)


def _refused(request: HttpRequest, file: UploadedFile | None) -> str:
    """What is wrong with the file before it is opened."""
    if is_too_large(request, "file") or (file and (file.size or 0) > MAX_ARCHIVE_BYTES):
        return too_large()
    if file is None:
        return _("Choose the zip file of a guide.")
    if not file.size:
        return _("The file is empty. Make the zip again and choose it.")
    return ""


def _problems(problems: list[Problem]) -> dict[str, Any]:
    return {
        "problems": problems[:SHOWN_PROBLEMS],
        "problem_count": len(problems),
        "more": max(0, len(problems) - SHOWN_PROBLEMS),
    }


def _not_stored(
    request: HttpRequest, file: UploadedFile | None, why: Mapping[str, Any]
) -> HttpResponse:
    context = {**_limits(), **why, "file_name": file.name if file else ""}
    return render(request, "assessments/guides/upload.html", context, status=422)


@tenant_view(Can.VIEW)
@require_safe
def shipped(request: HttpRequest, access: Access) -> HttpResponse:
    """What the shipped guide holds, and how its versions differ."""
    shown = current_guide()
    context = {
        "page": overview(shown),
        "key": shown.id,
        "id": shown.id,
        "versions": _versions(access, shown.id),
        "is_shipped": True,
    }
    return render(request, "assessments/guides/guide.html", context)


@tenant_view(Can.VIEW)
@require_safe
def guide(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """One version of an uploaded guide."""
    stored = access.get(StoredGuide, pk=pk)
    rows = access.scope(StoredGuide).filter(key=stored.key).defer("content")
    context = {
        "page": overview(get_guide(stored.key, stored.version)),
        "key": stored.key,
        "id": plain_id(stored.key),
        "stored": stored,
        "rows": newest_first(rows),
        "versions": _versions(access, stored.key),
    }
    return render(request, "assessments/guides/guide.html", context)


@require_POST
@tenant_view(Can.EDIT)
def retire(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """Offer a version no more for new assessments, or again."""
    stored = access.get(StoredGuide, pk=pk)
    retired = request.POST.get("act") != "offer"
    guide_retire(stored=stored, user=access.user, retired=retired)
    text = (
        _("“%s” is not offered any more. Assessments made with it keep it.")
        if retired
        else _("“%s” is offered again.")
    )
    messages.success(request, text % stored)
    return redirect("assessments:guide", access.organization.slug, stored.pk)


@tenant_view(Can.VIEW)
@require_safe
def changes(request: HttpRequest, access: Access) -> HttpResponse:
    """What differs between two versions: `?guide=<key>&from=1.0.0&to=1.1.0`."""
    key = request.GET.get("guide") or current_guide().id
    old = guide_or_404(access, key, request.GET.get("from", ""))
    new = guide_or_404(access, key, request.GET.get("to", ""))
    context = {
        "old": old,
        "new": new,
        "key": key,
        "versions": _versions(access, key),
        "changes": changes_between(old, new),
    }
    return render(request, "assessments/guides/changes.html", context)


def guide_or_404(access: Access, key: str, version: str) -> Guide:
    """A version of a guide this organization may use."""
    if belongs_to(key, access.organization):
        try:
            return get_guide(key, version)
        except GuideNotFound:
            pass
    raise Http404("No such guide of this organization.")


def _versions(access: Access, key: str) -> list[str]:
    """Newest first, the retired ones too."""
    shipped_ones = known_versions(key)
    if shipped_ones:
        return list(shipped_ones)
    own = access.scope(StoredGuide).filter(key=key).values_list("version", flat=True)
    return sorted(own.order_by(), key=version_parts, reverse=True)


def _starter() -> bytes:
    return guide_to_zip(CONTENT / "starter")


def _schemas() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted((DOCS / "guide-schema").glob("*.json")):
            archive.writestr(zipfile.ZipInfo(f"guide-schema/{path.name}"), path.read_bytes())
    return written.getvalue()


def _format() -> bytes:
    return b"\n".join((DOCS / name).read_bytes() for name in ("guide-format.md", "guide-keys.md"))


FILES: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "starter-guide.zip": ("application/zip", _starter),
    "guide-schema.zip": ("application/zip", _schemas),
    "guide-format.md": ("text/markdown; charset=utf-8", _format),
}


@tenant_view(Can.VIEW)
@require_safe
def download(request: HttpRequest, access: Access, name: str) -> HttpResponse:
    """What one needs to write a guide: one of `FILES`."""
    content_type, make = FILES[name]
    return HttpResponse(
        make(),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )

"""Everything as one archive, out and in: for owners alone, and for nobody's adviser."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.tenancy import Access, Can, tenant_view
from handover import services, storage
from handover.arriving_uploads import allow_archive, is_too_large
from handover.forms import ArrivalForm
from handover.models import Archive, Arrival
from handover.parts import CARRIED, NOT_CARRIED
from handover.reading import ArchiveRefused
from handover.taking import is_empty
from jobs.enums import JobState

SHOWN = 20


def _for_members(access: Access) -> None:
    if access.engagement is not None:
        raise PermissionDenied(
            _("Only an owner of %(client)s can take everything along.")
            % {"client": access.organization}
        )


@tenant_view(Can.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest, access: Access) -> HttpResponse:
    """POST asks for an archive. `?part=archives`: only the list, which moves."""
    _for_members(access)
    if request.method == "POST":
        services.archive_request(organization=access.organization, user=access.user)
        return redirect("handover:index", access.organization.slug)
    rows = access.scope(Archive).select_related("created_by", "job")
    archives = list(rows[:SHOWN])
    context: dict[str, Any] = {
        "archives": archives,
        "is_moving": any(archive.is_open for archive in archives),
    }
    if request.GET.get("part") == "archives":
        return render(request, "handover/archives.html", context)
    context |= {
        "is_empty": is_empty(access.organization),
        "arrivals": list(access.scope(Arrival).select_related("created_by")[:5]),
        "not_carried": [(_words(label), reason) for label, reason in NOT_CARRIED.items()],
        "number_of_parts": len(CARRIED),
    }
    return render(request, "handover/index.html", context)


def _words(label: str) -> str:
    return str(apps.get_model(label)._meta.verbose_name_plural)


@require_safe
@tenant_view(Can.MANAGE)
def download(request: HttpRequest, access: Access, pk: int) -> HttpResponseBase:
    _for_members(access)
    archive = access.get(Archive, pk=pk)
    if not archive.can_be_downloaded:
        raise Http404("Not made yet, or no longer kept.")
    try:
        body = storage.path_of(archive.file).open("rb")
    except FileNotFoundError:
        raise Http404("The file is gone.") from None
    services.archive_downloaded(archive=archive, user=access.user)
    name = slugify(access.organization.name)[:60] or "organization"
    day = archive.created_at.date().isoformat()
    return FileResponse(
        body,
        as_attachment=True,
        filename=f"{name}-archive-{day}.zip",
        content_type="application/zip",
    )


# Whether it is this site's own form is judged inside: judging it reads the file, and only an owner
# may send one that is larger than others.
@csrf_exempt
@tenant_view(Can.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, access: Access) -> HttpResponseBase:
    """Choose an archive; it is looked into and nothing of it is taken yet."""
    _for_members(access)
    allow_archive(request)
    return _upload(request, access)


@csrf_protect
def _upload(request: HttpRequest, access: Access) -> HttpResponse:
    problem = ""
    if request.method == "POST":
        try:
            made = _sent(request, access)
            return redirect("handover:arrival", access.organization.slug, made.pk)
        except ArchiveRefused as refused:
            problem = str(refused)
    context = {"problem": problem, "is_empty": is_empty(access.organization)}
    return render(request, "handover/upload.html", context, status=422 if problem else 200)


def _sent(request: HttpRequest, access: Access) -> Arrival:
    file = request.FILES.get("archive")
    if is_too_large(request):
        raise ArchiveRefused(services.too_large())
    if file is None:
        raise ArchiveRefused(_("Choose the archive to bring in."))
    return services.arrival_create(
        organization=access.organization,
        user=access.user,
        file=file,  # type: ignore[arg-type]
        name=file.name or "",
    )


@tenant_view(Can.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def arrival(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """What is in it. POST has the worker bring it in."""
    _for_members(access)
    found = access.get(Arrival, pk=pk)
    usual = {"name": _name_at_first(found)}
    sent = {**usual, **request.POST.dict()} if request.method == "POST" else None
    form = ArrivalForm(sent, initial=usual)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        services.arrival_take(arrival=found, user=access.user, name=name)
        return redirect("handover:arrival", access.organization.slug, found.pk)
    rows = [(_words(label), number) for label, number in _known(found).items()]
    failed = found.job is not None and found.job.state in (JobState.FAILED, JobState.CANCELLED)
    context = {
        "arrival": found,
        "form": form,
        "made_at": _moment(found.found.get("made_at", "")),
        "is_writing": found.is_open and found.job.progress >= services.WRITING,
        "is_stopped": found.job is not None and found.job.state == JobState.CANCELLED,
        "rows": rows,
        "has_failed": failed and not found.taken_at,
        "total": sum(number for _label, number in rows),
    }
    part = request.GET.get("part") == "state"
    template = "handover/state.html" if part else "handover/arrival.html"
    return render(request, template, context, status=422 if form.errors else 200)


def _name_at_first(found: Arrival) -> str:
    """What was typed for an earlier attempt, else as the archive says."""
    return str(found.found.get("called") or found.found.get("name", ""))


def _moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None


def _known(found: Arrival) -> dict[str, int]:
    labels = {part.label for part in CARRIED}
    return {name: n for name, n in found.found.get("rows", {}).items() if name in labels}


@require_POST
@tenant_view(Can.MANAGE)
def stop(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """Give up an archive that is being made."""
    _for_members(access)
    if services.archive_stop(archive=access.get(Archive, pk=pk)):
        messages.success(request, _("Stopped. No archive was made."))
    return redirect("handover:index", access.organization.slug)


@require_POST
@tenant_view(Can.MANAGE)
def discard(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """Of one that is being brought in this only stops the work."""
    _for_members(access)
    found = access.get(Arrival, pk=pk)
    if found.is_open:
        services.arrival_stop(arrival=found)
        return redirect("handover:arrival", access.organization.slug, found.pk)
    if found.taken_at is None:
        services.arrival_discard(arrival=found)
        messages.success(request, _("Discarded. Nothing of the archive was taken."))
    return redirect("handover:index", access.organization.slug)

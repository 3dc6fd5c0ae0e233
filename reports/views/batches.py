"""Many reports at once: how far they are, what could not be made and why, and the zip."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record
from accounts.tenancy import Access, Can, tenant_view
from jobs.enums import OPEN_STATES
from reports import storage
from reports.models import Batch, BatchItem
from reports.pages.listed import file_named
from reports.services import batches

SHOWN = 50
COUNTS = {
    "all_items": Count("items"),
    "ended": Count("items", filter=Q(items__ended_at__isnull=False)),
    "made": Count("items", filter=Q(items__report__isnull=False, items__ended_at__isnull=False)),
    "not_made": Count("items", filter=~Q(items__problem="")),
}


@require_safe
@tenant_view(Can.EDIT)
def index(request: HttpRequest, access: Access) -> HttpResponse:
    rows = access.scope(Batch).annotate(**COUNTS).select_related("created_by")
    return render(request, "reports/batches/list.html", {"batches": list(rows[:SHOWN])})


@require_safe
@tenant_view(Can.EDIT)
def detail(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """The page that waits for a batch. `?part=progress`: only what moves."""
    rows = access.scope(Batch).annotate(**COUNTS).select_related("created_by", "job")
    batch = rows.filter(pk=pk).first()
    if batch is None:
        raise Http404("No such batch.")
    items = batch.items.select_related("client", "job", "report").defer("report__snapshot")
    failed = _named(items.exclude(problem="")[:500], batch)
    part = request.GET.get("part") == "progress"
    context = {
        "batch": batch,
        "running": _named(items.filter(ended_at=None, job__state="running")[:8], batch),
        "failed": failed,
        "is_zipping": bool(batch.job and batch.job.state in OPEN_STATES),
        "zip_failed": bool(batch.job and batch.job.state == "failed"),
    }
    template = "reports/batches/progress.html" if part else "reports/batches/detail.html"
    return render(request, template, context)


def _named(items: Iterable[BatchItem], batch: Batch) -> list[dict[str, Any]]:
    """Each with the file it stands for, where every client has several."""
    chosen = batch.chosen
    names = [file_named(one) if len(chosen) > 1 else "" for one in chosen]
    return [{"item": item, "file": names[item.number]} for item in items]


@require_POST
@tenant_view(Can.EDIT)
def cancel(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    if batches.batch_cancel(batch=access.get(Batch, pk=pk), user=access.user):
        messages.success(request, _("Given up. What was made until now stays."))
    return _to_batch(access, pk)


@require_POST
@tenant_view(Can.EDIT)
def retry(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    number = batches.batch_retry(batch=access.get(Batch, pk=pk), user=access.user)
    if number:
        words = ngettext("%s file is tried again.", "%s files are tried again.", number)
        messages.success(request, words % number)
    return _to_batch(access, pk)


@require_POST
@tenant_view(Can.EDIT)
def zip_again(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    batches.zip_again(batch=access.get(Batch, pk=pk))
    return _to_batch(access, pk)


@require_safe
@tenant_view(Can.EDIT)
def download(request: HttpRequest, access: Access, pk: int) -> HttpResponseBase:
    """The zip; put together anew first where a client has ended the access since."""
    batch = access.get(Batch, pk=pk)
    if not batch.file:
        raise Http404("The files are not put together yet, or no longer kept.")
    asker = batch.created_by
    if asker not in (None, access.user) and batches.is_complete_for(batch, asker):
        if not batches.is_complete_for(batch, access.user):
            words = _("It holds reports that you may not see. Ask %s for those you need.")
            messages.error(request, words % asker)
            return _to_batch(access, pk)
    elif not batches.is_complete_for(batch, access.user):
        batches.zip_again(batch=batch)
        messages.info(
            request,
            _(
                "A client has ended your access since. The files are put together again "
                "without its reports."
            ),
        )
        return _to_batch(access, pk)
    try:
        body: Any = storage.path_of(batch.file).open("rb")
    except FileNotFoundError:
        batches.zip_again(batch=batch)
        messages.info(request, _("The file was gone. It is put together again."))
        return _to_batch(access, pk)
    record(
        organization=access.organization, actor=access.user, verb="batch.downloaded", target=batch
    )
    name = f"{slugify(batch.name)[:60] or 'reports'}.zip"
    return FileResponse(body, as_attachment=True, filename=name, content_type="application/zip")


def _to_batch(access: Access, pk: int) -> HttpResponse:
    return redirect("batches:detail", access.organization.slug, pk)

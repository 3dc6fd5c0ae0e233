from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.tenancy import Access, Can, tenant_view
from reports import storage
from reports.files.forms import form_of
from reports.models import Report
from reports.services.making import report_request, report_retry
from roadmap.models import Roadmap


@require_POST
@tenant_view(Can.EDIT)
def report_create(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    roadmap = access.get(Roadmap, pk=pk)
    made = report_request(roadmap=roadmap, user=access.user)
    if made.is_ready:
        messages.info(request, _("Nothing has changed since this report was made."))
    return _to_report(access, made)


@require_safe
@never_cache
@tenant_view(Can.VIEW)
def report(request: HttpRequest, access: Access, pk: int, report_pk: int) -> HttpResponse:
    """The page that waits for the report, then offers it. `?part=progress`: only what moves."""
    found = _report(access, pk, report_pk)
    part = request.GET.get("part") == "progress"
    template = "reports/report.html#progress" if part else "reports/report.html"
    return render(request, template, {"report": found, "roadmap": found.roadmap})


@require_POST
@tenant_view(Can.EDIT)
def report_again(request: HttpRequest, access: Access, pk: int, report_pk: int) -> HttpResponse:
    found = _report(access, pk, report_pk)
    if not report_retry(report=found, user=access.user):
        messages.info(request, _("This report needs no second attempt."))
    return _to_report(access, found)


@require_safe
@never_cache
@tenant_view(Can.VIEW)
def report_download(
    request: HttpRequest, access: Access, pk: int, report_pk: int
) -> HttpResponseBase:
    found = _report(access, pk, report_pk)
    if not found.is_ready:
        raise Http404("The report is not made yet.")
    try:
        body = storage.path_of(found.file).open("rb")
    except FileNotFoundError:
        messages.error(
            request, _("The file of this report is missing. Create it again to get a new one.")
        )
        return _to_report(access, found)
    response = FileResponse(
        body,
        as_attachment=True,
        filename=found.download_name,
        content_type=form_of(found.form).content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _report(access: Access, pk: int, report_pk: int) -> Report:
    found = access.scope(Report).select_related("roadmap", "job").defer("roadmap__plan")
    try:
        return found.get(pk=report_pk, roadmap_id=pk)
    except Report.DoesNotExist:
        raise Http404("No such report of this roadmap.") from None


def _to_report(access: Access, found: Report) -> HttpResponse:
    return redirect("reports:report", access.organization.slug, found.roadmap_id, found.pk)

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import REPORTS_ARE_MADE_FROM
from accounts.tenancy import Access, Can, tenant_view
from reports import storage
from reports.files.forms import form_of
from reports.models import Report
from reports.pages.listed import choices_told
from reports.services.making import report_cancel as report_cancel_service
from reports.services.making import report_downloaded, report_request, report_retry
from roadmap.models import Roadmap

SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.VIEW)
def index(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """GET lists the reports of a roadmap; POST asks for the full roadmap as it is usual."""
    if request.method == "POST":
        access.require(Can.EDIT)
        for area in REPORTS_ARE_MADE_FROM:
            access.require_area(area)
        return _create(request, access, access.get(Roadmap, pk=pk))
    rows = access.scope(Roadmap).defer("plan", "forecast", "constraints")
    roadmap = get_object_or_404(rows, pk=pk)
    found = access.scope(Report).filter(roadmap=roadmap).select_related("job", "created_by")
    rows = list(found.defer("snapshot")[: SHOWN + 1])
    for one in rows:
        one.told = choices_told(one.chosen)
    context = {
        "roadmap": roadmap,
        "reports": rows[:SHOWN],
        "is_cut": len(rows) > SHOWN,
        "is_waiting": any(one.is_open for one in rows[:SHOWN]),
    }
    return render(request, "reports/list.html", context)


def _create(request: HttpRequest, access: Access, roadmap: Roadmap) -> HttpResponse:
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
    return render(
        request, template, {"report": found, "roadmap": found.roadmap, "is_open": found.is_open}
    )


@require_POST
@tenant_view(Can.EDIT)
def report_again(request: HttpRequest, access: Access, pk: int, report_pk: int) -> HttpResponse:
    found = _report(access, pk, report_pk)
    if not report_retry(report=found, user=access.user):
        messages.info(request, _("This report needs no second attempt."))
    return _to_report(access, found)


@require_POST
@tenant_view(Can.EDIT)
def report_cancel(request: HttpRequest, access: Access, pk: int, report_pk: int) -> HttpResponse:
    found = _report(access, pk, report_pk)
    if report_cancel_service(report=found, user=access.user):
        messages.success(request, _("Given up. Nothing was made."))
    else:
        messages.info(request, _("There was nothing to give up any more."))
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
    report_downloaded(report=found, user=access.user)
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

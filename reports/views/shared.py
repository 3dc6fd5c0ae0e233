"""What a shared address shows to whoever holds it: a report, or the plan as it stands."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.shared_addresses import address_seen, last_day
from accounts.tenancy import by_secret, speak_as
from accounts.views.shared_address import shared_page
from reports import storage
from reports.files.forms import form_of
from reports.models import Report, ShareLink
from reports.pages.shared_plan import shared_plan
from reports.services.shares import LINK
from roadmap.services.work.tracking import organization_today


@require_http_methods(["GET", "HEAD", "POST"])
def shared(request: HttpRequest, token: str) -> HttpResponseBase:
    """The report's page or the plan; before it the password, where there is one."""
    link = by_secret(ShareLink, LINK, token)
    show = partial(_show, request, link, token)
    return _behind(request, link, token, show)


@require_safe
def file(request: HttpRequest, token: str) -> HttpResponseBase:
    """The report itself. Without the password one is led to where it is asked for."""
    link = by_secret(ShareLink, LINK, token)
    if link.report is None:
        raise Http404("The plan has no file.")
    return _behind(request, link, token, partial(_file, link.report))


def _behind(request: HttpRequest, link: ShareLink, token: str, show: Any) -> HttpResponseBase:
    organization = link.organization
    speak_as(organization)
    return shared_page(
        request,
        link,
        purpose=LINK,
        today=organization_today(organization),
        title=_("Shared report") if link.report_id else _("Shared plan"),
        home=reverse("links:shared", args=[token]),
        show=show,
    )


def _show(request: HttpRequest, link: ShareLink, token: str) -> HttpResponse:
    address_seen(link)
    context: dict[str, Any] = {"last_day": last_day(link)}
    if link.report is not None:
        context |= {"report": link.report, "token": token}
        return render(request, "reports/shares/report.html", context)
    context |= shared_plan(link, organization_today(link.organization))
    return render(request, "reports/shares/plan.html", context)


def _file(report: Report) -> HttpResponseBase:
    try:
        body = storage.path_of(report.file).open("rb") if report.file else None
    except FileNotFoundError:
        body = None
    if body is None:
        raise Http404("The file of this report is no longer kept.")
    form = form_of(report.form)
    # Office files are never opened in the browser's own page.
    return FileResponse(
        body,
        as_attachment=report.form != "pdf",
        filename=report.download_name,
        content_type=form.content_type,
    )

"""Who outside may read a report or the live plan: the addresses of one roadmap."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.enums import Area
from accounts.shared_addresses import address_is_open, last_day
from accounts.tenancy import Access, Can, tenant_view
from reports.models import Report, ShareLink
from reports.services import shares
from reports.share_forms import ShareForm
from roadmap.models import Roadmap
from roadmap.services.work.tracking import organization_today

SHOWN = 200
REPORTS_OFFERED = 20


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.EDIT, areas=[Area.ROADMAP])
def index(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    roadmap = _roadmap(access, pk)
    today = organization_today(access.organization)
    reports = _reports(access, roadmap)
    if request.method != "POST":
        form = ShareForm.opened(reports, today, request.GET.get("report", ""))
        return _page(request, access, roadmap, form, today)
    form = ShareForm(reports, request.POST)
    if form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("name", "expires_on", "password")}
        try:
            link = shares.share_create(
                roadmap=roadmap,
                report=form.report,
                user=access.user,
                today=today,
                engagement=access.engagement,
                **told,
            )
        except shares.ShareInvalid as error:
            for field, message in error.messages.items():
                form.add_error(field, message)
        else:
            messages.success(request, _("The address is ready. Copy it from the list below."))
            return redirect(f"{_address(access, roadmap)}#link-{link.pk}")
    return _page(request, access, roadmap, form, today, status=422)


@require_POST
@tenant_view(Can.EDIT, areas=[Area.ROADMAP])
def end(request: HttpRequest, access: Access, pk: int, link: int) -> HttpResponse:
    roadmap = _roadmap(access, pk)
    found = access.get(ShareLink, pk=link)
    found.organization = access.organization
    shares.share_revoke(link=found, user=access.user)
    messages.success(request, _("This address leads nowhere any more."))
    return redirect(_address(access, roadmap))


def _roadmap(access: Access, pk: int) -> Roadmap:
    rows = access.scope(Roadmap).defer("plan", "forecast", "constraints")
    found = get_object_or_404(rows, pk=pk)
    found.organization = access.organization
    return found


def _reports(access: Access, roadmap: Roadmap) -> list[Report]:
    """Those that are made; of many, the newest."""
    rows = access.scope(Report).filter(roadmap=roadmap).exclude(file="").defer("snapshot")
    return list(rows[:REPORTS_OFFERED])


def _page(
    request: HttpRequest,
    access: Access,
    roadmap: Roadmap,
    form: ShareForm,
    today: date,
    status: int = 200,
) -> HttpResponse:
    rows = access.scope(ShareLink).select_related("created_by", "report", "roadmap", "engagement")
    rows = rows.defer("report__snapshot", "roadmap__plan", "roadmap__forecast")
    context: dict[str, Any] = {
        "roadmap": roadmap,
        "form": form,
        # What can still be read, and ended, first.
        "links": sorted(
            (_row(request, link, today, roadmap) for link in rows[:SHOWN]),
            key=lambda row: not row["is_open"],
        ),
    }
    return render(request, "reports/shares/index.html", context, status=status)


def _row(request: HttpRequest, link: ShareLink, today: date, roadmap: Roadmap) -> dict[str, Any]:
    is_open = address_is_open(link, today)
    path = reverse("links:shared", args=[shares.share_token(link)])
    return {
        "link": link,
        "is_open": is_open,
        "last_day": last_day(link),
        "of_another": "" if link.roadmap_id == roadmap.pk else link.roadmap.name,
        "address": request.build_absolute_uri(path) if is_open else "",
    }


def _address(access: Access, roadmap: Roadmap) -> str:
    return reverse("shares:list", args=[access.organization.slug, roadmap.pk])

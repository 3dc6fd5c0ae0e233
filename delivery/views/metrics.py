"""The metrics of all systems, of one, and the records behind them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.tenancy import Access, Can, tenant_view
from delivery.models import Source, System
from delivery.pages.assessed import indicators_of, newest_snapshot
from delivery.pages.definitions import METHOD_OF_LIMITS, WHEELER
from delivery.pages.overview import overview_rows
from delivery.pages.records import KINDS, records_page
from delivery.pages.shared import WINDOWS, window_asked
from delivery.pages.system import system_page
from delivery.queries import days_being_counted, organization_today
from delivery.services.silence import silent_sources


@require_safe
@tenant_view(Can.VIEW)
def overview(request: HttpRequest, access: Access) -> HttpResponse:
    weeks = window_asked(request.GET.get("weeks"))
    systems = list(access.scope(System).defer("note"))
    watched = [system for system in systems if system.ended_at is None]
    today = organization_today(access.organization)
    context = {
        "rows": overview_rows(watched, today, weeks),
        "ended": [system for system in systems if system.ended_at is not None],
        "weeks": weeks,
        "windows": WINDOWS,
        "silent": list(silent_sources(access.scope(Source))),
        "being_counted": days_being_counted(watched) if watched else 0,
        "indicators": indicators_of(newest_snapshot(access)) if watched else None,
    }
    return render(request, "delivery/overview.html", context)


@require_safe
@tenant_view(Can.VIEW)
def system(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    weeks = window_asked(request.GET.get("weeks"))
    found = access.get(System, pk=pk)
    context = {
        "system": found,
        "shown": system_page(found, organization_today(access.organization), weeks),
        "weeks": weeks,
        "windows": WINDOWS,
        "method": METHOD_OF_LIMITS,
        "wheeler": WHEELER,
        "indicators": indicators_of(newest_snapshot(access)),
    }
    return render(request, "delivery/system.html", context)


@require_safe
@tenant_view(Can.VIEW)
def records(request: HttpRequest, access: Access, pk: int, kind: str) -> HttpResponse:
    if kind not in KINDS:
        raise Http404("No such kind of records.")
    found = access.get(System, pk=pk)
    shown = records_page(found, kind, request.GET.get("show", ""))
    kinds = [(name, one.title) for name, one in KINDS.items()]
    context = {"system": found, "shown": shown, "kinds": kinds}
    return render(request, "delivery/records.html", context)

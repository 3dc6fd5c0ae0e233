"""The timeline of a roadmap."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.tenancy import Access, Can, tenant_view
from roadmap.charts.timeline import QUARTERS, ZOOMS
from roadmap.enums import InitiativeStatus
from roadmap.pages.timeline import gate_days, timeline_page
from roadmap.pages.work_items import read_filters
from roadmap.work_reading import read_work

PAGE = "roadmap/timeline.html"


@require_safe
@tenant_view(Can.VIEW)
def timeline(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    work = read_work(access, pk)
    filters = read_filters(request.GET, work.known, access.user.pk)
    zoom = request.GET.get("zoom", QUARTERS)
    zoom = zoom if zoom in ZOOMS else QUARTERS
    shown = timeline_page(
        work.items,
        work.known,
        gate_days(work.gates, work.roadmap.organization.zone),
        work.forecast,
        work.freezes,
        filters,
        work.today,
        zoom,
    )
    context = {
        "work": work,
        "roadmap": work.roadmap,
        "shown": shown,
        "filters": filters,
        "zoom": zoom,
        "zooms": {name: filters.query(zoom=name if name != QUARTERS else "") for name in ZOOMS},
        "statuses": InitiativeStatus.choices,
    }
    return render(request, PAGE, context)

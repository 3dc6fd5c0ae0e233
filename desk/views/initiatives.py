"""The same initiative in all clients that have opened their roadmap."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.tenancy import Access, Can, tenant_view
from desk.pages.initiatives import initiative_across, initiative_list
from desk.queries import require_desk


@require_safe
@tenant_view(Can.VIEW)
def index(request: HttpRequest, access: Access) -> HttpResponse:
    require_desk(access)
    search = request.GET.get("q", "").strip()[:200]
    shown = initiative_list(access, search, request.GET.get("page"))
    return render(request, "desk/initiatives.html", {"shown": shown})


@require_safe
@tenant_view(Can.VIEW)
def detail(request: HttpRequest, access: Access, initiative: str) -> HttpResponse:
    require_desk(access)
    return render(request, "desk/initiative.html", {"shown": initiative_across(access, initiative)})

"""“My work”: the home of whoever works on the roadmap."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.tenancy import Access, Can, tenant_view
from roadmap.pages.my_work import my_work
from roadmap.services.work.tracking import organization_today


@require_safe
@tenant_view(Can.VIEW)
def mine(request: HttpRequest, access: Access) -> HttpResponse:
    today = organization_today(access.organization)
    context = {"work": my_work(access, today), "today": today}
    return render(request, "roadmap/tracking/mine.html", context)

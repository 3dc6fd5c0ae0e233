from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.tenancy import Access, Can, tenant_view
from assessments.models import Snapshot
from roadmap.forms import EXAMPLE, RoadmapForm
from roadmap.models import Roadmap
from roadmap.queries import (
    effort_of,
    overview,
    roadmap_rows,
    role_titles,
    stated_constraints,
    submitted_snapshots,
)
from roadmap.services import roadmap_create
from roadmap.services.tracking import organization_today


@require_safe
@tenant_view(Can.VIEW)
def roadmap_list(request: HttpRequest, access: Access) -> HttpResponse:
    rows = roadmap_rows(access.scope(Roadmap))
    has_snapshot = bool(rows) or access.scope(Snapshot).exists()
    return render(request, "roadmap/list.html", {"rows": rows, "has_snapshot": has_snapshot})


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.EDIT)
def create(request: HttpRequest, access: Access) -> HttpResponse:
    snapshots = submitted_snapshots(access.scope(Snapshot))
    form = RoadmapForm(
        request.POST if request.method == "POST" else None,
        snapshots=snapshots,
        initial={
            "name": _("Roadmap"),
            "start_on": organization_today(access.organization),
            "snapshot": request.GET.get("snapshot"),
        },
    )
    if request.method == "POST" and form.is_valid():
        made = roadmap_create(
            organization=access.organization, user=access.user, **form.cleaned_data
        )
        messages.success(request, _("The roadmap is planned."))
        return redirect("roadmap:detail", access.organization.slug, made.pk)
    status = 422 if form.is_bound else 200
    context = {"form": form, "has_snapshot": snapshots.exists(), "example": EXAMPLE}
    return render(request, "roadmap/create.html", context, status=status)


@require_safe
@tenant_view(Can.VIEW)
def detail(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    scope = access.scope(Roadmap).select_related("snapshot__assessment", "created_by")
    found = scope.defer("snapshot__answers", "snapshot__scorecard")
    roadmap = get_object_or_404(found, pk=pk)
    today = organization_today(access.organization)
    shown = overview(roadmap, today)
    context = {
        "roadmap": roadmap,
        "shown": shown,
        "first_day": min((item.start_on for item in shown.items), default=roadmap.start_on),
        "effort": effort_of(shown.items),
        "roles": role_titles(roadmap),
        "today": today,
        "stated": stated_constraints(roadmap),
        "reports": roadmap.reports.select_related("job").defer("snapshot")[:3],
    }
    return render(request, "roadmap/detail.html", context)

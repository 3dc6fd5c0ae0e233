"""Sources of webhooks: what arrived, what was refused and why, and how to set a tool up."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.tenancy import Access, Can, tenant_view
from delivery.enums import EventState
from delivery.models import InboundEvent, Source, System
from delivery.pages import intake as pages
from delivery.services import sources as services
from delivery.services.intake import events_rework
from delivery.services.silence import silent_sources
from delivery.source_forms import SourceEditForm, SourceForm

UNPROCESSABLE = 422


@require_safe
@tenant_view(Can.VIEW)
def sources(request: HttpRequest, access: Access) -> HttpResponse:
    context = {"lines": pages.source_lines(access.organization), "days": pages.DAYS}
    return render(request, "delivery/intake/sources.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.EDIT)
def create(request: HttpRequest, access: Access) -> HttpResponse:
    form = SourceForm(request.POST or None, systems=_systems(access))
    if request.method == "POST" and form.is_valid():
        made = services.source_create(
            organization=access.organization, user=access.user, **form.cleaned_data
        )
        messages.success(request, _("The source is ready. Now set the tool up."))
        return _to(access, made)
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "delivery/intake/source_create.html", {"form": form}, status=status)


@require_safe
@tenant_view(Can.VIEW)
def source(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    found = access.scope(Source).select_related("system", "organization")
    access.get(Source, pk=pk)
    one = found.get(pk=pk)
    state = request.GET.get("state", "")
    page = Paginator(pages.events_of(one, state), pages.SHOWN_EVENTS).get_page(
        request.GET.get("page")
    )
    counts = pages.state_counts(one)
    context: dict[str, Any] = {
        "source": one,
        "page": page,
        "state": state,
        "counts": counts,
        "total": sum(number for _state, _word, number in counts),
        "rejected": dict((s, n) for s, _word, n in counts).get(EventState.REJECTED, 0),
        "refusals": pages.refusals(one),
        "silent": [one] if silent_sources(found.filter(pk=pk)).exists() else [],
        "days": pages.DAYS,
        "listed_days": pages.LISTED_DAYS,
    }
    if access.can_edit:
        url = settings.WAYMARK_URL + reverse("hooks:hook", args=[services.source_token(one)])
        context |= {
            "address": url,
            "setup": pages.setup_of(one, url, services.source_secret(one)),
        }
    return render(request, "delivery/intake/source.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.EDIT)
def edit(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    one = access.get(Source, pk=pk)
    form = SourceEditForm(request.POST or None, source=one, systems=_systems(access, one))
    if request.method == "POST" and form.is_valid():
        try:
            services.source_update(source=one, user=access.user, **form.cleaned_data)
        except services.SourceInvalid as problem:
            form.add_error("systems", str(problem))
        else:
            messages.success(request, _("Saved. Rejected events can be tried again."))
            return _to(access, one)
    context = {"form": form, "source": one, "unnamed": _unnamed(one)}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "delivery/intake/source_edit.html", context, status=status)


@require_POST
@tenant_view(Can.EDIT)
def renew(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    one = access.get(Source, pk=pk)
    if request.POST.get("drop_old"):
        services.source_drop_old_secret(source=one, user=access.user)
        messages.success(request, _("The old secret is good no longer."))
    else:
        services.source_renew(source=one, user=access.user)
        messages.success(
            request,
            _("There is a new secret. The old one stays good for 24 hours: enter the new one."),
        )
    return _to(access, one)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.EDIT)
def end(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    one = access.get(Source, pk=pk)
    if request.method == "POST":
        services.source_end(source=one, user=access.user)
        messages.success(request, _("“%s” was ended. What it sent stays.") % one.name)
        return redirect("delivery:sources", access.organization.slug)
    return render(request, "delivery/intake/source_end.html", {"source": one})


@require_POST
@tenant_view(Can.EDIT)
def rework(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """Try rejected events again: all of them, or one."""
    one = access.get(Source, pk=pk)
    asked = request.POST.get("event", "")
    chosen: list[int] = []
    if asked:
        key = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else 0
        chosen = [access.get(InboundEvent, pk=key, source=one).pk]
    count = events_rework(source=one, user=access.user, events=chosen)
    if count:
        words = ngettext(
            "%s event waits to be read again.", "%s events wait to be read again.", count
        )
        messages.success(request, words % count)
    else:
        messages.info(request, _("No rejected event was left to try again."))
    return _to(access, one)


def _systems(access: Access, source: Source | None = None) -> Any:
    """Those that are watched; one that a source still names stays choosable."""
    watched = access.scope(System).filter(ended_at=None)
    if source is not None and source.system is not None:
        watched = watched | access.scope(System).filter(pk=source.system.pk)
    return watched.order_by("name", "pk")


def _unnamed(source: Source) -> list[str]:
    """Why recent events were rejected, for who is about to name their projects."""
    rejected = InboundEvent.objects.filter(source=source, state=EventState.REJECTED)
    reasons = rejected.order_by("-pk").values_list("reason", flat=True)[:200]
    return list(dict.fromkeys(reasons))[:10]


def _to(access: Access, source: Source) -> HttpResponse:
    return redirect("delivery:source", access.organization.slug, source.pk)

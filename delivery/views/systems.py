"""Systems: which are watched, and what is aimed at."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.tenancy import Access, Can, tenant_view
from delivery.models import System
from delivery.pages.assessed import newest_snapshot, offered_systems
from delivery.services.systems import (
    StaleSystem,
    SystemInvalid,
    fingerprint,
    system_create,
    system_end,
    system_resume,
    system_update,
)
from delivery.system_forms import SystemForm

UNPROCESSABLE, CONFLICT = 422, 409


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.EDIT)
def create(request: HttpRequest, access: Access) -> HttpResponse:
    watched = set(access.scope(System).values_list("name", flat=True))
    offers = offered_systems(newest_snapshot(access), watched)
    if request.method == "POST" and "offered" in request.POST:
        return _take_offered(request, access, offers)
    form = SystemForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = system_create(
                organization=access.organization, user=access.user, **form.values()
            )
        except SystemInvalid as refused:
            _tell(form, refused)
        else:
            messages.success(request, _("The system is watched. Now tell it what happens."))
            return redirect("delivery:system", access.organization.slug, made.pk)
    context = {"form": form, "offers": offers}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "delivery/system_form.html", context, status=status)


def _take_offered(request: HttpRequest, access: Access, offers: list) -> HttpResponse:
    chosen = set(request.POST.getlist("name"))
    taken = [offer for offer in offers if offer.name in chosen]
    if not taken:
        messages.error(request, _("Tick the systems to watch, or enter one yourself."))
        return redirect("delivery:system_create", access.organization.slug)
    for offer in taken:
        system_create(
            organization=access.organization,
            user=access.user,
            name=offer.name,
            tier=offer.tier,
            is_vendor_managed=offer.is_vendor_managed,
        )
    said = ngettext("%(n)s system is watched now.", "%(n)s systems are watched now.", len(taken))
    messages.success(request, said % {"n": len(taken)})
    return redirect("delivery:metrics", access.organization.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.EDIT)
def edit(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    system = access.get(System, pk=pk)
    form = SystemForm(
        request.POST if request.method == "POST" else None,
        initial=SystemForm.initial_of(system),
    )
    status, theirs = 200, None
    if request.method == "POST" and form.is_valid():
        try:
            seen = request.POST.get("seen", "")
            system_update(system=system, user=access.user, seen=seen, **form.values(system))
        except SystemInvalid as refused:
            _tell(form, refused)
        except StaleSystem as stale:
            # What was typed stays; saving once more is then a decision.
            status, theirs = CONFLICT, stale.current
        else:
            messages.success(request, _("Saved."))
            return redirect("delivery:system", access.organization.slug, pk)
    context = {
        "form": form,
        "system": system,
        "seen": fingerprint(theirs or system),
        "theirs": SystemForm(initial=SystemForm.initial_of(theirs)) if theirs else None,
    }
    status = UNPROCESSABLE if form.errors else status
    return render(request, "delivery/system_form.html", context, status=status)


@require_POST
@tenant_view(Can.EDIT)
def end(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """End watching a system, or begin again."""
    system = access.get(System, pk=pk)
    if request.POST.get("resume"):
        system_resume(system=system, user=access.user)
        messages.success(request, _("The system is watched again."))
        return redirect("delivery:system", access.organization.slug, pk)
    system_end(system=system, user=access.user)
    messages.success(request, _("The system is no longer watched. Its records are kept."))
    return redirect("delivery:metrics", access.organization.slug)


def _tell(form: SystemForm, refused: SystemInvalid) -> None:
    for name, message in refused.messages.items():
        form.add_error(name, message)

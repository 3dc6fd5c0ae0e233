"""One record entered or changed by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.tenancy import Access, Can, tenant_view
from delivery.models import System
from delivery.record_forms import FORMS, TITLES, RecordForm
from delivery.services.entry import MODELS, IdTaken, record_change, record_enter

UNPROCESSABLE = 422
# The names of the pages that list them.
LISTS = {
    "deployment": "deployments",
    "incident": "incidents",
    "change": "changes",
    "vulnerability": "vulnerabilities",
    "coverage": "coverage",
}


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.TRACK)
def create(request: HttpRequest, access: Access, pk: int, kind: str) -> HttpResponse:
    system = access.get(System, pk=pk, ended_at=None)
    form = _form(kind)(request.POST or None, system=system, initial=_initial(kind))
    if request.method == "POST" and form.is_valid():
        try:
            record_enter(system=system, user=access.user, kind=kind, said=form.cleaned_data)
        except IdTaken:
            form.add_error("external_id", _("There is a record with this id. Change that one."))
        else:
            messages.success(request, _("The record is kept. Figures follow in a moment."))
            if "again" in request.POST:
                return redirect("delivery:record_create", access.organization.slug, pk, kind)
            return redirect(_list(access, system, kind))
    return _page(request, access, form, system, kind, is_new=True)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.TRACK)
def edit(request: HttpRequest, access: Access, kind: str, pk: int) -> HttpResponse:
    kind = next((name for name, listed in LISTS.items() if listed == kind), kind)
    form_class = _form(kind)
    row = access.get(MODELS[kind], pk=pk)
    form = form_class(request.POST or None, system=row.system, record=row)
    if request.method == "POST" and form.is_valid():
        record_change(row=row, user=access.user, kind=kind, said=form.cleaned_data)
        messages.success(request, _("The record is changed. Figures follow in a moment."))
        return redirect(_list(access, row.system, kind))
    return _page(request, access, form, row.system, kind, is_new=False, row=row)


def _form(kind: str) -> type[RecordForm]:
    if kind not in FORMS:
        raise Http404("No such kind of records.")
    return FORMS[kind]


def _initial(kind: str) -> dict[str, Any]:
    """Most of what is entered by hand happened just now."""
    names = {
        "deployment": "deployed_at",
        "incident": "opened_at",
        "change": "deployed_at",
        "vulnerability": "found_at",
        "coverage": "measured_at",
    }
    return {names[kind]: timezone.now()} if kind in names else {}


def _list(access: Access, system: System, kind: str) -> str:
    return reverse("delivery:records", args=[access.organization.slug, system.pk, LISTS[kind]])


def _page(
    request: HttpRequest,
    access: Access,
    form: RecordForm,
    system: System,
    kind: str,
    *,
    is_new: bool,
    row: Any = None,
) -> HttpResponse:
    context = {
        "form": form,
        "system": system,
        "kind": kind,
        "kinds": [(name, titles[0]) for name, titles in TITLES.items()],
        "title": TITLES[kind][0 if is_new else 1],
        "is_new": is_new,
        "row": row,
        "back": _list(access, system, kind),
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "delivery/intake/record_form.html", context, status=status)

"""One record entered or changed by hand."""

from __future__ import annotations

from datetime import datetime
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
from delivery.pages.records import KINDS
from delivery.record_forms import FORMS, TITLES, RecordForm
from delivery.services.entry import (
    MODELS,
    IdTaken,
    StaleRecord,
    fingerprint,
    record_change,
    record_enter,
)
from delivery.services.removal import record_remove

UNPROCESSABLE, CONFLICT = 422, 409
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
    kind = _single(kind)
    form_class = _form(kind)
    row = access.get(MODELS[kind], pk=pk)
    form = form_class(request.POST or None, system=row.system, record=row)
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            seen = request.POST.get("seen")
            record_change(row=row, user=access.user, kind=kind, said=form.cleaned_data, seen=seen)
        except StaleRecord as stale:
            # What was typed stays; saving once more is then a decision.
            row = theirs = stale.current
        else:
            messages.success(request, _("The record is changed. Figures follow in a moment."))
            return redirect(_list(access, row.system, kind))
    return _page(request, access, form, row.system, kind, is_new=False, row=row, theirs=theirs)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.TRACK)
def remove(request: HttpRequest, access: Access, kind: str, pk: int) -> HttpResponse:
    """Asked once more, with what it says; then it is gone."""
    kind = _single(kind)
    form_class = _form(kind)
    row = access.get(MODELS[kind], pk=pk)
    is_stale = False
    if request.method == "POST":
        try:
            record_remove(row=row, user=access.user, kind=kind, seen=request.POST.get("seen"))
        except StaleRecord as stale:
            row, is_stale = stale.current, True
        else:
            messages.success(request, _("The record is removed. Figures follow in a moment."))
            return redirect(_list(access, row.system, kind))
    context = {
        "row": row,
        "system": row.system,
        "kind": kind,
        "said": _said(form_class(system=row.system, record=row)),
        "seen": fingerprint(kind, row),
        "is_stale": is_stale,
        "back": _list(access, row.system, kind),
        "list_title": KINDS[LISTS[kind]].title,
    }
    status = CONFLICT if is_stale else 200
    return render(request, "delivery/intake/record_remove.html", context, status=status)


def _single(kind: str) -> str:
    return next((name for name, listed in LISTS.items() if listed == kind), kind)


def _said(form: RecordForm) -> list[tuple[Any, Any]]:
    """(label, words) of each field that says something."""
    found = []
    for bound in form:
        value = bound.initial
        if isinstance(value, bool):
            value = _("yes") if value else _("no")
        elif isinstance(value, datetime):
            value = f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
        choices = {str(key): word for key, word in getattr(bound.field, "choices", ())}
        if value not in (None, ""):
            found.append((bound.label, choices.get(str(value), value)))
    return found


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
    theirs: Any = None,
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
        # What the person saw: also after an error, unless they are shown newer values.
        "seen": "" if row is None else _seen(request, kind, row, is_shown=theirs is not None),
        "theirs": _said(_form(kind)(system=system, record=theirs)) if theirs else None,
    }
    status = UNPROCESSABLE if form.errors else CONFLICT if theirs else 200
    return render(request, "delivery/intake/record_form.html", context, status=status)


def _seen(request: HttpRequest, kind: str, row: Any, *, is_shown: bool) -> str:
    said = request.POST.get("seen")
    return said if said and not is_shown else fingerprint(kind, row)

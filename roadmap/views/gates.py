from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.tenancy import Access, Can, tenant_view
from roadmap.forms import ClosingForm, ConfirmationForm
from roadmap.gate_words import obstacle_words
from roadmap.models import GateState
from roadmap.queries import gate_views
from roadmap.services import (
    GateNotApproved,
    GateNotReady,
    ProgressInvalid,
    gate_close,
    gate_confirm_item,
    gate_open,
    gate_withdraw_item,
)
from roadmap.views.gate_rows import item_rows

PAGE = "roadmap/gate.html"


@require_safe
@tenant_view(Can.VIEW)
def gate(request: HttpRequest, access: Access, pk: int, gate_id: str) -> HttpResponse:
    return _page(request, _gate(access, pk, gate_id))


@require_POST
@tenant_view(Can.EDIT)
def open_gate(request: HttpRequest, access: Access, pk: int, gate_id: str) -> HttpResponse:
    found = _gate(access, pk, gate_id)
    try:
        gate_open(gate=found, user=access.user)
    except GateNotReady as error:
        count = len(error.missing)
        message = _("The gate stays closed: %(count)s of its items are not met yet.")
        messages.error(request, message % {"count": count})
        return _page(request, found, status=422)
    except GateNotApproved as error:
        for words in obstacle_words(error.judgement):
            messages.error(request, words)
        return _page(request, found, status=422)
    messages.success(request, _("Gate %(gate)s is open.") % {"gate": found.gate_id})
    return _to_gate(access, found)


@require_POST
@tenant_view(Can.EDIT)
def close_gate(request: HttpRequest, access: Access, pk: int, gate_id: str) -> HttpResponse:
    found = _gate(access, pk, gate_id)
    form = ClosingForm(request.POST)
    if form.is_valid():
        gate_close(gate=found, user=access.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("Gate %(gate)s is closed again.") % {"gate": found.gate_id})
        return _to_gate(access, found)
    return _page(request, found, status=422, closing_form=form)


@require_POST
@tenant_view(Can.EDIT)
def confirm_item(
    request: HttpRequest, access: Access, pk: int, gate_id: str, item_id: str
) -> HttpResponse:
    found = _gate(access, pk, gate_id)
    form = ConfirmationForm(request.POST)
    if form.is_valid():
        try:
            gate_confirm_item(
                gate=found, user=access.user, item_id=item_id, note=form.cleaned_data["note"]
            )
            return _to_gate(access, found, item_id)
        except ProgressInvalid as error:
            form.add_error(None, " ".join(error.messages.values()))
    return _page(request, found, status=422, item_form=form, item_id=item_id)


@require_POST
@tenant_view(Can.EDIT)
def withdraw_item(
    request: HttpRequest, access: Access, pk: int, gate_id: str, item_id: str
) -> HttpResponse:
    found = _gate(access, pk, gate_id)
    gate_withdraw_item(gate=found, user=access.user, item_id=item_id)
    return _to_gate(access, found, item_id)


def _gate(access: Access, pk: int, gate_id: str) -> GateState:
    scope = access.scope(GateState).select_related("roadmap", "opened_by").defer("roadmap__plan")
    found = get_object_or_404(scope, roadmap_id=pk, gate_id=gate_id)
    found.roadmap.organization = access.organization
    return found


def _page(
    request: HttpRequest,
    found: GateState,
    *,
    status: int = 200,
    item_form: ConfirmationForm | None = None,
    item_id: str = "",
    closing_form: ClosingForm | None = None,
) -> HttpResponse:
    items = found.roadmap.initiatives.only(
        "roadmap_id", "initiative_id", "title", "status", "finish_on", "note"
    )
    (shown,) = gate_views(found.roadmap.gates.filter(pk=found.pk), items)
    context = {
        "roadmap": found.roadmap,
        "gate": found,
        "shown": shown,
        "rows": item_rows(found, shown, items, item_id, item_form),
        "form": item_form or closing_form,
        "closing_form": closing_form,
    }
    return render(request, PAGE, context, status=status)


def _to_gate(access: Access, found: GateState, item_id: str = "") -> HttpResponse:
    response = redirect("roadmap:gate", access.organization.slug, found.roadmap_id, found.gate_id)
    if item_id:
        response["Location"] += f"#item-{item_id}"
    return response

"""What is done with the items of a gate's checklist: confirmed, and shown by files and links."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from accounts.tenancy import Access, Can, tenant_view
from roadmap.gate_forms import ConfirmationForm, ProofForm
from roadmap.services import ProgressInvalid, gate_confirm_item, gate_withdraw_item
from roadmap.views.gates_page import UNPROCESSABLE, gate_of, gate_page, to_gate
from roadmap.views.pieces import taken


@require_POST
@tenant_view(Can.EDIT)
def confirm(
    request: HttpRequest, access: Access, pk: int, gate_id: str, item_id: str
) -> HttpResponse:
    found = gate_of(access, pk, gate_id)
    form = ConfirmationForm(request.POST, place=item_id)
    if form.is_valid():
        note = form.cleaned_data["note"]
        try:
            gate_confirm_item(gate=found, user=access.user, item_id=item_id, note=note)
            return to_gate(access, found, f"item-{item_id}")
        except ProgressInvalid as error:
            form.add_error(None, " ".join(error.messages.values()))
    return gate_page(request, access, found, status=UNPROCESSABLE, form=form, item_id=item_id)


@require_POST
@tenant_view(Can.EDIT)
def withdraw(
    request: HttpRequest, access: Access, pk: int, gate_id: str, item_id: str
) -> HttpResponse:
    found = gate_of(access, pk, gate_id)
    gate_withdraw_item(gate=found, user=access.user, item_id=item_id)
    return to_gate(access, found, f"item-{item_id}")


@require_POST
@tenant_view(Can.TRACK)
def attach(
    request: HttpRequest, access: Access, pk: int, gate_id: str, item_id: str = ""
) -> HttpResponse:
    """A file or link for an item; without one, for the gate as a whole."""
    found = gate_of(access, pk, gate_id)
    if item_id and item_id not in {item.id for item in found.to_checklist() if item.applies}:
        raise Http404("No such item.")
    form = ProofForm(request.POST, request.FILES, place=item_id)
    if taken(request, access, form, roadmap=found.roadmap, gate=found, item_id=item_id):
        return to_gate(access, found, f"item-{item_id}" if item_id else "attached")
    return gate_page(request, access, found, status=UNPROCESSABLE, form=form, item_id=item_id)

"""What is done with the items of a gate's checklist: confirmed, and shown by files and links."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.tenancy import Access, Can, tenant_view
from assessments.evidence_files.uploads import is_too_large
from assessments.patient_data import find_patient_data
from assessments.services.evidence import too_large
from roadmap.gate_forms import ConfirmationForm, ProofForm
from roadmap.models import GateState
from roadmap.services import ProgressInvalid, gate_confirm_item, gate_withdraw_item
from roadmap.services.work.evidence import (
    EvidenceInvalid,
    evidence_add_file,
    evidence_add_link,
)
from roadmap.views.gates_page import UNPROCESSABLE, gate_of, gate_page, to_gate


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
    is_dropped = is_too_large(request, "file")
    if is_dropped:
        form.errors.clear()
        form.add_error("file", too_large())
    elif form.is_valid():
        try:
            _add(access, found, item_id, form)
        except EvidenceInvalid as invalid:
            form.add_error(
                invalid.field if invalid.field in form.fields else "url", invalid.message
            )
        else:
            messages.success(request, _("The evidence was added."))
            if find_patient_data([form.cleaned_data["title"], form.cleaned_data["url"]]):
                messages.warning(
                    request,
                    _("What you added looks as if it held patient data. Please take it out."),
                )
            return to_gate(access, found, f"item-{item_id}" if item_id else "attached")
    return gate_page(request, access, found, status=UNPROCESSABLE, form=form, item_id=item_id)


def _add(access: Access, found: GateState, item_id: str, form: ProofForm) -> None:
    data = form.cleaned_data
    given = {
        "roadmap": found.roadmap,
        "gate": found,
        "item_id": item_id,
        "user": access.user,
        "title": data["title"],
    }
    if data["url"]:
        evidence_add_link(**given, url=data["url"])
        return
    upload = data["file"]
    evidence_add_file(**given, file=upload.file, name=upload.name or "")

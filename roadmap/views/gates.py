"""What is decided at a gate: asked for, approved, opened, refused, closed again."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.tenancy import Access, Can, tenant_view
from roadmap.enums import Verdict
from roadmap.gate_forms import (
    AskForm,
    ClosingForm,
    NamedForm,
    OpenForm,
    RefuseForm,
    SayForm,
    WithdrawForm,
)
from roadmap.gate_words import obstacle_words
from roadmap.models import GateState
from roadmap.services import (
    GateNotApproved,
    GateNotReady,
    GateRoundOver,
    NotAnApprover,
    ProgressInvalid,
    gate_ask,
    gate_close,
    gate_open,
    gate_refuse,
    gate_say,
    gate_withdraw_request,
)
from roadmap.services.gates.approving import roles_of
from roadmap.services.present import leads_to
from roadmap.views.gates_page import CONFLICT, UNPROCESSABLE, gate_of, gate_page, to_gate

FORBIDDEN = 403


@require_safe
@tenant_view(Can.VIEW)
def gate(request: HttpRequest, access: Access, pk: int, gate_id: str) -> HttpResponse:
    found = gate_of(access, pk, gate_id)
    present, is_there = leads_to(found)
    if present and is_there and "earlier" not in request.GET:
        return redirect("roadmap:gate", access.organization.slug, present.pk, gate_id)
    return gate_page(request, access, found)


@require_POST
@tenant_view(Can.EDIT)
def ask(request: HttpRequest, access: Access, pk: int, gate_id: str) -> HttpResponse:
    found = gate_of(access, pk, gate_id)
    words = _("The approvers are asked to decide.")
    return _decide(request, access, found, AskForm(request.POST), gate_ask, words, "approvals")


@require_POST
@tenant_view(Can.EDIT)
def withdraw(request: HttpRequest, access: Access, pk: int, gate_id: str) -> HttpResponse:
    found = gate_of(access, pk, gate_id)
    words = _("The request is withdrawn. Ask again when it is time.")
    return _decide(request, access, found, WithdrawForm(request.POST), gate_withdraw_request, words)


@require_POST
@tenant_view(Can.VIEW)
def say(request: HttpRequest, access: Access, pk: int, gate_id: str) -> HttpResponse:
    """Whoever is named for a role may say it, whatever their role in the organization."""
    found = gate_of(access, pk, gate_id)
    mine = roles_of(found, access.user)
    if not mine:
        words = _("Nothing was recorded: you are not named as an approver of this gate.")
        return gate_page(request, access, found, status=FORBIDDEN, notice=words)
    form = SayForm(request.POST, roles=[role for role in found.roles if role.id in mine])
    approves = request.POST.get("verdict") == Verdict.APPROVE
    words = _("Your approval is recorded.") if approves else _("Your refusal is recorded.")
    return _decide(request, access, found, form, gate_say, words, "approvals")


@require_POST
@tenant_view(Can.EDIT)
def open_gate(request: HttpRequest, access: Access, pk: int, gate_id: str) -> HttpResponse:
    found = gate_of(access, pk, gate_id)
    words = _("Gate %(gate)s is open.") % {"gate": found.gate_id}
    return _decide(request, access, found, OpenForm(request.POST), gate_open, words)


@require_POST
@tenant_view(Can.EDIT)
def refuse(request: HttpRequest, access: Access, pk: int, gate_id: str) -> HttpResponse:
    found = gate_of(access, pk, gate_id)
    words = _("Gate %(gate)s stays closed.") % {"gate": found.gate_id}
    return _decide(request, access, found, RefuseForm(request.POST), gate_refuse, words)


@require_POST
@tenant_view(Can.EDIT)
def close_gate(request: HttpRequest, access: Access, pk: int, gate_id: str) -> HttpResponse:
    found = gate_of(access, pk, gate_id)
    words = _("Gate %(gate)s is closed again.") % {"gate": found.gate_id}
    return _decide(request, access, found, ClosingForm(request.POST), gate_close, words)


def _decide(
    request: HttpRequest,
    access: Access,
    found: GateState,
    form: NamedForm,
    act: Callable[..., object],
    words: str,
    fragment: str = "",
) -> HttpResponse:
    """Do it with what the form holds and say so in `words`; else the page says what is wrong."""
    notice = ""
    if form.is_valid():
        try:
            act(gate=found, user=access.user, **form.cleaned_data)
        except ProgressInvalid as error:
            for field, message in error.messages.items():
                form.add_error(field if field in form.fields else None, message)
        except GateNotReady as error:
            notice = _not_ready(error)
        except GateNotApproved as error:
            notice = " ".join([_("The gate stays closed."), *obstacle_words(error.judgement)])
        except (GateRoundOver, NotAnApprover):
            return _round_over(request, access, found, form)
        else:
            messages.success(request, words)
            return to_gate(access, found, fragment)
    return gate_page(request, access, found, status=UNPROCESSABLE, form=form, notice=notice)


def _not_ready(error: GateNotReady) -> str:
    count = len(error.missing)
    words = ngettext(
        "The gate stays closed: %(count)s of its items is not met yet.",
        "The gate stays closed: %(count)s of its items are not met yet.",
        count,
    ) % {"count": count}
    if any(result.to_show for result in error.missing):
        words += " " + _("Work that is done still has to be shown with a file or link.")
    return words


def _round_over(
    request: HttpRequest, access: Access, found: GateState, form: NamedForm
) -> HttpResponse:
    words = _(
        "Nothing was recorded: in the meantime the request was withdrawn, the gate was decided, or "
        "it is asked anew. This page shows how it stands now."
    )
    now = gate_of(access, found.roadmap_id, found.gate_id)
    if isinstance(form, SayForm):
        form.data = {**form.data.dict(), "round": now.round}
        form.data["roles"] = form.cleaned_data["roles"]
    return gate_page(request, access, now, status=CONFLICT, form=form, notice=words)

"""One action for many clients: what would happen, the confirmation, and what happened."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Organization
from accounts.tenancy import Access, Can, tenant_view
from desk.domain.portfolio import asked_of, chosen
from desk.forms import RoundForm
from desk.models import BulkRun
from desk.models.run import BulkAction
from desk.queries import client_rows, open_clients, require_desk
from desk.services.bulk.acting import run_again, run_request
from desk.services.bulk.planning import Planned, plan
from reports.choices import Choices
from reports.enums import Document
from reports.models import ReportTemplate
from reports.services.batches import BatchInvalid, batch_request

UNPROCESSABLE = 422
MOST = 2_000
PAGE = 50
# What can be made of every client as it is; a page for one unit needs choices.
DOCUMENTS = (Document.FULL.value, Document.BOARD.value, Document.AUDITOR.value)


@require_POST
@tenant_view(Can.EDIT)
def confirm(request: HttpRequest, access: Access) -> HttpResponse:
    """What would happen to each client chosen; nothing is done yet."""
    require_desk(access)
    clients = _clients(request, access)
    if not clients:
        messages.info(request, _("Choose at least one client first."))
        return redirect("desk:clients", access.organization.slug)
    return _confirmation(request, access, clients)


@require_POST
@tenant_view(Can.EDIT)
def act(request: HttpRequest, access: Access) -> HttpResponse:
    require_desk(access)
    action = _action(request)
    clients = _clients(request, access)
    ready = [one.client for one in plan(access, clients, action) if one.will_do]
    if not ready:
        return _confirmation(request, access, clients, UNPROCESSABLE)
    if action == BulkAction.REPORTS:
        return _reports(request, access, clients, ready)
    wanted = {}
    if action == BulkAction.ROUNDS:
        form = RoundForm(request.POST)
        if not form.is_valid():
            return _confirmation(request, access, clients, UNPROCESSABLE, form)
        wanted = {"name": form.cleaned_data["name"]}
    run = run_request(
        organization=access.organization,
        user=access.user,
        action=action,
        clients=clients,
        wanted=wanted,
    )
    return redirect("desk:run", access.organization.slug, run.pk)


@require_safe
@tenant_view(Can.EDIT)
def run(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """What became of each client."""
    require_desk(access)
    found = get_object_or_404(access.scope(BulkRun).select_related("job", "asked_by"), pk=pk)
    items = list(found.items.select_related("client"))
    waiting = sum(1 for item in items if item.ended_at is None)
    context = {
        "run": found,
        "items": items,
        "waiting": 0 if found.is_stopped else waiting,
        "left": waiting if found.is_stopped else 0,
        "done": sum(1 for item in items if item.is_done),
        "undone": sum(1 for item in items if not item.is_done),
    }
    return render(request, "desk/run.html", context)


@require_safe
@tenant_view(Can.EDIT)
def runs(request: HttpRequest, access: Access) -> HttpResponse:
    """What was done for many, the newest first; reports have a list of their own."""
    require_desk(access)
    rows = access.scope(BulkRun).select_related("job", "asked_by")
    counted = rows.annotate(
        clients=Count("items"),
        done=Count("items", filter=Q(items__is_done=True)),
        waiting=Count("items", filter=Q(items__ended_at=None)),
    )
    page = Paginator(counted.order_by("-asked_at", "-pk"), PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/runs.html", {"page": page})


@require_POST
@tenant_view(Can.EDIT)
def again(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    """Once more for those it was not done for; whether one may is asked anew for each."""
    require_desk(access)
    made = run_again(run=access.get(BulkRun, pk=pk), user=access.user)
    if made is None:
        messages.info(request, _("There is nothing to try again."))
        return redirect("desk:run", access.organization.slug, pk)
    return redirect("desk:run", access.organization.slug, made.pk)


def _reports(
    request: HttpRequest, access: Access, clients: list[Organization], ready: list[Organization]
) -> HttpResponse:
    chosen_template = request.POST.get("template", "")
    document = chosen_template if chosen_template in DOCUMENTS else Document.FULL.value
    choices, name = Choices(document=document), str(Document(document).label)
    if chosen_template.isdecimal():
        template = access.get(ReportTemplate, pk=chosen_template)
        choices, name = Choices.from_json(template.choices), template.name
    try:
        batch = batch_request(
            organization=access.organization,
            user=access.user,
            clients=ready,
            choices=[choices],
            name=name,
        )
    except BatchInvalid as error:
        messages.error(request, str(error))
        return _confirmation(request, access, clients, UNPROCESSABLE)
    return redirect("batches:detail", access.organization.slug, batch.pk)


def _confirmation(
    request: HttpRequest,
    access: Access,
    clients: list[Organization],
    status: int = 200,
    form: RoundForm | None = None,
) -> HttpResponse:
    action = BulkAction(_action(request))
    lines: list[Planned] = plan(access, clients, action)
    name = _("Assessment of %s") % date_format(timezone.localdate(), "F Y")
    context: dict[str, Any] = {
        "action": action,
        "lines": lines,
        "ready": sum(1 for line in lines if line.will_do),
        "form": form or RoundForm(initial={"name": name}),
        "templates": access.scope(ReportTemplate) if action == BulkAction.REPORTS else (),
        "documents": [(value, Document(value).label) for value in DOCUMENTS],
    }
    return render(request, "desk/confirm.html", context, status=status)


def _clients(request: HttpRequest, access: Access) -> list[Organization]:
    """Those ticked, or all that the filters find: of the engagements that are open now."""
    engaged = open_clients(access)
    if request.POST.get("everyone"):
        asked = asked_of(dict(parse_qsl(request.POST.get("query", "")[:2000])))
        rows = chosen(client_rows(access.organization), asked, timezone.localdate())
        ids = [row.id for row in rows]
    else:
        ids = [int(id) for id in request.POST.getlist("client")[:MOST] if _is_id(id)]
    return [engaged[id].client for id in dict.fromkeys(ids) if id in engaged]


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _action(request: HttpRequest) -> str:
    action = request.POST.get("action", "")
    if action not in BulkAction.values:
        raise Http404("No such action.")
    return action

"""All gates of a roadmap, and who speaks for which role at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.tenancy import Access, Can, tenant_view
from roadmap.domain.tracking.approving import ApproverRole, Person
from roadmap.enums import Verdict
from roadmap.gate_forms import ApproverForm
from roadmap.models import GateApproval, GateApprover, Roadmap, StartOverride
from roadmap.queries import GateView, gate_views
from roadmap.services import ProgressInvalid, approver_name, approver_remove
from roadmap.services.gates.reading import named_of
from roadmap.views.gate_rows import all_roles
from roadmap.wording import why_it_starts_here

UNPROCESSABLE = 422
COLUMNS = ("roadmap_id", "initiative_id", "title", "status", "bound_by")


@dataclass(frozen=True)
class GateRow:
    """`approved` and `refused`: roles, in the round under way. `is_mine`: my word is asked for.

    `why_then`: what its review waited for when it was planned.
    """

    shown: GateView
    approved: int
    refused: int
    vacant: tuple[ApproverRole, ...]
    overrides: int
    is_mine: bool
    why_then: str = ""

    @property
    def is_asked(self) -> bool:
        return self.shown.state.asked_at is not None and not self.shown.state.is_open

    @property
    def roles(self) -> int:
        return len(self.shown.state.roles)


@dataclass(frozen=True)
class ApproverRow:
    role: ApproverRole
    gates: tuple[str, ...]
    named: tuple[tuple[GateApprover, bool], ...]

    @property
    def is_vacant(self) -> bool:
        return not any(is_member for _approver, is_member in self.named)


@require_safe
@tenant_view(Can.VIEW)
def gates(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    roadmap = _roadmap(access, pk)
    items = list(roadmap.initiatives.only(*COLUMNS))
    views = gate_views(roadmap.gates.select_related("opened_by"), items)
    titles = {item.initiative_id: item.title for item in items}
    context = {"roadmap": roadmap, "rows": _gate_rows(access, roadmap, views, titles)}
    return render(request, "roadmap/gates/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Can.VIEW)
def approvers(request: HttpRequest, access: Access, pk: int) -> HttpResponse:
    roadmap = _roadmap(access, pk)
    roles = all_roles(roadmap.gates.all())
    people = access.organization.members.order_by("name", "email")
    if request.method != "POST":
        wanted = request.GET.get("role", "")
        form = ApproverForm(roles=roles, people=people, initial={"role": wanted})
        return _approvers_page(request, access, roadmap, roles, form)
    access.require(Can.EDIT)
    form = ApproverForm(request.POST, roles=roles, people=people)
    if form.is_valid():
        role, person = form.cleaned_data["role"], form.cleaned_data["person"]
        try:
            approver_name(roadmap=roadmap, user=access.user, role_id=role, person=person)
        except ProgressInvalid as error:
            for field, message in error.messages.items():
                form.add_error(field, message)
        else:
            title = next(r.title for r in roles if r.id == role)
            words = _("%(who)s speaks for: %(role)s.") % {"who": person, "role": title}
            messages.success(request, words)
            return redirect("roadmap:approvers", access.organization.slug, roadmap.pk)
    return _approvers_page(request, access, roadmap, roles, form, status=UNPROCESSABLE)


@require_POST
@tenant_view(Can.EDIT)
def approver_take_off(
    request: HttpRequest, access: Access, pk: int, approver_pk: int
) -> HttpResponse:
    scope = access.scope(GateApprover).select_related("roadmap", "person")
    found = get_object_or_404(scope, roadmap_id=pk, pk=approver_pk)
    found.roadmap.organization = access.organization
    approver_remove(approver=found, user=access.user)
    messages.success(request, _("%(who)s no longer speaks for this role.") % {"who": found.person})
    return redirect("roadmap:approvers", access.organization.slug, pk)


def _approvers_page(
    request: HttpRequest,
    access: Access,
    roadmap: Roadmap,
    roles: list[ApproverRole],
    form: ApproverForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "roadmap": roadmap,
        "rows": _approver_rows(roadmap, roles),
        "form": form,
        "has_one_member": access.organization.memberships.count() <= 1,
    }
    return render(request, "roadmap/gates/approvers.html", context, status=status)


def _roadmap(access: Access, pk: int) -> Roadmap:
    scope = access.scope(Roadmap).defer("plan", "forecast", "constraints")
    scope = scope.annotate(plan_capacity=F("plan__capacity"))
    found = get_object_or_404(scope, pk=pk)
    found.organization = access.organization
    return found


def _gate_rows(
    access: Access, roadmap: Roadmap, views: tuple[GateView, ...], titles: Mapping[str, str]
) -> list[GateRow]:
    roles = {part["role"]: part["title"] for part in vars(roadmap)["plan_capacity"] or ()}
    named = named_of(roadmap)
    said: dict[int, list[GateApproval]] = {}
    for approval in GateApproval.objects.filter(gate__roadmap=roadmap).select_related("gate"):
        if approval.round == approval.gate.round:
            said.setdefault(approval.gate_id, []).append(approval)
    overrides: dict[int, int] = {}
    for gate_pk in StartOverride.objects.filter(gate__roadmap=roadmap).values_list(
        "gate", flat=True
    ):
        overrides[gate_pk] = overrides.get(gate_pk, 0) + 1
    return [
        replace(
            _gate_row(access.user, view, named, said.get(view.state.pk, []), overrides),
            why_then=why_it_starts_here(view.review, titles, roles) if view.review else "",
        )
        for view in views
    ]


def _gate_row(
    user: User,
    view: GateView,
    named: dict[str, frozenset[Person]],
    said: list[GateApproval],
    overrides: dict[int, int],
) -> GateRow:
    gate = view.state
    spoken = {a.role_id for a in said if a.person_id == user.pk}
    approved = {
        a.role_id
        for a in said
        if a.verdict == Verdict.APPROVE and a.person_id in named.get(a.role_id, frozenset())
    }
    mine = {role.id for role in gate.roles if user.pk in named.get(role.id, frozenset())}
    return GateRow(
        shown=view,
        approved=len(approved),
        refused=sum(1 for a in said if a.verdict == Verdict.REFUSE),
        vacant=tuple(role for role in gate.roles if not named.get(role.id)),
        overrides=overrides.get(gate.pk, 0),
        is_mine=bool(mine - spoken) and gate.asked_at is not None and not gate.is_open,
    )


def _approver_rows(roadmap: Roadmap, roles: list[ApproverRole]) -> list[ApproverRow]:
    named = named_of(roadmap)
    found = GateApprover.objects.filter(roadmap=roadmap).select_related("person", "named_by")
    by_role: dict[str, list[tuple[GateApprover, bool]]] = {}
    for approver in found:
        is_member = approver.person_id in named.get(approver.role_id, frozenset())
        by_role.setdefault(approver.role_id, []).append((approver, is_member))
    gates = list(roadmap.gates.all())
    return [
        ApproverRow(
            role=role,
            gates=tuple(g.gate_id for g in gates if role.id in {r.id for r in g.roles}),
            named=tuple(by_role.get(role.id, ())),
        )
        for role in roles
    ]

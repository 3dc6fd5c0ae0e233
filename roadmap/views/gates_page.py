"""A gate's page, put together from what was read."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.models import User
from accounts.tenancy import Access
from roadmap.domain.pilot.charter import PILOT_GATE, missing
from roadmap.domain.tracking.approving import ApproverRole, Judgement, Obstacle, judge
from roadmap.gate_forms import (
    AskForm,
    ClosingForm,
    NamedForm,
    OpenForm,
    ProofForm,
    RefuseForm,
    SayForm,
    WithdrawForm,
)
from roadmap.gate_words import obstacle_words
from roadmap.models import GateApprover, GateState, Roadmap
from roadmap.pages.earlier import approvals_before, decisions_on
from roadmap.pages.work_comments import WorkComments
from roadmap.queries import gate_views
from roadmap.services.charters import charter_content, charter_of
from roadmap.services.gates.reading import approvals_of, case_of, evidence_of
from roadmap.views.gate_rows import item_rows, pieces_of_gate, role_rows

PAGE = "roadmap/gate.html"
CONFLICT, UNPROCESSABLE = 409, 422
SHORT = ("roadmap_id", "initiative_id", "title", "status", "finish_on", "note")


def gate_of(access: Access, pk: int, gate_id: str) -> GateState:
    scope = access.scope(GateState).select_related(
        "roadmap__snapshot__assessment", "opened_by", "asked_by"
    )
    found = get_object_or_404(
        scope.defer(
            "roadmap__plan",
            "roadmap__forecast",
            "roadmap__constraints",
            "roadmap__snapshot__answers",
            "roadmap__snapshot__scorecard",
        ),
        roadmap_id=pk,
        gate_id=gate_id,
    )
    found.roadmap.organization = access.organization
    return found


def gate_page(
    request: HttpRequest,
    access: Access,
    found: GateState,
    *,
    status: int = 200,
    form: NamedForm | None = None,
    item_id: str = "",
    notice: str = "",
) -> HttpResponse:
    """`form`: one that came back, with what was typed; `item_id`: the item it belongs to.

    `notice` says in a sentence or two why nothing happened.
    """
    items = list(found.roadmap.initiatives.only(*SHORT))
    (shown,) = gate_views(found.roadmap.gates.filter(pk=found.pk), items)
    approvals = approvals_of(found)
    case = case_of(found, shown.results, approvals=approvals)
    judgement = judge(case)
    evidence = evidence_of(found)
    mine = [role for role in found.roles if access.user.pk in case.named.get(role.id, frozenset())]
    failed = form.name if form is not None and not item_id else ""
    context: dict[str, Any] = {
        "roadmap": found.roadmap,
        "gate": found,
        "shown": shown,
        "rows": item_rows(
            access, found, shown, items, evidence, item_id, form if item_id else None
        ),
        "pieces": pieces_of_gate(access, evidence),
        "roles": role_rows(found, judgement, approvals, _named_people(found.roadmap)),
        "judgement": judgement,
        "charter_gaps": _charter_gaps(found),
        "obstacles": [] if found.is_open else _obstacles(judgement),
        "is_alone": case.members <= 1,
        "mine": mine,
        "decisions": decisions_on(found),
        "earlier": _earlier(found),
        "overrides": found.overrides.select_related("made_by", "initiative").defer(
            "initiative__details", "initiative__reasons", "initiative__satisfied"
        ),
        "comments": WorkComments(access, found),
        "forms": _forms(found, mine, None if item_id else form),
        "failed": failed,
        "form": form,
        "notice": notice,
        "upload_megabytes": settings.WAYMARK_UPLOAD_BYTES // 1_000_000,
    }
    return render(request, PAGE, context, status=status)


def _charter_gaps(found: GateState) -> dict[str, Any] | None:
    """What the pilot's charter leaves open, for those who decide on the pilot."""
    if found.gate_id != PILOT_GATE or found.is_open:
        return None
    charter = charter_of(found.roadmap)
    if charter is None:
        return None
    gaps = missing(charter_content(charter))
    return {"charter": charter, "gaps": gaps} if gaps else None


def to_gate(access: Access, found: GateState, fragment: str = "") -> HttpResponse:
    response = redirect("roadmap:gate", access.organization.slug, found.roadmap_id, found.gate_id)
    if fragment:
        response["Location"] += f"#{fragment}"
    return response


def _obstacles(judgement: Judgement) -> list[str]:
    """In words; the page tells what is missing of the checklist beside it, item by item."""
    rest = tuple(o for o in judgement.obstacles if o is not Obstacle.CHECKLIST)
    return obstacle_words(Judgement(judgement.roles, rest))


def _forms(
    found: GateState, mine: list[ApproverRole], form: NamedForm | None
) -> dict[str, NamedForm]:
    forms: dict[str, NamedForm] = {
        AskForm.name: AskForm(),
        WithdrawForm.name: WithdrawForm(),
        RefuseForm.name: RefuseForm(),
        ClosingForm.name: ClosingForm(),
        OpenForm.name: OpenForm(),
        ProofForm.name: ProofForm(),
        SayForm.name: SayForm(roles=mine, initial={"round": found.round}),
    }
    if form is not None:
        forms[form.name] = form
    return forms


def _named_people(roadmap: Roadmap) -> dict[str, list[User]]:
    people: dict[str, list[User]] = {}
    for approver in GateApprover.objects.filter(roadmap=roadmap.pk).select_related("person"):
        people.setdefault(approver.role_id, []).append(approver.person)
    return people


def _earlier(found: GateState) -> list[tuple[int, list[Any]]]:
    """What was said in rounds that are over, newest round first."""
    rounds: dict[int, list[Any]] = {}
    titles = {role.id: role.title for role in found.roles}
    for approval in approvals_before(found):
        title = titles.get(approval.role_id, approval.role_id)
        rounds.setdefault(approval.round, []).append((title, approval))
    return list(rounds.items())

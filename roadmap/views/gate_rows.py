"""The rows of a gate's page: items with work, evidence and forms; roles with what was said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from accounts.models import User
from accounts.tenancy import Access
from roadmap.domain.progress import ItemResult
from roadmap.domain.tracking.approving import ApproverRole, Judgement, RoleStanding
from roadmap.gate_forms import ConfirmationForm, NamedForm, ProofForm
from roadmap.models import (
    GateApproval,
    GateConfirmation,
    GateState,
    PlannedInitiative,
    WorkEvidence,
)
from roadmap.queries import GateView
from roadmap.services.work.evidence import may_remove


@dataclass(frozen=True)
class PartRow:
    """`planned` is None for what is not in the plan; `reason` then says why."""

    title: str
    reason: str
    planned: PlannedInitiative | None


@dataclass(frozen=True)
class PieceRow:
    """`on_work`: it is attached to this initiative, and not to the item itself."""

    piece: WorkEvidence
    host: str
    may_remove: bool
    on_work: PlannedInitiative | None


@dataclass(frozen=True)
class ItemRow:
    """`failed`: which of its forms came back, with what was typed."""

    result: ItemResult
    parts: tuple[PartRow, ...]
    pieces: tuple[PieceRow, ...]
    confirmation: GateConfirmation | None
    confirm: NamedForm
    proof: NamedForm
    failed: str = ""


@dataclass(frozen=True)
class RoleRow:
    """A role that has to approve: who speaks for it and what was said in this round."""

    standing: RoleStanding
    people: tuple[User, ...]
    gone: tuple[User, ...]
    approval: GateApproval | None


def item_rows(
    access: Access,
    gate: GateState,
    shown: GateView,
    items: Iterable[PlannedInitiative],
    evidence: Iterable[WorkEvidence],
    failed_item: str = "",
    failed: NamedForm | None = None,
) -> list[ItemRow]:
    """`failed`: the form of that item that came back."""
    by_id = {item.initiative_id: item for item in items}
    confirmations = gate.confirmations.select_related("confirmed_by")
    confirmed = {confirmation.item_id: confirmation for confirmation in confirmations}
    on_item, on_work = _by_place(access, evidence)
    forms = {(failed_item, failed.name): failed} if failed else {}
    return [
        ItemRow(
            result=result,
            parts=tuple(
                PartRow(part.title, part.reason, by_id.get(part.initiative))
                for part in result.item.parts
            ),
            pieces=(
                *on_item.get(result.item.id, ()),
                *(row for p in result.item.parts for row in on_work.get(p.initiative, ())),
            ),
            confirmation=confirmed.get(result.item.id),
            confirm=forms.get((result.item.id, ConfirmationForm.name))
            or ConfirmationForm(place=result.item.id),
            proof=forms.get((result.item.id, ProofForm.name)) or ProofForm(place=result.item.id),
            failed=failed.name if failed and result.item.id == failed_item else "",
        )
        for result in shown.results
    ]


def pieces_of_gate(access: Access, evidence: Iterable[WorkEvidence]) -> list[PieceRow]:
    """What is attached to the gate as a whole: minutes, a signed approval."""
    return [_piece(access, p) for p in evidence if p.initiative_id is None and not p.item_id]


def role_rows(
    gate: GateState,
    judgement: Judgement,
    approvals: Sequence[GateApproval],
    people: dict[str, list[User]],
) -> list[RoleRow]:
    """`people`: everyone named for a role, members or not."""
    said = {approval.role_id: approval for approval in approvals}
    return [
        RoleRow(
            standing=standing,
            people=tuple(p for p in people.get(standing.role.id, ()) if p.pk in standing.named),
            gone=tuple(p for p in people.get(standing.role.id, ()) if p.pk not in standing.named),
            approval=said.get(standing.role.id),
        )
        for standing in judgement.roles
    ]


def all_roles(gates: Iterable[GateState]) -> list[ApproverRole]:
    """The roles of all gates, each once, in the order in which the gates name them."""
    found: dict[str, ApproverRole] = {}
    for gate in gates:
        for role in gate.roles:
            found.setdefault(role.id, role)
    return list(found.values())


def _by_place(
    access: Access, evidence: Iterable[WorkEvidence]
) -> tuple[dict[str, list[PieceRow]], dict[str, list[PieceRow]]]:
    on_item: dict[str, list[PieceRow]] = defaultdict(list)
    on_work: dict[str, list[PieceRow]] = defaultdict(list)
    for piece in evidence:
        if piece.initiative is not None:
            on_work[piece.initiative.initiative_id].append(_piece(access, piece))
        elif piece.item_id:
            on_item[piece.item_id].append(_piece(access, piece))
    return on_item, on_work


def _piece(access: Access, piece: WorkEvidence) -> PieceRow:
    return PieceRow(
        piece=piece,
        host=urlsplit(piece.url).hostname or "",
        may_remove=may_remove(access, piece),
        on_work=piece.initiative,
    )

"""Who hears of a gate: those asked to approve it, and those who wait for what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import User
from inbox.kinds import NoticeKind, register_kind
from inbox.telling import notices_settle, notify
from roadmap.domain.progress import Status
from roadmap.domain.tracking.moves import Item, all_before
from roadmap.enums import DecisionKind, InitiativeStatus
from roadmap.models import GateApprover, GateState, PlannedInitiative

ASKED, DECIDED = "gate.asked", "gate.decided"
KINDS = (
    NoticeKind(
        ASKED,
        gettext_lazy("Your approval is asked for"),
        gettext_lazy("A gate whose role you speak for is to be decided."),
        mailed=True,
    ),
    NoticeKind(
        DECIDED,
        gettext_lazy("A gate was decided"),
        gettext_lazy(
            "A gate you approve, asked for or wait for was opened, refused or closed, or work "
            "began before it was open."
        ),
        mailed=True,
    ),
)


def register_kinds() -> None:
    for kind in KINDS:
        register_kind(kind)


def tell_asked(gate: GateState, actor: User | None, roles: Iterable[str] = ()) -> None:
    """Tell whoever speaks for a role of the gate (for one of `roles`) that they are asked."""
    wanted = list(roles) or [role.id for role in gate.roles]
    title = _("Your approval is asked for: gate %(gate)s, %(title)s")
    values = {"gate": gate.gate_id, "title": gate.title}
    text = _("Look at its checklist and what shows it, then approve or refuse.")
    # The same round asks each person once, however many roles they speak for.
    key = f"{ASKED}:{gate.pk}:{gate.round}"
    _tell(gate, actor, _speakers(gate, wanted), ASKED, title % values, text, key)


def tell_said(gate: GateState, actor: User, *, refuses: bool, reason: str) -> None:
    """Tell who asked that someone refuses, or that everyone has approved."""
    if gate.asked_by is None:
        return
    values = {"gate": gate.gate_id, "who": actor}
    title = (
        _("%(who)s refuses to open gate %(gate)s")
        if refuses
        else _("Everyone approved gate %(gate)s: it can be opened")
    ) % values
    _tell(gate, actor, [gate.asked_by], DECIDED, title, reason if refuses else "")


def tell_decided(gate: GateState, actor: User | None, kind: DecisionKind, reason: str) -> None:
    """Tell the approvers, who asked, and whoever owns work that waits for this gate."""
    titles = {
        DecisionKind.OPENED: _("Gate %(gate)s is open: %(title)s"),
        DecisionKind.REFUSED: _("Gate %(gate)s was refused: %(title)s"),
        DecisionKind.CLOSED: _("Gate %(gate)s is closed again: %(title)s"),
    }
    people = {
        *_speakers(gate, [role.id for role in gate.roles]),
        *_waiting(gate),
        *([gate.asked_by] if gate.asked_by else []),
    }
    title = titles[kind] % {"gate": gate.gate_id, "title": gate.title}
    _tell(gate, actor, people, DECIDED, title, reason)
    settle_asked(gate)


def settle_asked(gate: GateState) -> None:
    """Nobody is asked any more: what asks for an approval is no news, and waits for no answer."""
    notices_settle(organization=gate.roadmap.organization, key=f"{ASKED}:{gate.pk}:")


def tell_started_before(gate: GateState, actor: User | None, title: str, reason: str) -> None:
    """Tell the approvers that work began behind their gate while it is closed, and why."""
    with override(gate.roadmap.organization.language):
        words = _("Started before gate %(gate)s is open: %(title)s")
        told = (words % {"gate": gate.gate_id, "title": title})[:300]
    speakers = _speakers(gate, [role.id for role in gate.roles])
    _tell(gate, actor, speakers, DECIDED, told, reason)


def _speakers(gate: GateState, roles: list[str]) -> set[User]:
    named = GateApprover.objects.filter(roadmap=gate.roadmap_id, role_id__in=roles)
    return {approver.person for approver in named.select_related("person")}


def _waiting(gate: GateState) -> QuerySet[User]:
    """The owners of work behind the gate that has not begun."""
    rows = PlannedInitiative.objects.filter(roadmap=gate.roadmap_id)
    columns = rows.values_list("initiative_id", "status", "predecessors")
    items = {id: Item(id, Status(status), predecessors=tuple(p)) for id, status, p in columns}
    behind = [id for id in items if gate.review in all_before(id, items)]
    return User.objects.filter(
        owned_initiatives__in=rows.filter(
            initiative_id__in=behind, status=InitiativeStatus.NOT_STARTED
        )
    ).distinct()


def _tell(
    gate: GateState,
    actor: User | None,
    people: Iterable[User],
    kind: str,
    title: str,
    text: str = "",
    key: str = "",
) -> None:
    notify(
        organization=gate.roadmap.organization,
        people=people,
        kind=kind,
        title=title,
        text=text,
        path=reverse(
            "roadmap:gate",
            args=[gate.roadmap.organization.slug, gate.roadmap_id, gate.gate_id],
        ),
        actor=actor,
        key=key,
    )

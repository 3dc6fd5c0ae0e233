"""Confirming what gates ask for, opening them, and closing them again."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.enums import Role
from accounts.models import User
from roadmap.domain.progress import ItemResult
from roadmap.domain.tracking.approving import Judgement, Outside, judge
from roadmap.enums import DecisionKind, InitiativeStatus
from roadmap.models import GateConfirmation, GateDecision, GateState, PlannedInitiative
from roadmap.services.gates.reading import case_of, facts_of, gate_results
from roadmap.services.gates.telling import tell_decided
from roadmap.services.present import hold
from roadmap.services.work.tracking import ProgressInvalid, organization_today, store_progress

CONFIRMATION_LIMIT = 2_000
NAME_LIMIT = 200


class GateNotReady(Exception):
    """The checklist is not met; `missing` are the items that stand in the way."""

    def __init__(self, missing: Sequence[ItemResult]) -> None:
        self.missing = tuple(missing)
        super().__init__(", ".join(result.item.id for result in self.missing))


class GateNotApproved(Exception):
    """Its checklist is met, but not everyone who has to approve did: `judgement` says who."""

    def __init__(self, judgement: Judgement) -> None:
        self.judgement = judgement
        super().__init__(", ".join(judgement.obstacles))


@transaction.atomic
def gate_open(
    *, gate: GateState, user: User | None, reason: str = "", outside: str = ""
) -> GateState:
    """Open the gate, and record its review as held today unless it is recorded already.

    `outside`: where the organization has one member only, the name of the person outside who
    approved; their signed word is attached to the gate since the decision was asked for.

    Raises:
        GateNotReady: with the items that are not met.
        GateNotApproved: someone still has to approve, or nobody but an author did.
        ProgressInvalid: a text is too long, or it is not for this person to name someone outside.
    """
    reason = clean_text(reason, "reason")
    locked = locked_gate(gate)
    if locked.is_open:
        return locked
    results = gate_results(locked)
    missing = [result for result in results if not result.is_met]
    if missing:
        raise GateNotReady(missing)
    signed = _outside(locked, user, outside, reason)
    judgement = judge(case_of(locked, results, signed))
    if not judgement.may_open:
        raise GateNotApproved(judgement)
    facts = facts_of(locked, results)
    if signed is not None:
        facts["outside"] = signed.name
    _hold_review(locked, user)
    locked.is_open, locked.opened_at, locked.opened_by = True, timezone.now(), user
    locked.save(update_fields=["is_open", "opened_at", "opened_by"])
    decision_add(locked, user, DecisionKind.OPENED, reason, facts)
    detail = {"reason": reason} if reason else {}
    gate_record(locked, user, "gate.opened", **detail, **_outside_detail(signed))
    tell_decided(locked, user, DecisionKind.OPENED, reason)
    return locked


@transaction.atomic
def gate_close(*, gate: GateState, user: User | None, reason: str) -> GateState:
    """Close an open gate again, for instance because its proof did not hold; say why.

    Its review is no longer done either, so that nothing that waits for it seems free to begin. A
    new round begins: whoever approved before has to approve again.
    """
    reason = clean_text(reason, "reason")
    if not reason:
        raise ProgressInvalid({"reason": _("Say why the gate is closed again.")})
    locked = locked_gate(gate)
    if not locked.is_open:
        return locked
    decision_add(locked, user, DecisionKind.CLOSED, reason, facts_of(locked, gate_results(locked)))
    locked.is_open, locked.opened_at, locked.opened_by = False, None, None
    locked.save(update_fields=["is_open", "opened_at", "opened_by"])
    review = _locked_review(locked)
    if review is not None and review.is_done:
        # To be held again: it is not under way meanwhile, and takes nobody's place.
        store_progress(review, user, InitiativeStatus.NOT_STARTED, None, review.note)
    gate_record(locked, user, "gate.closed", reason=reason)
    tell_decided(locked, user, DecisionKind.CLOSED, reason)
    next_round(locked)
    return locked


@transaction.atomic
def gate_confirm_item(
    *, gate: GateState, user: User | None, item_id: str, note: str = ""
) -> GateConfirmation:
    """A person vouches that an item is met, and says by what. Doing it twice changes nothing.

    Raises:
        ProgressInvalid: there is no such item, or the note is missing or too long.
    """
    hold(gate.roadmap_id, gate)
    note = clean_text(note, "note")
    if item_id not in {item.id for item in gate.to_checklist() if item.applies}:
        raise ProgressInvalid({"item": _("This gate has no such item to confirm.")})
    if not note:
        raise ProgressInvalid({"note": _("Say what shows it: a document, a record, a test.")})
    confirmation, is_new = GateConfirmation.objects.get_or_create(
        gate=gate,
        item_id=item_id,
        defaults={"note": note, "confirmed_by": user, "confirmed_at": timezone.now()},
    )
    if is_new:
        gate_record(gate, user, "gate.item_confirmed", item=item_id)
    return confirmation


@transaction.atomic
def gate_withdraw_item(*, gate: GateState, user: User | None, item_id: str) -> None:
    """Take a confirmation back. An open gate stays open; its page shows what no longer holds."""
    hold(gate.roadmap_id, gate)
    deleted, _details = gate.confirmations.filter(item_id=item_id).delete()
    if deleted:
        gate_record(gate, user, "gate.item_withdrawn", item=item_id)


def locked_gate(gate: GateState) -> GateState:
    """The row as it is now, held: call it inside the transaction.

    The roadmap is held first, as by a report on work, so that the two never wait for each other.
    """
    hold(gate.roadmap_id, gate)
    found = (
        GateState.objects.select_for_update(of=("self",))
        .select_related("roadmap__organization")
        .defer("roadmap__plan", "roadmap__forecast", "roadmap__constraints")
    )
    return found.get(pk=gate.pk)


def next_round(locked: GateState) -> None:
    """What was said before stays, and counts no more."""
    locked.round += 1
    locked.asked_at, locked.asked_by = None, None
    locked.save(update_fields=["round", "asked_at", "asked_by"])


def decision_add(
    gate: GateState,
    user: User | None,
    kind: DecisionKind,
    reason: str,
    facts: dict[str, object],
) -> GateDecision:
    return GateDecision.objects.create(
        gate=gate,
        round=gate.round,
        kind=kind,
        reason=reason,
        facts=facts,
        decided_by=user,
        decider_name=str(user or "")[:254],
    )


def clean_text(text: str, field: str) -> str:
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(text) > CONFIRMATION_LIMIT:
        message = _("This has %(length)s characters and %(limit)s fit. Shorten it.")
        values = {"length": f"{len(text):,}", "limit": f"{CONFIRMATION_LIMIT:,}"}
        raise ProgressInvalid({field: message % values})
    return text


def gate_record(gate: GateState, user: User | None, verb: str, **detail: str) -> None:
    record(
        organization=gate.roadmap.organization,
        actor=user,
        verb=verb,
        target=gate,
        detail={"roadmap": gate.roadmap_id, **detail},
    )


def _outside(gate: GateState, user: User | None, name: str, reason: str) -> Outside | None:
    """Only the owner of an organization of one may name somebody outside, and has to say why."""
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        return None
    members = gate.roadmap.organization.memberships
    if members.count() > 1:
        message = _("Others are members here: one of them has to approve.")
        raise ProgressInvalid({"outside": message})
    if user is None or not members.filter(user=user, role=Role.OWNER).exists():
        raise ProgressInvalid({"outside": _("The owner of the organization decides this.")})
    if len(name) > NAME_LIMIT:
        raise ProgressInvalid({"outside": _("Shorten the name to 200 characters.")})
    if not reason:
        raise ProgressInvalid({"reason": _("Say who approved, in which function, and when.")})
    since = gate.evidence.filter(item_id="", removed_at=None)
    if gate.asked_at is not None:
        since = since.filter(created_at__gte=gate.asked_at)
    return Outside(name, has_evidence=since.exists())


def _outside_detail(signed: Outside | None) -> dict[str, str]:
    return {"outside": signed.name} if signed is not None else {}


def _hold_review(gate: GateState, user: User | None) -> None:
    review = _locked_review(gate)
    if review is not None and not review.is_done:
        today = organization_today(gate.roadmap.organization)
        store_progress(review, user, InitiativeStatus.DONE, today, review.note)


def _locked_review(gate: GateState) -> PlannedInitiative | None:
    return (
        PlannedInitiative.objects.select_for_update()
        .filter(roadmap=gate.roadmap_id, initiative_id=gate.review)
        .first()
    )

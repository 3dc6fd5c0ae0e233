"""Confirming what gates ask for, and opening them."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from roadmap.domain.progress import ItemResult, Status, checklist_results
from roadmap.enums import InitiativeStatus
from roadmap.models import GateConfirmation, GateState, PlannedInitiative
from roadmap.services.tracking import ProgressInvalid, organization_today, store_progress

CONFIRMATION_LIMIT = 2_000


class GateNotReady(Exception):
    """The checklist is not met; `missing` are the items that stand in the way."""

    def __init__(self, missing: Sequence[ItemResult]) -> None:
        self.missing = tuple(missing)
        super().__init__(", ".join(result.item.id for result in self.missing))


def gate_results(gate: GateState) -> tuple[ItemResult, ...]:
    """How each item of the checklist stands now: two queries."""
    statuses = dict(
        PlannedInitiative.objects.filter(roadmap=gate.roadmap_id).values_list(
            "initiative_id", "status"
        )
    )
    confirmed = gate.confirmations.values_list("item_id", flat=True)
    return results_of(gate, statuses, confirmed)


def results_of(
    gate: GateState, statuses: dict[str, str], confirmed: Sequence[str]
) -> tuple[ItemResult, ...]:
    known = {initiative: Status(status) for initiative, status in statuses.items()}
    return checklist_results(gate.to_checklist(), known, confirmed)


@transaction.atomic
def gate_open(*, gate: GateState, user: User | None) -> GateState:
    """Open the gate, and record its review as held today unless it is recorded already.

    Raises:
        GateNotReady: with the items that are not met.
    """
    locked = GateState.objects.select_for_update().get(pk=gate.pk)
    if locked.is_open:
        return locked
    missing = [result for result in gate_results(locked) if not result.is_met]
    if missing:
        raise GateNotReady(missing)
    _hold_review(locked, user)
    locked.is_open, locked.opened_at, locked.opened_by = True, timezone.now(), user
    locked.save(update_fields=["is_open", "opened_at", "opened_by"])
    _record(locked, user, "gate.opened")
    return locked


@transaction.atomic
def gate_close(*, gate: GateState, user: User | None, reason: str) -> GateState:
    """Close an open gate again, for instance because its proof did not hold; say why.

    Its review is no longer done either, so that nothing that waits for it seems free to begin.
    """
    reason = _text(reason)
    if not reason:
        raise ProgressInvalid({"reason": _("Say why the gate is closed again.")})
    locked = GateState.objects.select_for_update().get(pk=gate.pk)
    if not locked.is_open:
        return locked
    locked.is_open, locked.opened_at, locked.opened_by = False, None, None
    locked.save(update_fields=["is_open", "opened_at", "opened_by"])
    review = _locked_review(locked)
    if review is not None and review.is_done:
        store_progress(review, user, InitiativeStatus.IN_PROGRESS, None, review.note)
    _record(locked, user, "gate.closed", reason=reason)
    return locked


@transaction.atomic
def gate_confirm_item(
    *, gate: GateState, user: User | None, item_id: str, note: str = ""
) -> GateConfirmation:
    """A person vouches that an item is met, and says by what. Doing it twice changes nothing.

    Raises:
        ProgressInvalid: there is no such item, or the note is missing or too long.
    """
    note = _text(note)
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
        _record(gate, user, "gate.item_confirmed", item=item_id)
    return confirmation


@transaction.atomic
def gate_withdraw_item(*, gate: GateState, user: User | None, item_id: str) -> None:
    """Take a confirmation back. An open gate stays open; its page shows what no longer holds."""
    deleted, _details = gate.confirmations.filter(item_id=item_id).delete()
    if deleted:
        _record(gate, user, "gate.item_withdrawn", item=item_id)


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


def _text(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(text) > CONFIRMATION_LIMIT:
        message = _("This has %(length)s characters and %(limit)s fit. Shorten it.")
        values = {"length": f"{len(text):,}", "limit": f"{CONFIRMATION_LIMIT:,}"}
        raise ProgressInvalid({"note": message % values})
    return text


def _record(gate: GateState, user: User | None, verb: str, **detail: str) -> None:
    record(
        organization=gate.roadmap.organization,
        actor=user,
        verb=verb,
        target=gate,
        detail={"roadmap": gate.roadmap_id, **detail},
    )

"""Progress of initiatives, saved so that nobody's newer entry is overwritten unseen."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Organization, User
from roadmap.enums import InitiativeStatus
from roadmap.models import GateState, PlannedInitiative

NOTE_LIMIT = 10_000
EARLIEST_FINISH = date(2000, 1, 1)


class ProgressInvalid(ValueError):
    """Input that cannot be saved. `messages`: field name → what to do."""

    def __init__(self, messages: dict[str, str]) -> None:
        self.messages = messages
        super().__init__("; ".join(messages.values()))


class StaleInitiative(Exception):
    """Someone saved other progress since this was opened; `current` is theirs."""

    def __init__(self, current: PlannedInitiative) -> None:
        self.current = current
        super().__init__(f"{current.initiative_id} is at version {current.version}")


@dataclass(frozen=True)
class _Entry:
    status: str
    finished_on: date | None
    note: str


def initiative_update(
    *,
    initiative: PlannedInitiative,
    user: User | None,
    status: str,
    finished_on: date | None,
    note: str,
    version: int,
) -> PlannedInitiative:
    """Save progress, given the `version` the person saw.

    A finish date belongs to what is done: without one, today counts; with another status it is
    not kept. Saving the same again is fine and changes nothing.

    Raises:
        ProgressInvalid: something cannot be saved as it is, or it is the review of a gate that
            is still closed or would be dropped.
        StaleInitiative: other progress was saved in the meantime.
    """
    organization = initiative.roadmap.organization
    entry = _clean(organization, status, finished_on, note)
    with transaction.atomic():
        current = (
            PlannedInitiative.objects.select_for_update(of=("self",))
            .select_related("updated_by")
            .get(pk=initiative.pk)
        )
        if current.progress_values() == vars(entry):
            return current
        if current.version != version:
            raise StaleInitiative(current)
        if entry.status == InitiativeStatus.DONE:
            _require_open_gate(current)
        elif entry.status == InitiativeStatus.DROPPED:
            _refuse_dropping_a_review(current)
        return store_progress(current, user, entry.status, entry.finished_on, entry.note)


def store_progress(
    initiative: PlannedInitiative,
    user: User | None,
    status: str,
    finished_on: date | None,
    note: str,
) -> PlannedInitiative:
    """Write checked progress; call it inside the transaction that holds the row."""
    before = initiative.status
    initiative.status = status
    initiative.finished_on = finished_on
    initiative.note = note
    initiative.version += 1
    initiative.updated_by = user
    initiative.updated_at = timezone.now()
    initiative.save(
        update_fields=["status", "finished_on", "note", "version", "updated_by", "updated_at"]
    )
    detail: dict[str, Any] = {"roadmap": initiative.roadmap_id, "version": initiative.version}
    if before != status:
        detail["status"] = [before, status]
    if finished_on:
        detail["finished_on"] = finished_on.isoformat()
    record(
        organization=initiative.roadmap.organization,
        actor=user,
        verb="initiative.updated",
        target=initiative,
        detail=detail,
    )
    return initiative


def _require_open_gate(initiative: PlannedInitiative) -> None:
    """A review is done by opening its gate, which asks for the checklist and for an editor;
    otherwise what waits for the gate could begin behind its back.
    """
    if initiative.kind != "review" or initiative.is_done:
        return
    closed = GateState.objects.filter(
        roadmap=initiative.roadmap_id, review=initiative.initiative_id, is_open=False
    ).first()
    if closed is not None:
        message = _("This review is done when gate %(gate)s is opened: open it on its own page.")
        raise ProgressInvalid({"status": message % {"gate": closed.gate_id}})


def _refuse_dropping_a_review(initiative: PlannedInitiative) -> None:
    """Without its review a gate would guard nothing."""
    if initiative.kind == "review":
        message = _("The review of a gate cannot be dropped: it guards what comes after it.")
        raise ProgressInvalid({"status": message})


def organization_today(organization: Organization) -> date:
    """Today where the organization is."""
    return datetime.now(organization.zone).date()


def _clean(organization: Organization, status: str, finished_on: date | None, note: str) -> _Entry:
    messages: dict[str, str] = {}
    # A form sends line ends as two characters; the limit counts what the person typed.
    note = note.replace("\r\n", "\n").replace("\x00", "").strip()
    today = organization_today(organization)
    if status not in InitiativeStatus.values:
        messages["status"] = _("Choose one of the statuses offered.")
    if status != InitiativeStatus.DONE:
        finished_on = None
    elif finished_on is None:
        finished_on = today
    if finished_on and not EARLIEST_FINISH <= finished_on <= today:
        messages["finished_on"] = _("Give the day it was finished: today or earlier.")
    if status == InitiativeStatus.DROPPED and not note:
        messages["note"] = _("Say in a sentence why it is dropped; the gates will show it.")
    if len(note) > NOTE_LIMIT:
        messages["note"] = _too_long(len(note))
    if messages:
        raise ProgressInvalid(messages)
    return _Entry(status, finished_on, note)


def _too_long(length: int) -> str:
    return _(
        "The note has %(length)s characters and %(limit)s fit. Shorten it, or keep the long "
        "version in a document and name the document here."
    ) % {"length": f"{length:,}", "limit": f"{NOTE_LIMIT:,}"}

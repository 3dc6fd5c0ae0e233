"""Which reports make sense, and what follows from them: the fields of an initiative after one."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import Organization, User
from roadmap.enums import InitiativeStatus as Status
from roadmap.models import PlannedInitiative
from roadmap.services.work.refusals import KEEP, Keep, ProgressInvalid, Report

NOTE_LIMIT, REASON_LIMIT = 10_000, 2_000
EARLIEST = date(2000, 1, 1)
FARTHEST = timedelta(days=20 * 366)
MOST_DAYS = 10_000.0
WORKERS = (Role.CONTRIBUTOR, Role.EDITOR, Role.OWNER)


@dataclass(frozen=True)
class Standing:
    """What people may change of an initiative, and nothing else."""

    status: str
    started_on: date | None
    finished_on: date | None
    percent: int
    remaining_days: float | None
    expected_on: date | None
    note: str
    blocked_because: str
    waits_for_id: int | None
    owner_id: int | None
    position: float


def standing_of(initiative: PlannedInitiative) -> Standing:
    return Standing(**{name: getattr(initiative, name) for name in Standing.__dataclass_fields__})


def organization_today(organization: Organization) -> date:
    """Today where the organization is."""
    return datetime.now(organization.zone).date()


def after_report(
    initiative: PlannedInitiative, report: Report, today: date, percent_before_done: int
) -> Standing:
    """How the initiative stands after the report.

    `percent_before_done`: for work that is finished and taken up again without a word on how much
    of it is done.

    Raises:
        ProgressInvalid: with a message for each field that cannot be saved as it is.
    """
    before = standing_of(initiative)
    messages = _number_messages(report)
    after = _told(before, report)
    after = _following_from_status(before, after, report, today, percent_before_done)
    after = _following_from_block(after)
    messages |= _text_messages(before, after, report)
    messages |= _date_messages(before, after, today)
    messages |= _people_messages(initiative.roadmap.organization, before, after)
    if messages:
        raise ProgressInvalid(messages)
    return after


def clean_text(text: str) -> str:
    """A form sends line ends as two characters; limits count what the person typed."""
    return text.replace("\r\n", "\n").replace("\x00", "").strip()


def _told(before: Standing, report: Report) -> Standing:
    def kept(value: object, old: object) -> object:
        return old if value is KEEP else value

    def person(value: User | Keep | None, old: int | None) -> int | None:
        if isinstance(value, Keep):
            return old
        return value.pk if value is not None else None

    values = {
        "status": report.status if report.status is not None else before.status,
        "started_on": kept(report.started_on, before.started_on),
        "finished_on": kept(report.finished_on, before.finished_on),
        "percent": report.percent if report.percent is not None else before.percent,
        "remaining_days": kept(report.remaining_days, before.remaining_days),
        "expected_on": kept(report.expected_on, before.expected_on),
        "note": before.note if report.note is None else clean_text(report.note),
        "blocked_because": before.blocked_because
        if report.blocked_because is None
        else clean_text(report.blocked_because),
        "waits_for_id": person(report.waits_for, before.waits_for_id),
        "owner_id": person(report.owner, before.owner_id),
        "position": before.position if report.position is None else report.position,
    }
    return replace(before, **values)  # type: ignore[arg-type]


def _following_from_status(
    before: Standing, after: Standing, report: Report, today: date, percent_before_done: int
) -> Standing:
    if after.status == Status.DONE:
        finished = after.finished_on or today
        started = after.started_on
        if started is None and before.status != Status.DONE:
            started = min(today, max(finished, EARLIEST))
        return replace(after, started_on=started, finished_on=finished, percent=100)
    after = replace(after, finished_on=None)
    if after.status == Status.IN_PROGRESS:
        percent = after.percent
        if before.status == Status.DONE and report.percent is None:
            percent = percent_before_done
        return replace(after, started_on=after.started_on or today, percent=percent)
    if after.status == Status.NOT_STARTED:
        told = report.percent or 0
        return replace(after, started_on=None, percent=told)
    return after


def _following_from_block(after: Standing) -> Standing:
    """Finished and dropped work waits for nobody; nor does what is not blocked."""
    if after.status in (Status.DONE, Status.DROPPED):
        return replace(after, blocked_because="", waits_for_id=None)
    return after if after.blocked_because else replace(after, waits_for_id=None)


def _number_messages(report: Report) -> dict[str, str]:
    messages = {}
    if report.percent is not None and not 0 <= report.percent <= 100:
        messages["percent"] = _("Give a whole number from 0 to 100.")
    for field in ("remaining_days", "spent_days"):
        value = getattr(report, field)
        if isinstance(value, int | float) and not (
            math.isfinite(value) and 0 <= value <= MOST_DAYS
        ):
            messages[field] = _("Give person-days from 0 to 10,000.")
    if report.position is not None and not math.isfinite(report.position):
        messages["position"] = _("This place in the column is none.")
    return messages


def _text_messages(before: Standing, after: Standing, report: Report) -> dict[str, str]:
    messages = {}
    if after.status not in Status.values:
        messages["status"] = _("Choose one of the statuses offered.")
    if after.status == Status.NOT_STARTED and after.percent:
        messages["percent"] = _(
            "It is not started, so nothing of it is done. Choose “In progress”, or give 0."
        )
    if after.status == Status.DROPPED and not after.note:
        messages["note"] = _("Say in a sentence why it is dropped; the gates will show it.")
    if len(after.note) > NOTE_LIMIT:
        messages["note"] = _(
            "The note has %(length)s characters and %(limit)s fit. Shorten it, or keep the long "
            "version in a document and name the document here."
        ) % {"length": f"{len(after.note):,}", "limit": f"{NOTE_LIMIT:,}"}
    if len(after.blocked_because) > REASON_LIMIT:
        messages["blocked_because"] = too_long(after.blocked_because)
    is_waiting = isinstance(report.waits_for, User) and not after.blocked_because
    if is_waiting and after.status in (Status.NOT_STARTED, Status.IN_PROGRESS):
        messages["blocked_because"] = _("Say what is in the way; whom you name will read it.")
    return messages


def too_long(text: str) -> str:
    message = _("This has %(length)s characters and %(limit)s fit. Shorten it.")
    return message % {"length": f"{len(text):,}", "limit": f"{REASON_LIMIT:,}"}


def _date_messages(before: Standing, after: Standing, today: date) -> dict[str, str]:
    messages = {}
    started, finished, expected = after.started_on, after.finished_on, after.expected_on
    if started and started != before.started_on and not EARLIEST <= started <= today:
        messages["started_on"] = _("Give the day it was started: today or earlier.")
    if finished and not EARLIEST <= finished <= today:
        messages["finished_on"] = _("Give the day it was finished: today or earlier.")
    elif started and finished and started > finished:
        messages["finished_on"] = _("It cannot be finished before it was started.")
    if expected and expected != before.expected_on and not today <= expected <= today + FARTHEST:
        messages["expected_on"] = _("Give a day from today on, within the next 20 years.")
    return messages


def _people_messages(
    organization: Organization, before: Standing, after: Standing
) -> dict[str, str]:
    """People already named stay as they are, even where they have left since."""
    messages = {}
    members = organization.memberships
    owner, waits_for = after.owner_id, after.waits_for_id
    is_new_owner = owner is not None and owner != before.owner_id
    if is_new_owner and not members.filter(user=owner, role__in=WORKERS).exists():
        messages["owner"] = _("Choose a member who may report progress.")
    is_newly_awaited = waits_for is not None and waits_for != before.waits_for_id
    if is_newly_awaited and not members.filter(user=waits_for).exists():
        messages["waits_for"] = _("Choose a member of this organization.")
    return messages

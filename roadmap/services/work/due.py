"""Reminding owners: three days before their work should be finished, and on the day after."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Membership, Organization
from inbox.telling import notify
from jobs.turns import take_turn
from roadmap.domain.tracking.due import REMINDED_AFTER, REMINDED_BEFORE, Reminder, reminder
from roadmap.enums import InitiativeStatus
from roadmap.models import PlannedInitiative, Roadmap
from roadmap.services.work.rules import WORKERS
from roadmap.services.work.telling import DUE, path_of

# Where the organization is: nobody wants a reminder at three in the morning.
MORNING = 7
OPEN = (InitiativeStatus.NOT_STARTED, InitiativeStatus.IN_PROGRESS)


def work_remind(now: datetime) -> int:
    """Tell owners what is due; how many reminders there were. Asked for again it tells nothing."""
    told = 0
    for organization in Organization.objects.filter(roadmaps__isnull=False).distinct():
        local = now.astimezone(organization.zone)
        if local.hour >= MORNING:
            told += _remind(organization, local.date())
    return told


def _remind(organization: Organization, today: date) -> int:
    newest = Roadmap.objects.filter(organization=organization).only("organization_id").first()
    if newest is None:
        return 0
    newest.organization = organization
    told = 0
    for item in _candidates(newest, today):
        item.roadmap = newest
        due = item.expected_on or item.finish_on
        which = reminder(due, today)
        if which is not None:
            told += _tell(item, due, which)
    return told


def _candidates(roadmap: Roadmap, today: date) -> QuerySet[PlannedInitiative]:
    """Open work with an owner who may work on it, due about now."""
    working = Membership.objects.filter(
        organization=roadmap.organization_id, user=OuterRef("owner"), role__in=WORKERS
    )
    return (
        roadmap.initiatives.annotate(due=Coalesce(F("expected_on"), F("finish_on")))
        .filter(
            Exists(working),
            status__in=OPEN,
            due__range=(today - REMINDED_AFTER, today + REMINDED_BEFORE),
        )
        .select_related("owner")
        .only("roadmap_id", "initiative_id", "title", "expected_on", "finish_on", "owner")
    )


def _tell(item: PlannedInitiative, due: date, which: Reminder) -> bool:
    """Once for each owner and day: who is given it later, or moves the day, hears anew."""
    organization = item.roadmap.organization
    key = f"{DUE}:{item.pk}:{item.owner_id}:{due.isoformat()}:{which.value}"
    with transaction.atomic(), override(organization.language):
        if item.owner is None or not take_turn(key, organization):
            return False
        words = {
            Reminder.BEFORE: _("“%(title)s” should be finished by %(day)s"),
            Reminder.AFTER: _("“%(title)s” should have been finished by %(day)s"),
        }
        values = {"title": item.title, "day": date_format(due, "DATE_FORMAT")}
        notify(
            organization=organization,
            people=[item.owner],
            kind=DUE,
            title=(words[which] % values)[:300],
            text=_("Report it done, give the day you expect, or say what is in the way."),
            path=path_of(item),
            key=key,
        )
    return True

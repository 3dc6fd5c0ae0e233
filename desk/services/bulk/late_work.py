"""Reminding people of work that should have been finished."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from accounts.audit import record
from accounts.models import Membership, Organization, User
from accounts.tenancy import Access
from desk.models import BulkRun
from inbox.telling import notify
from roadmap.models import PlannedInitiative, Roadmap
from roadmap.services.work.due import OPEN
from roadmap.services.work.rules import WORKERS
from roadmap.services.work.telling import DUE

NOBODY = gettext_lazy("Nobody there has work that should have been finished.")


def late_work(clients: Iterable[Organization], today: date) -> QuerySet[PlannedInitiative]:
    """Open work of each client's present roadmap whose day is over, with an owner who is a member
    and may report on it."""
    newest = Roadmap.objects.filter(organization=OuterRef("roadmap__organization")).order_by(
        "-created_at", "-pk"
    )
    working = Membership.objects.filter(
        organization=OuterRef("roadmap__organization"), user=OuterRef("owner"), role__in=WORKERS
    )
    return PlannedInitiative.objects.annotate(
        due=Coalesce(F("expected_on"), F("finish_on"))
    ).filter(
        Exists(working),
        roadmap__organization__in=list(clients),
        roadmap=Subquery(newest.values("pk")[:1]),
        status__in=OPEN,
        due__lt=today,
    )


def ready_for_work(clients: list[Organization]) -> dict[int, tuple[bool, str]]:
    """One query for any number of clients."""
    people: dict[int, set[int]] = defaultdict(set)
    rows = late_work(clients, timezone.localdate())
    for client, person in rows.values_list("roadmap__organization", "owner"):
        people[client].add(person)
    found = {}
    for client in clients:
        number = len(people[client.pk])
        words = ngettext(
            "%(number)s person has work that should have been finished.",
            "%(number)s people have work that should have been finished.",
            number,
        )
        found[client.pk] = (bool(number), words % {"number": number} if number else str(NOBODY))
    return found


def remind_of_work(run: BulkRun, access: Access) -> int:
    """One notice for each person, however much is late; the same run tells them once. How many."""
    client = access.organization
    late: dict[User, list[PlannedInitiative]] = defaultdict(list)
    rows = late_work([client], timezone.localdate(timezone=client.zone)).select_related("owner")
    for item in rows.only("title", "owner", "roadmap_id"):
        if item.owner is not None:
            late[item.owner].append(item)
    told = 0
    for person, items in late.items():
        with override(person.language or client.language):
            title = ngettext(
                "Reminder: “%(title)s” should have been finished",
                "Reminder: %(number)s initiatives of yours should have been finished",
                len(items),
            ) % {"number": len(items), "title": items[0].title}
            text = _("Report it done, give the day you expect, or say what is in the way.")
        told += len(
            notify(
                organization=client,
                people=[person],
                kind=DUE,
                title=title[:300],
                text=text,
                path=reverse("work:mine", args=[client.slug]),
                actor=run.asked_by,
                key=f"desk.bulk:{run.pk}",
            )
        )
    if told:
        detail: dict[str, Any] = {"people": told}
        record(
            organization=client,
            actor=run.asked_by,
            verb="work.reminded",
            target=client,
            detail=detail,
        )
    return told

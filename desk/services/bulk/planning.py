"""What an action would do for each client chosen: asked before anything is done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import REPORTS_ARE_MADE_FROM, Area
from accounts.models import Organization
from accounts.tenancy import Access, Can, accesses_of
from assessments.enums import AssessmentStatus
from assessments.models import Assessment, Assignment
from desk.models.run import BulkAction
from desk.services.bulk.late_work import ready_for_work
from roadmap.models import Roadmap

AREAS = {
    BulkAction.REPORTS: (Area.REPORTS, *REPORTS_ARE_MADE_FROM),
    BulkAction.REMINDERS: (Area.ASSESSMENTS,),
    BulkAction.WORK: (Area.ROADMAP,),
    BulkAction.ROUNDS: (Area.ASSESSMENTS,),
}


@dataclass(frozen=True)
class Planned:
    """`will_do`: the client is part of it; `words`: what would happen, or why nothing does."""

    client: Organization
    will_do: bool
    words: str


def refusal(access: Access | None, action: str) -> str:
    """Why the person may not do this for the client now; empty where they may."""
    if access is None:
        return _("You are not let in any more.")
    for area in AREAS[BulkAction(action)]:
        if not access.covers(area):
            return _("Not opened to you: %s.") % area.label
    if not access.allows(Can.EDIT):
        return _("You may only read there.")
    return ""


def plan(access: Access, clients: Iterable[Organization], action: str) -> list[Planned]:
    """One line for each client; the same five queries for any number."""
    found = list(clients)
    accesses = accesses_of(access.user)
    ready = READY[BulkAction(action)](found)
    lines = []
    for client in found:
        refused = refusal(accesses.get(client.pk), action)
        will_do, words = (False, refused) if refused else ready[client.pk]
        lines.append(Planned(client, will_do, words))
    return lines


Ready = dict[int, tuple[bool, str]]


def _reports(clients: list[Organization]) -> Ready:
    rows = Roadmap.objects.filter(organization__in=clients).order_by("created_at", "pk")
    names = dict(rows.values_list("organization", "name"))
    return {
        client.pk: (True, _("From “%s”.") % names[client.pk])
        if client.pk in names
        else (False, _("It has no roadmap yet."))
        for client in clients
    }


def _reminders(clients: list[Organization]) -> Ready:
    people: dict[int, set[int]] = defaultdict(set)
    for client, person in open_assignments(clients).values_list(
        "assessment__organization", "assignee"
    ):
        people[client].add(person)
    found: Ready = {}
    for client in clients:
        number = len(people[client.pk])
        words = ngettext(
            "%(number)s person has questions to answer.",
            "%(number)s people have questions to answer.",
            number,
        )
        nobody = _("Nobody there has been asked something that is still open.")
        found[client.pk] = (bool(number), words % {"number": number} if number else nobody)
    return found


def open_assignments(clients: Iterable[Organization]):  # type: ignore[no-untyped-def]
    """What people were asked to fill in drafts and have not said to be done."""
    return Assignment.objects.filter(
        assessment__organization__in=list(clients),
        assessment__status=AssessmentStatus.DRAFT,
        done_at=None,
    )


def _rounds(clients: list[Organization]) -> Ready:
    rows = Assessment.objects.filter(organization=OuterRef("pk")).order_by("-created_at", "-pk")
    newest = Organization.objects.filter(pk__in=[client.pk for client in clients]).annotate(
        draft=Subquery(rows.filter(status=AssessmentStatus.DRAFT).values("name")[:1]),
        last=Subquery(rows.filter(status=AssessmentStatus.SUBMITTED).values("name")[:1]),
    )
    found: Ready = {}
    for client, draft, last in newest.values_list("pk", "draft", "last"):
        if draft is not None:
            found[client] = (False, _("“%s” is still being filled in.") % draft)
        elif last is None:
            found[client] = (False, _("It has not handed in an assessment yet."))
        else:
            found[client] = (True, _("Goes on from “%s”.") % last)
    return found


READY = {
    BulkAction.REPORTS: _reports,
    BulkAction.REMINDERS: _reminders,
    BulkAction.WORK: ready_for_work,
    BulkAction.ROUNDS: _rounds,
}

"""One client at the desk: its figures, what it was started with, and the notes about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import Area, Role
from accounts.models import Engagement, Membership
from accounts.tenancy import Access, accesses_of
from assessments.models import Snapshot
from desk.domain.portfolio import ClientRow
from desk.models import ClientStart, PrivateNote
from desk.models.note import NoteAbout
from desk.queries import client_rows
from desk.services.templates import start_of
from guide.model import Guide
from guide.registry import current_guide
from roadmap.models import PlannedInitiative, Scenario

NOTES_SHOWN = 200


@dataclass(frozen=True)
class NoteShown:
    note: PrivateNote
    about: str


@dataclass(frozen=True)
class ClientPage:
    """`row`: None once the engagement is over; the notes stay."""

    engagement: Engagement
    row: ClientRow | None
    notes: tuple[NoteShown, ...]
    start: ClientStart | None
    initiatives: tuple[tuple[str, str], ...]
    can_plan: bool
    keeps_house: bool
    guide: Guide


def client_page(access: Access, engagement: Engagement) -> ClientPage:
    """Ten queries, whatever the number of notes."""
    client = engagement.client
    found = client_rows(access.organization, client.pk)
    row = found[0] if found else None
    start = start_of(access, client)
    initiatives = _initiatives(engagement) if row and row.sees_roadmap else ()
    guide = current_guide()
    titles = {f"step:{step.id}": f"{step.number}. {step.title}" for step in guide.steps}
    titles |= {f"initiative:{id}": f"{id} {title}" for id, title in initiatives}
    rows = access.scope(PrivateNote).filter(client=client).select_related("author", "changed_by")
    return ClientPage(
        engagement=engagement,
        row=row,
        notes=tuple(NoteShown(note, _about(note, titles)) for note in rows[:NOTES_SHOWN]),
        start=start,
        initiatives=initiatives,
        can_plan=bool(row and start and start.constraints) and _can_plan(access, client),
        keeps_house=bool(row) and _keeps_house(engagement),
        guide=guide,
    )


def _keeps_house(engagement: Engagement) -> bool:
    """Whether it was started here and nobody of its own has taken it over."""
    owners = Membership.objects.filter(organization=engagement.client_id, role=Role.OWNER)
    return engagement.is_founding and not owners.exists()


def _about(note: PrivateNote, titles: dict[str, str]) -> str:
    if note.about == NoteAbout.WHOLE:
        return _("The client as a whole")
    return titles.get(f"{note.about}:{note.about_id}", note.about_id)


def _initiatives(engagement: Engagement) -> tuple[tuple[str, str], ...]:
    """Of the roadmap as it was counted last."""
    rows = PlannedInitiative.objects.filter(
        roadmap__organization=engagement.client_id,
        roadmap=engagement.client.desk_summary.roadmap_id
        if hasattr(engagement.client, "desk_summary")
        else None,
    )
    return tuple(rows.order_by("rank").values_list("initiative_id", "title"))


def _can_plan(access: Access, client: Any) -> bool:
    """A first plan with the template's calendar: once there are answers, and no plan yet."""
    own = accesses_of(access.user).get(client.pk)
    return (
        own is not None
        and own.can_edit
        and own.covers(Area.ROADMAP)
        and Snapshot.objects.filter(organization=client).exists()
        and not Scenario.objects.filter(organization=client).exists()
    )

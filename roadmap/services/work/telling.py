"""Who hears of a report: whoever was given the work, and whoever it waits for."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from inbox.telling import notify
from roadmap.models import PlannedInitiative
from roadmap.services.work.rules import Standing

ASSIGNED, MENTIONED = "work.assigned", "work.mentioned"
DUE, BLOCKED_ON_YOU = "work.due", "work.blocked_on_you"


def path_of(initiative: PlannedInitiative, part: str = "") -> str:
    slug = initiative.roadmap.organization.slug
    path = reverse(
        "roadmap:initiative", args=[slug, initiative.roadmap_id, initiative.initiative_id]
    )
    return f"{path}#{part}" if part else path


def tell_report(
    initiative: PlannedInitiative, actor: User | None, before: Standing, after: Standing
) -> None:
    with override(initiative.roadmap.organization.language):
        if after.owner_id and after.owner_id != before.owner_id:
            _tell(
                initiative,
                initiative.owner,
                actor,
                ASSIGNED,
                _("“%(title)s” is yours now") % {"title": initiative.title},
                _("Start it, report how far it is, or say what is in the way."),
            )
        if after.waits_for_id and _asks_anew(before, after):
            _tell(
                initiative,
                initiative.waits_for,
                actor,
                BLOCKED_ON_YOU,
                _("“%(title)s” waits for you") % {"title": initiative.title},
                _("Read what is in the way, and help it on."),
            )


def _asks_anew(before: Standing, after: Standing) -> bool:
    return (after.waits_for_id, after.blocked_because) != (
        before.waits_for_id,
        before.blocked_because,
    )


def _tell(
    initiative: PlannedInitiative,
    person: User | None,
    actor: User | None,
    kind: str,
    title: str,
    text: str,
) -> None:
    if person is not None:
        notify(
            organization=initiative.roadmap.organization,
            people=[person],
            kind=kind,
            title=title[:300],
            text=text,
            path=path_of(initiative),
            actor=actor,
        )

"""Every night, once in each organization's own night: ask for the forecast of its roadmap.

The clock asks every hour, because it is night at another hour in each time zone. The turn is taken
by the day where the organization is, at the first hour at or after two: so a night without a two
o'clock has its forecast at three, one with two of them has one, and a server that slept at two
makes up for it when it wakes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.models import Organization
from jobs.models import Turn
from jobs.turns import take_turn
from roadmap.enums import ForecastCause, InitiativeStatus
from roadmap.models import PlannedInitiative, Roadmap
from roadmap.services.following.asking import forecast_ask
from roadmap.services.roadmaps import current_roadmap

FIRST_HOUR = 2


def roadmaps_follow(now: datetime) -> int:
    """How many forecasts were asked for; asked again the same night, or by two clocks, none."""
    return sum(_follow(organization, key) for organization, key in list(_due(now)))


def _due(now: datetime) -> Iterable[tuple[Organization, str]]:
    """Whose night it is, and who has not had it yet: two queries, however many there are."""
    keys = {}
    for organization in Organization.objects.filter(roadmaps__isnull=False).distinct():
        local = now.astimezone(organization.zone)
        if local.hour >= FIRST_HOUR:
            keys[f"follow:{organization.pk}:{local.date().isoformat()}"] = organization
    known = Turn.objects.filter(key__startswith="follow:", key__in=keys)
    taken = set(known.values_list("key", flat=True))
    return ((organization, key) for key, organization in keys.items() if key not in taken)


@transaction.atomic
def _follow(organization: Organization, key: str) -> bool:
    if not take_turn(key, organization):
        return False
    roadmap = current_roadmap(organization)
    if roadmap is None or not is_under_way(roadmap):
        return False
    return forecast_ask(roadmap=roadmap, cause=ForecastCause.NIGHT) is not None


def is_under_way(roadmap: Roadmap) -> bool:
    """Whether anything of it is still to be done."""
    open_states = (InitiativeStatus.NOT_STARTED, InitiativeStatus.IN_PROGRESS)
    return PlannedInitiative.objects.filter(roadmap=roadmap, status__in=open_states).exists()

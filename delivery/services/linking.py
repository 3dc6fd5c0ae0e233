"""Which deployment an incident or a change belongs to, in whichever order they arrive.

That an incident was caused by a deployment is only proposed by its source; a person confirms it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Case, OuterRef, Subquery, Value, When
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from delivery.enums import LinkState
from delivery.models import Change, Deployment, Incident, System
from delivery.services import daily

JUDGED = (LinkState.CONFIRMED, LinkState.REJECTED)


def link_named(system: System, rows: Sequence[Any], zone: ZoneInfo) -> set[date]:
    """Give rows the deployment they name; the days of the deployments they had and have."""
    wanted = {row.deployment_external_id for row in rows} - {""}
    found: dict[str, Deployment] = {}
    if wanted:
        named = Deployment.objects.filter(system=system, external_id__in=wanted)
        found = {deployment.external_id: deployment for deployment in named}
    days: set[date] = set()
    for row in rows:
        before = row.deployment if row.deployment_id else None
        if not (isinstance(row, Incident) and _is_settled(row)):
            row.deployment = found.get(row.deployment_external_id)
            if isinstance(row, Incident):
                row.link = LinkState.PROPOSED if row.deployment else LinkState.NONE
                row.link_by, row.link_at = None, None
        for deployment in (before, row.deployment):
            if deployment is not None:
                days.add(daily.day_of(deployment.deployed_at, zone))
    return days


def _is_settled(incident: Incident) -> bool:
    """A person's word on a link stands; a cause they denied is proposed anew by another name."""
    if incident.link == LinkState.REJECTED and incident.deployment is not None:
        return incident.deployment.external_id == incident.deployment_external_id
    return incident.link in JUDGED and incident.deployment_external_id != ""


def link_waiting(system: System, new: Sequence[Deployment], zone: ZoneInfo) -> set[date]:
    """Give new deployments what named them before they were known."""
    names = [deployment.external_id for deployment in new]
    if not names:
        return set()
    waiting = {"system": system, "deployment": None, "deployment_external_id__in": names}
    changes = Change.objects.filter(**waiting)
    days = {daily.day_of(at, zone) for at in changes.values_list("deployed_at", flat=True)}
    named = Deployment.objects.filter(
        system=system, external_id=OuterRef("deployment_external_id")
    ).values("pk")[:1]
    if days:
        changes.update(deployment=Subquery(named))
    Incident.objects.filter(**waiting).update(
        deployment=Subquery(named),
        link=Case(When(link=LinkState.NONE, then=Value(LinkState.PROPOSED.value)), default="link"),
    )
    return days


class NoSuchCause(ValueError):
    """There is no deployment to confirm."""


@transaction.atomic
def link_judge(
    *, incident: Incident, user: User, is_cause: bool, deployment: Deployment | None = None
) -> Incident:
    """A person says whether a deployment caused the incident; `deployment`: another than named.

    Raises:
        NoSuchCause: the incident has no deployment and none of its system was given.
    """
    # In the order of `store`: first the system, then what belongs to it.
    system = (
        System.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organization")
        .get(pk=incident.system_id)
    )
    locked = Incident.objects.select_related("deployment").get(pk=incident.pk)
    before = locked.deployment
    if deployment is not None:
        locked.deployment = deployment
        locked.deployment_external_id = deployment.external_id
    cause = locked.deployment
    if cause is None or cause.system_id != system.pk:
        raise NoSuchCause
    locked.link = LinkState.CONFIRMED if is_cause else LinkState.REJECTED
    locked.link_by, locked.link_at = user, timezone.now()
    locked.save(
        update_fields=["deployment", "deployment_external_id", "link", "link_by", "link_at"]
    )
    zone = system.organization.zone
    days = {daily.day_of(cause.deployed_at, zone)}
    if before is not None:
        days.add(daily.day_of(before.deployed_at, zone))
    daily.mark(system, days, hint=True)
    record(
        organization=system.organization,
        actor=user,
        verb="incident.cause_confirmed" if is_cause else "incident.cause_denied",
        target=locked,
        detail={
            "system": system.name,
            "system_id": system.pk,
            "deployment": cause.external_id,
        },
    )
    return locked

"""Writing to the append-only record of who did what."""

from typing import Any

from django.db import models

from accounts.models import AuditEntry, Organization, User


def record(
    *,
    organization: Organization,
    actor: User | None,
    verb: str,
    target: models.Model | None = None,
    detail: dict[str, Any] | None = None,
    name: str = "",
) -> AuditEntry:
    """Add one entry. Call it inside the transaction that does the thing recorded.

    `name`: what to call the target for readers; its own words without it.
    """
    return AuditEntry.objects.create(
        organization=organization,
        actor=actor,
        actor_name=str(actor)[:254] if actor else "",
        verb=verb,
        target_type=target._meta.label_lower if target else "",
        target_id=str(target.pk) if target else "",
        target_name=(name or str(target if target else ""))[:200],
        detail=detail or {},
    )

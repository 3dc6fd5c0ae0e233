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
) -> AuditEntry:
    """Add one entry. Call it inside the transaction that does the thing recorded."""
    return AuditEntry.objects.create(
        organization=organization,
        actor=actor,
        actor_name=str(actor)[:254] if actor else "",
        verb=verb,
        target_type=target._meta.label_lower if target else "",
        target_id=str(target.pk) if target else "",
        target_name=str(target)[:200] if target else "",
        detail=detail or {},
    )

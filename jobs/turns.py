"""Scheduled work that must happen once, however many clocks ask for it.

with transaction.atomic():
    if take_turn(f"digest:{person.pk}:{day}", organization):
        …                      # what belongs to the turn, in the same transaction
"""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Organization
from jobs.models import Turn

KEPT = timedelta(days=400)


def take_turn(key: str, organization: Organization | None = None) -> bool:
    """Whether the turn is ours; call it in the transaction that does the work.

    If that transaction fails the turn is free again.
    """
    if Turn.objects.filter(key=key).exists():
        return False
    try:
        with transaction.atomic():
            Turn.objects.create(key=key, organization=organization)
    except IntegrityError:
        return False
    return True


def turns_prune() -> int:
    """Forget turns of long ago; how many there were."""
    deleted, _details = Turn.objects.filter(taken_at__lt=timezone.now() - KEPT).delete()
    return deleted

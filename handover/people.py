"""From names to people: who accepts an invitation to an archive's address gets back what is theirs.

Only then: an archive may name whom it likes, and nobody's account may be touched by a file.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import AuditEntry, Membership, Organization, User
from accounts.services import holds_address
from handover.models import CarriedPerson
from handover.parts import CARRIED


def new_name(organization: Organization, told: dict[str, Any]) -> CarriedPerson:
    """A name without an account: inactive, without password, at an address nobody has."""
    user = User(
        email=f"carried-{uuid4().hex}@people.invalid",
        name=(told["name"] or "?")[:150],
        is_active=False,
    )
    user.set_unusable_password()
    user.save()
    return CarriedPerson.objects.create(
        organization=organization,
        user=user,
        name=told["name"],
        email=told["email"],
        role=told["role"],
    )


def on_membership(instance: Membership, created: bool, **_ignored: Any) -> None:
    if created:
        match(instance.organization, instance.user)


def match(organization: Organization, user: User) -> bool:
    """Give the person what the archive tells of their address, in this organization only."""
    waiting = CarriedPerson.objects.filter(organization=organization, matched_at=None)
    found = next((one for one in waiting.exclude(email="") if holds_address(user, one.email)), None)
    if found is None:
        return False
    with transaction.atomic():
        name = found.user
        _give(organization, name, user)
        found.user, found.matched_at = user, timezone.now()
        found.save(update_fields=["user", "matched_at"])
        record(organization=organization, actor=user, verb="handover.matched")
    return True


def _give(organization: Organization, name: User, user: User) -> None:
    for part in CARRIED:
        if part.model is AuditEntry:
            # Never written again; it tells the name of the time anyway.
            continue
        rows = part.model._base_manager.filter(**{part.owner: organization.pk})
        for field in part.fields:
            if field.is_relation and field.related_model is User:
                _move(part.model._base_manager.filter(pk__in=_ids(rows, field, name)), field, user)
        for many in part.lists:
            for row in rows.filter(**{many.name: name}):
                getattr(row, many.name).remove(name)
                getattr(row, many.name).add(user)


def _ids(rows: models.QuerySet, field: models.Field, name: User) -> list[int]:
    return list(rows.filter(**{field.name: name}).values_list("pk", flat=True))


def _move(rows: models.QuerySet, field: models.Field, user: User) -> None:
    for pk in list(rows.values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                rows.model._base_manager.filter(pk=pk).update(**{field.name: user})
        except IntegrityError:
            # They have said something of their own there already; the older word keeps its name.
            continue

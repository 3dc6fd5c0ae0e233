"""From names to people: who accepts an invitation to an archive's address gets back what is theirs.

Only then: an archive may name whom it likes, and nobody's account may be touched by a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import AuditEntry, Membership, Organization, User
from accounts.services import addresses_of
from handover.models import CarriedPerson
from handover.parts import CARRIED, Part
from handover.references import changed_at
from handover.rows import column_of

LONGEST_NAME = 150


def new_names(organization: Organization, told: Mapping[int, dict[str, Any]]) -> dict[int, int]:
    """Names without an account: inactive, without password, at addresses nobody has.

    Their numbers in the archive → their numbers here.
    """
    users = User.objects.bulk_create(
        User(
            email=f"carried-{uuid4().hex}@people.invalid",
            name=(one["name"] or "?")[:LONGEST_NAME],
            password=make_password(None),
            is_active=False,
        )
        for one in told.values()
    )
    CarriedPerson.objects.bulk_create(
        (
            CarriedPerson(organization=organization, user=user, **one)
            for user, one in zip(users, told.values(), strict=True)
        ),
        batch_size=500,
    )
    return {old: user.pk for old, user in zip(told, users, strict=True)}


def on_membership(instance: Membership, created: bool, **_ignored: Any) -> None:
    if created:
        match(instance.organization, instance.user)


def match(organization: Organization, user: User) -> bool:
    """Give the person what the archive tells of their addresses, in this organization only."""
    waiting = CarriedPerson.objects.filter(organization=organization, matched_at=None)
    if not waiting.exists():
        return False
    theirs = list(waiting.filter(email__in=addresses_of(user)).select_related("user"))
    if not theirs:
        return False
    with transaction.atomic():
        for found in theirs:
            _give(organization, found.user, user)
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
                _move(rows, field, name, user)
        for many in part.lists:
            for row in rows.filter(**{many.name: name}):
                getattr(row, many.name).remove(name)
                getattr(row, many.name).add(user)
        if part.people:
            _move_inside(rows, part, name, user)


def _move(rows: models.QuerySet, field: models.Field, name: User, user: User) -> None:
    """All at once; one by one only where the person has said something here already."""
    every = rows.model._base_manager
    numbers = list(rows.filter(**{field.name: name}).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(numbers), 500):
        some = numbers[start : start + 500]
        try:
            with transaction.atomic():
                every.filter(pk__in=some).update(**{field.name: user})
        except IntegrityError:
            for pk in some:
                # Their own newer word stands; the older one keeps its name.
                with suppress(IntegrityError), transaction.atomic():
                    every.filter(pk=pk).update(**{field.name: user})


def _move_inside(rows: models.QuerySet, part: Part, name: User, user: User) -> None:
    """Numbers of people inside JSON, as in the words of a settlement."""
    for column in dict.fromkeys(column_of(path) for path in part.people):
        for pk, value in rows.values_list("pk", column).iterator(chunk_size=500):
            told = {column: value}
            for path in part.people:
                told = changed_at(told, path, lambda one: user.pk if one == name.pk else one)
            if told[column] != value:
                rows.model._base_manager.filter(pk=pk).update(**told)

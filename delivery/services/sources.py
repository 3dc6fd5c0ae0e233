"""Tools that send webhooks: connecting, naming, renewing the secret, ending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Organization, User
from accounts.secret_addresses import new_nonce, secret_of, token_of
from delivery.intake import door
from delivery.models import Source, System

OLD_SECRET_GOOD_FOR = timedelta(hours=24)
MOST_NAMES = 200


class SourceInvalid(ValueError):
    """Input that cannot be saved; the message says what to do."""


def source_token(source: Source) -> str:
    return token_of(door.ADDRESS, source.nonce)


def source_secret(source: Source) -> str:
    return secret_of(door.ADDRESS, source.secret_nonce)


@transaction.atomic
def source_create(
    *,
    organization: Organization,
    user: User | None,
    name: str,
    kind: str,
    system: System | None = None,
    production: Sequence[str] = (),
) -> Source:
    source = Source.objects.create(
        organization=organization,
        name=name,
        kind=kind,
        system=system,
        production=_names(production),
        created_by=user,
    )
    detail = {"kind": kind, "system": system.name if system else ""}
    record(
        organization=organization, actor=user, verb="source.created", target=source, detail=detail
    )
    return source


@transaction.atomic
def source_update(
    *,
    source: Source,
    user: User | None,
    name: str,
    system: System | None,
    production: Sequence[str],
    systems: Mapping[str, str],
) -> Source:
    """Name it anew, and say which of the tool's names are which systems. Nothing changed, nothing
    is recorded.

    Raises:
        SourceInvalid: too many names.
    """
    if len(systems) > MOST_NAMES:
        raise SourceInvalid(_("A source can name up to %s projects.") % MOST_NAMES)
    source = Source.objects.select_for_update().get(pk=source.pk)
    wanted: dict[str, Any] = {
        "name": name,
        "system": system,
        "production": _names(production),
        "systems": dict(sorted(systems.items())),
    }
    changed = [field for field, value in wanted.items() if getattr(source, field) != value]
    if not changed:
        return source
    before = {field: _told(getattr(source, field)) for field in changed}
    for field in changed:
        setattr(source, field, wanted[field])
    source.save(update_fields=changed)
    record(
        organization=source.organization,
        actor=user,
        verb="source.changed",
        target=source,
        detail={"before": before, "after": {field: _told(wanted[field]) for field in changed}},
    )
    return source


def _told(value: Any) -> Any:
    return value.name if isinstance(value, System) else value


def _names(names: Sequence[str]) -> list[str]:
    return sorted({name.strip().casefold()[:60] for name in names if name.strip()})[:50]


@transaction.atomic
def source_renew(*, source: Source, user: User | None) -> Source:
    """A new secret; the one before stays good for a day, so that no event is refused meanwhile."""
    source = Source.objects.select_for_update().get(pk=source.pk)
    now = timezone.now()
    source.old_secret_nonce, source.secret_nonce = source.secret_nonce, new_nonce()
    source.old_secret_until, source.renewed_at = now + OLD_SECRET_GOOD_FOR, now
    source.save(
        update_fields=["old_secret_nonce", "secret_nonce", "old_secret_until", "renewed_at"]
    )
    record(organization=source.organization, actor=user, verb="source.renewed", target=source)
    transaction.on_commit(lambda: door.forget(source.nonce))
    return source


@transaction.atomic
def source_drop_old_secret(*, source: Source, user: User | None) -> Source:
    """The secret before is good no longer: it may have become known."""
    source = Source.objects.select_for_update().get(pk=source.pk)
    if source.old_secret_nonce:
        source.old_secret_nonce, source.old_secret_until = "", None
        source.save(update_fields=["old_secret_nonce", "old_secret_until"])
        verb = "source.old_secret_dropped"
        record(organization=source.organization, actor=user, verb=verb, target=source)
    transaction.on_commit(lambda: door.forget(source.nonce))
    return source


@transaction.atomic
def source_end(*, source: Source, user: User | None) -> Source:
    """Take nothing from it any more. What it sent stays."""
    source = Source.objects.select_for_update().get(pk=source.pk)
    if source.ended_at is None:
        source.ended_at = timezone.now()
        source.save(update_fields=["ended_at"])
        record(organization=source.organization, actor=user, verb="source.ended", target=source)
    transaction.on_commit(lambda: door.forget(source.nonce))
    return source

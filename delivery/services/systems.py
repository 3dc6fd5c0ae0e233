"""The systems whose delivery is watched."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Organization, User
from delivery.models import System
from delivery.services import daily

FIELDS = (
    "name",
    "key",
    "tier",
    "is_vendor_managed",
    "note",
    "baselines",
    "targets",
    "fix_limits",
)


class SystemInvalid(ValueError):
    """Input that cannot be saved. `messages`: field name → what to do."""

    def __init__(self, messages: dict[str, str]) -> None:
        self.messages = messages
        super().__init__("; ".join(messages.values()))


class StaleSystem(Exception):
    """Someone saved other values since this was opened; `current` is theirs."""

    def __init__(self, current: System) -> None:
        self.current = current
        super().__init__(f"{current} was changed meanwhile")


def fingerprint(system: System) -> str:
    """Of what can be edited: another one means that somebody saved."""
    values = {name: getattr(system, name) for name in FIELDS}
    text = json.dumps(values, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@transaction.atomic
def system_create(
    *, organization: Organization, user: User | None, name: str, key: str = "", **values: Any
) -> System:
    """Watch a system. Without a key one is made of its name.

    Raises:
        SystemInvalid: no name, or another system of the organization has this key.
    """
    name = name.strip()
    if not name:
        raise SystemInvalid({"name": _("Give the system a name.")})
    system = System(
        organization=organization,
        name=name,
        key=key or free_key(organization, name),
        created_by=user,
        **_known(values),
    )
    _save(system)
    record(organization=organization, actor=user, verb="system.created", target=system)
    return system


@transaction.atomic
def system_update(
    *, system: System, user: User | None, seen: str | None = None, **values: Any
) -> System:
    """Change what is given; nothing is recorded where nothing changes. `seen`: the fingerprint of
    what the person saw.

    Raises:
        SystemInvalid: no name, or another system of the organization has this key.
        StaleSystem: somebody saved meanwhile.
    """
    locked = System.objects.select_for_update(of=("self",), no_key=True).select_related(
        "organization"
    )
    system = locked.get(pk=system.pk)
    if seen is not None and seen != fingerprint(system):
        raise StaleSystem(system)
    known = _known(values)
    changed = sorted(name for name, value in known.items() if getattr(system, name) != value)
    if not changed:
        return system
    before = {name: getattr(system, name) for name in changed}
    for name in changed:
        setattr(system, name, known[name])
    if not system.name.strip():
        raise SystemInvalid({"name": _("Give the system a name.")})
    _save(system)
    if "is_vendor_managed" in changed:
        # Its lead times begin elsewhere now.
        daily.rebuild(system)
    record(
        organization=system.organization,
        actor=user,
        verb="system.changed",
        target=system,
        detail=_changes(before, known),
    )
    return system


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Field → [before, after]; aims by metric, so that the history names the one that changed, and
    of notes only how long they are: they may hold what has to be removed again.
    """
    detail: dict[str, Any] = {}
    for name, old in before.items():
        new = after[name]
        if not isinstance(old, dict):
            detail[name] = [_without_words(name, old), _without_words(name, new)]
            continue
        for key in sorted(set(old) | set(new)):
            if old.get(key) != new.get(key):
                pair = [_without_words(key, values.get(key)) for values in (old, new)]
                detail[f"{name}.{key}"] = pair
    return detail


def _without_words(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_words(key, part) for key, part in value.items()}
    return {"characters": len(value)} if name == "note" and value else value


def system_end(*, system: System, user: User | None) -> System:
    """Watch it no longer. Its records stay and count in nothing current."""
    return _set_end(system, user, is_ended=True)


def system_resume(*, system: System, user: User | None) -> System:
    return _set_end(system, user, is_ended=False)


@transaction.atomic
def _set_end(system: System, user: User | None, *, is_ended: bool) -> System:
    locked = System.objects.select_for_update(of=("self",), no_key=True).select_related(
        "organization"
    )
    system = locked.get(pk=system.pk)
    if (system.ended_at is not None) != is_ended:
        system.ended_at = timezone.now() if is_ended else None
        system.save(update_fields=["ended_at"])
        verb = "system.ended" if is_ended else "system.resumed"
        record(organization=system.organization, actor=user, verb=verb, target=system)
    return system


def free_key(organization: Organization, name: str) -> str:
    """A key made of a name that no system of the organization has."""
    base = slugify(name)[:70] or "system"
    taken = set(organization.systems.filter(key__startswith=base).values_list("key", flat=True))
    key, number = base, 2
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    return key


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := set(values) - set(FIELDS):
        raise TypeError(f"A system has no {', '.join(sorted(unknown))}.")
    return dict(values)


def _save(system: System) -> None:
    try:
        with transaction.atomic():
            system.save()
    except IntegrityError:
        message = _("Another system has this short name. Choose one of its own.")
        raise SystemInvalid({"key": message}) from None

"""Records that people enter: told like those of tools, so that all follow the same rules."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.db import transaction

from accounts.audit import record as audit
from accounts.models import User
from delivery.domain.records import (
    ChangeRecord,
    CoverageRecord,
    DeploymentRecord,
    IncidentRecord,
    Record,
    VulnerabilityRecord,
)
from delivery.domain.telling import names_of
from delivery.enums import Origin
from delivery.models import Change, Coverage, Deployment, Incident, System, Vulnerability
from delivery.services.records import COLUMNS, store

RECORDS: dict[str, type[Record]] = {
    "deployment": DeploymentRecord,
    "incident": IncidentRecord,
    "change": ChangeRecord,
    "vulnerability": VulnerabilityRecord,
    "coverage": CoverageRecord,
}
MODELS: dict[str, Any] = {
    "deployment": Deployment,
    "incident": Incident,
    "change": Change,
    "vulnerability": Vulnerability,
    "coverage": Coverage,
}
# What an emptied field of a form empties, where the record can tell so.
CLEARABLE = {
    "deployment": ("committed_at", "version", "url"),
    "incident": ("resolved_at", "title", "deployment", "url"),
    "change": (
        *("ticket", "opened_at", "author", "approver", "approved_at", "test_evidence"),
        "deployment",
    ),
    "vulnerability": ("title", "fixed_at", "dismissed_at", "dismissed_because"),
    "coverage": ("tool",),
}


# Somebody's own words may turn out to hold what has to be removed, and the history keeps for ever.
OWN_WORDS = frozenset({"title", "dismissed_because", "test_evidence"})


class IdTaken(ValueError):
    """The system has another record of this kind with the id."""


class StaleRecord(Exception):
    """The record says something else than when the form was opened; `current` is what it says."""

    def __init__(self, current: Any) -> None:
        self.current = current
        super().__init__(f"{current} was changed meanwhile")


def said_by(kind: str, row: Any) -> dict[str, Any]:
    """What a record says, by field."""
    return {name: getattr(row, COLUMNS.get(name, name)) for name in names_of(RECORDS[kind])}


def for_history(name: str, value: Any) -> Any:
    """A fact as the history keeps it: of somebody's own words only how many there were."""
    if value is None or value == "":
        return None
    if name in OWN_WORDS:
        return {"characters": len(value)}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    return value if isinstance(value, bool | int) else str(value)


def history_name(name: str) -> str:
    """`kind` says there which records these are, and a `version` is a row's and hidden."""
    return {"kind": "change_kind", "version": "release"}.get(name, name)


def fingerprint(kind: str, row: Any) -> str:
    """Of what a record says: another one means that somebody or a tool said something else."""
    said = [(name, str(value)) for name, value in said_by(kind, row).items()]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def locked_record(kind: str, row: Any, seen: str | None) -> Any:
    """The record as it stands, behind the lock that `store` takes. `seen`: the fingerprint of what
    the person saw.

    Raises:
        StaleRecord: it says something else by now.
    """
    System.objects.select_for_update(of=("self",), no_key=True).get(pk=row.system_id)
    found = MODELS[kind].objects.select_related("system__organization")
    current = found.get(pk=row.pk)
    if seen is not None and seen != fingerprint(kind, current):
        raise StaleRecord(current)
    return current


@transaction.atomic
def record_enter(*, system: System, user: User, kind: str, said: Mapping[str, Any]) -> Any:
    """Keep a new record. Without an id one is made.

    Raises:
        IdTaken: to enter it anew would change another record unseen.
    """
    external_id = said.get("external_id") or f"entered-{uuid4().hex[:16]}"
    System.objects.select_for_update().get(pk=system.pk)
    if MODELS[kind].objects.filter(system=system, external_id=external_id).exists():
        raise IdTaken(external_id)
    return _tell(system, user, kind, external_id, said, "record.entered")


@transaction.atomic
def record_change(
    *, row: Any, user: User, kind: str, said: Mapping[str, Any], seen: str | None = None
) -> Any:
    """What a person says now counts from now on; a tool that tells it anew is newer still.

    Raises:
        StaleRecord: somebody or a tool said something else since `seen`.
    """
    row = locked_record(kind, row, seen)
    before = said_by(kind, row)
    return _tell(row.system, user, kind, row.external_id, said, "record.changed", before)


def _tell(
    system: System,
    user: User,
    kind: str,
    external_id: str,
    said: Mapping[str, Any],
    verb: str,
    before: Mapping[str, Any] | None = None,
) -> Any:
    values = {name: value for name, value in said.items() if name != "external_id"}
    if kind == "deployment":
        values["environment"] = values.get("environment") or "production"
        values["is_by_ticket"] = system.is_vendor_managed and bool(values.get("committed_at"))
    clears = frozenset(name for name in CLEARABLE[kind] if not values.get(name))
    told: Any = RECORDS[kind](external_id=external_id, clears=clears, **values)
    stored = store(system, [told], origin=Origin.FORM, user=user)
    row = stored.rows[0]
    if stored.created or stored.updated:
        audit(
            organization=system.organization,
            actor=user,
            verb=verb,
            target=row,
            name=f"{system.name}: {row}",
            detail={"kind": kind, "system": system.name}
            | _changes(before or {}, said_by(kind, row)),
        )
    return row


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Field → [before, after] of what changed; nothing for a new record."""
    return {
        history_name(name): [for_history(name, old), for_history(name, after[name])]
        for name, old in before.items()
        if old != after[name]
    }

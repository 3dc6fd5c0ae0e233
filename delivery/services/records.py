"""Keeping what happened: told by forms, files and webhooks, late, twice or in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.utils import timezone

from accounts.models import User
from delivery.domain.records import (
    ChangeRecord,
    CoverageRecord,
    DeploymentRecord,
    IncidentRecord,
    Record,
    VulnerabilityRecord,
)
from delivery.domain.telling import Known, fresh, listen, moment, names_of
from delivery.enums import Origin
from delivery.models import (
    Change,
    Coverage,
    Deployment,
    Incident,
    Source,
    System,
    Vulnerability,
)
from delivery.services import daily, linking

# Deployments first: what names one then finds it.
MODELS: dict[type[Record], type[models.Model]] = {
    DeploymentRecord: Deployment,
    IncidentRecord: Incident,
    ChangeRecord: Change,
    VulnerabilityRecord: Vulnerability,
    CoverageRecord: Coverage,
}
# The field of a record → the column that keeps it, where they differ.
COLUMNS = {"deployment": "deployment_external_id"}
# When a row counts for a day: the moments that name its days.
COUNTED_AT: dict[type[models.Model], str] = {
    Deployment: "deployed_at",
    Incident: "opened_at",
    Change: "deployed_at",
    Vulnerability: "fixed_at",
    Coverage: "measured_at",
}
ID_LENGTH = 200


@dataclass(frozen=True)
class Stored:
    """What became of records. `rows`: one for each record, in their order."""

    created: int
    updated: int
    unchanged: int
    rows: tuple[Any, ...]


@dataclass
class _Telling:
    """Who tells, and what has come of it so far."""

    system: System
    origin: str
    source: Source | None
    user: User | None
    now: datetime
    zone: ZoneInfo
    days: set[date] = field(default_factory=set)
    outcome: Counter[str] = field(default_factory=Counter)
    rows: dict[tuple[type[Record], str], Any] = field(default_factory=dict)


def store(
    system: System,
    records: Iterable[Record],
    *,
    origin: str,
    source: Source | None = None,
    user: User | None = None,
) -> Stored:
    """Keep what is told about a system; the same again changes nothing.

    A record is known by its external id. Late messages never undo newer ones, and what a message
    leaves empty stays (delivery/domain/telling.py). The days whose figures change are marked in
    the same transaction.
    """
    told = list(records)
    for record in told:
        if not 0 < len(record.external_id) <= ID_LENGTH:
            raise ValueError(f"An id of 1 to {ID_LENGTH} characters is needed.")
    with transaction.atomic():
        # One at a time for a system: two workers may hold messages about the same record.
        locked = System.objects.select_for_update(of=("self",), no_key=True).select_related(
            "organization"
        )
        system = locked.get(pk=system.pk)
        telling = _Telling(system, origin, source, user, timezone.now(), system.organization.zone)
        for kind in MODELS:
            if batch := [record for record in told if type(record) is kind]:
                _store_kind(telling, kind, batch)
        daily.mark(system, telling.days, hint=origin == Origin.FORM)
    rows = tuple(telling.rows[type(record), record.external_id] for record in told)
    outcome = telling.outcome
    return Stored(outcome["created"], outcome["updated"], outcome["unchanged"], rows)


def _store_kind(telling: _Telling, kind: type[Record], batch: Sequence[Record]) -> None:
    model = MODELS[kind]
    names = {record.external_id for record in batch}
    manager: Any = model._default_manager
    found = manager.filter(system=telling.system, external_id__in=names)
    if kind in (IncidentRecord, ChangeRecord):
        found = found.select_related("deployment")
    rows = {row.external_id: row for row in found}
    known = {name: _known(kind, row) for name, row in rows.items()}
    before = {name: state.values for name, state in known.items()}
    told_before = {name: state.told for name, state in known.items()}
    for record in sorted(batch, key=lambda record: moment(record.told_at or telling.now)):
        state = known.get(record.external_id) or fresh(kind)
        known[record.external_id] = listen(state, record, telling.now)
    new = {name for name in known if name not in rows}
    changed = {name for name in rows if known[name].values != before[name]}
    newly_told = {name for name in rows if known[name].told != told_before[name]}
    for name in new | changed | newly_told:
        _mark_row(telling, rows.get(name), model)
        rows[name] = _fill(telling, rows.get(name) or _begin(telling, model, name), known[name])
        _mark_row(telling, rows[name], model)
    touched = [rows[name] for name in known if name in new | changed | newly_told]
    if kind in (IncidentRecord, ChangeRecord):
        telling.days |= linking.link_named(telling.system, touched, telling.zone)
    _write(model, kind, touched)
    if kind is DeploymentRecord:
        telling.days |= linking.link_waiting(
            telling.system, [rows[name] for name in new], telling.zone
        )
    telling.outcome.update(
        created=len(new), updated=len(changed), unchanged=len(rows) - len(new) - len(changed)
    )
    for name, row in rows.items():
        telling.rows[kind, name] = row


def _column(name: str) -> str:
    return COLUMNS.get(name, name)


def _known(kind: type[Record], row: Any) -> Known:
    return Known({name: getattr(row, _column(name)) for name in names_of(kind)}, dict(row.told))


def _begin(telling: _Telling, model: type[models.Model], name: str) -> Any:
    """Who told of it first is kept: where a record came from."""
    return model(
        system=telling.system,
        external_id=name,
        origin=telling.origin,
        source=telling.source,
        entered_by=telling.user,
    )


def _fill(telling: _Telling, row: Any, state: Known) -> Any:
    for name, value in state.values.items():
        column = row._meta.get_field(_column(name))
        if isinstance(column, models.CharField):
            value = (value or "")[: column.max_length]
        setattr(row, column.name, value)
    row.told = dict(state.told)
    return row


def _mark_row(telling: _Telling, row: Any, model: type[models.Model]) -> None:
    """The days for which a row counts as it stands."""
    if row is None:
        return
    at = getattr(row, COUNTED_AT[model])
    if at is not None:
        telling.days.add(daily.day_of(at, telling.zone))


def _write(model: type[models.Model], kind: type[Record], rows: Sequence[Any]) -> None:
    """Insert and update in one statement for many rows."""
    columns = [_column(name) for name in names_of(kind)] + ["told", "changed_at"]
    if kind in (IncidentRecord, ChangeRecord):
        columns.append("deployment")
    if kind is IncidentRecord:
        columns += ["link", "link_by", "link_at"]
    for row in rows:
        # By the unique name alone: the key of an existing row would be a second conflict.
        row.pk = None
    manager: Any = model._default_manager
    manager.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["system", "external_id"],
        update_fields=columns,
        batch_size=1000,
    )

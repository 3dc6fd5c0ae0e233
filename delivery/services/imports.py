"""Files of records: kept until a person has seen what they would bring, then stored."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Organization, User
from delivery.domain.files.coverage import CoverageFound
from delivery.domain.files.table import FileProblem, Found, Reading, read_table
from delivery.domain.records import CoverageRecord, Record
from delivery.enums import Origin
from delivery.intake.csv_cells import read_cells
from delivery.models import RecordUpload, System
from delivery.services.records import Stored, store

# Each lot in a transaction of its own: others write in between, and a second try adds nothing.
ROWS_AT_ONCE = 1000
KEPT_UNTAKEN = timedelta(days=2)


class ImportRefused(ValueError):
    """It cannot be imported as it stands; the message says what to do."""


@dataclass(frozen=True)
class Imported:
    created: int
    updated: int
    unchanged: int


def upload_keep(
    *,
    organization: Organization,
    user: User,
    kind: str,
    system: System | None,
    content: bytes,
    file_name: str,
) -> RecordUpload:
    """Keep the cells of a file for its preview.

    Raises:
        FileProblem: it cannot be read as a table of this kind.
    """
    cells = read_cells(content, kind)
    read_table(kind, cells.rows, organization.zone, timezone.now())
    name = "".join(mark if mark.isprintable() else " " for mark in file_name)[:200]
    return RecordUpload.objects.create(
        organization=organization,
        kind=kind,
        file_name=name,
        uploaded_by=user,
        content={
            "cells": cells.rows,
            "guessed": cells.guessed,
            "system": system.pk if system else None,
        },
    )


def uploads_prune() -> int:
    """Forget files that nobody imported: cells can hold more than anybody meant to send."""
    old = RecordUpload.objects.filter(created_at__lt=timezone.now() - KEPT_UNTAKEN)
    return old.delete()[0]


@dataclass
class Preview:
    """What a file would bring. `unknown`: names of systems that there are not, with their rows."""

    reading: Reading
    unknown: dict[str, list[int]]
    by_system: dict[System, list[Found]]

    @property
    def count(self) -> int:
        return len(self.reading.rows)

    @property
    def can_import(self) -> bool:
        is_clean = not (self.reading.bad or self.reading.asks_order or self.unknown)
        return is_clean and self.count > 0


def upload_preview(upload: RecordUpload, *, order: str = "") -> Preview:
    organization = upload.organization
    try:
        reading = read_table(
            upload.kind, upload.content["cells"], organization.zone, upload.created_at, order
        )
    except FileProblem as problem:  # cannot be: it was read when it was kept
        raise ImportRefused(str(problem)) from None
    systems = list(System.objects.filter(organization=organization, ended_at=None))
    # Two systems may have one name: then only their short names tell them apart.
    said = Counter(system.name.strip().casefold() for system in systems)
    names = {name: s for s in systems if said[name := s.name.strip().casefold()] == 1}
    names |= {system.key.casefold(): system for system in systems}
    chosen = next((s for s in systems if s.pk == upload.content["system"]), None)
    preview = Preview(reading, defaultdict(list), defaultdict(list))
    for found in reading.rows:
        name = found.system.strip()
        system = names.get(name.casefold()) if name else chosen
        if system is None:
            preview.unknown[name].append(found.row)
        else:
            preview.by_system[system].append(found)
    return preview


def upload_import(*, upload: RecordUpload, user: User, order: str = "") -> Imported:
    """Store what the file says. The same file again changes nothing.

    Raises:
        ImportRefused: cells are bad, a system is not known, or it was imported already.
    """
    if upload.taken_at is not None:
        raise ImportRefused(_("This file was imported already."))
    preview = upload_preview(upload, order=order)
    if not preview.can_import:
        raise ImportRefused(_("Mend what is named below, then choose the file again."))
    created = updated = unchanged = 0
    for system, found in preview.by_system.items():
        for start in range(0, len(found), ROWS_AT_ONCE):
            stored = _store(system, found[start : start + ROWS_AT_ONCE], upload.created_at, user)
            created += stored.created
            updated += stored.updated
            unchanged += stored.unchanged
    with transaction.atomic():
        upload.taken_at = timezone.now()
        upload.content = {"cells": [], "system": upload.content["system"]}
        waiting = RecordUpload.objects.filter(pk=upload.pk, taken_at=None)
        if not waiting.update(taken_at=upload.taken_at, content=upload.content):
            # Somebody sent it twice at once: the same records, but one import.
            raise ImportRefused(_("This file was imported already."))
        record(
            organization=upload.organization,
            actor=user,
            verb="records.imported",
            target=upload,
            detail={
                "kind": upload.kind,
                "file": upload.file_name,
                "created": created,
                "updated": updated,
                "systems": sorted(system.name for system in preview.by_system),
            },
        )
    return Imported(created, updated, unchanged)


def _store(system: System, found: Sequence[Found], at: datetime, user: User) -> Stored:
    # Of an id that comes twice the last row counts: `store` listens in their order.
    records: list[Record] = [each.record for each in found]
    return store(system, records, origin=Origin.FILE, user=user)


@transaction.atomic
def coverage_import(
    *, system: System, user: User, found: CoverageFound, measured_at: datetime, file_name: str
) -> Any:
    """One reading out of a coverage report; the same file again changes nothing."""
    reading = CoverageRecord(
        external_id=found.fingerprint,
        measured_at=measured_at,
        lines_covered=found.covered,
        lines_total=found.total,
        tool=found.tool,
    )
    stored = store(system, [reading], origin=Origin.FILE, user=user)
    if stored.created or stored.updated:
        record(
            organization=system.organization,
            actor=user,
            verb="records.imported",
            target=system,
            detail={"kind": "coverage", "file": file_name[:200], "created": stored.created},
        )
    return stored

"""The history as a file: for an auditor's spreadsheet, and whole with its seals as JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from django.db.models import QuerySet

from accounts.history import told_verb
from accounts.models import AuditEntry, AuditSeal, Organization
from accounts.sealing import newest_seal

BATCH = 500
COLUMNS = ("number", "when", "who", "what", "about", "details", "digest")
# A spreadsheet may take what begins so for a formula: as in assessments/domain/table_file.py.
FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def history_csv(entries: QuerySet[AuditEntry]) -> Iterator[str]:
    """Lines of a CSV file; moments in UTC, details as JSON."""
    yield "﻿" + _row(COLUMNS)
    for entry, seal in _with_seals(entries):
        yield _row(
            [
                str(seal.number) if seal else "",
                _moment(entry),
                entry.actor_name,
                told_verb(entry.verb),
                entry.target_name,
                json.dumps(entry.detail, sort_keys=True, ensure_ascii=False),
                seal.digest if seal else "",
            ]
        )


def history_json(organization: Organization, entries: QuerySet[AuditEntry]) -> Iterator[str]:
    """One JSON document, with what `audit_verify --against` asks for; the whole history, without
    filters, holds all that its digests cover.
    """
    newest = newest_seal(organization)
    head = {
        "organization": organization.slug,
        "organization_id": organization.pk,
        "name": organization.name,
        "newest_seal": {"number": newest.number, "digest": newest.digest} if newest else None,
    }
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "entries": ['
    is_first = True
    for entry, seal in _with_seals(entries):
        yield ("" if is_first else ",") + "\n" + json.dumps(_plain(entry, seal), sort_keys=True)
        is_first = False
    yield "\n]}\n"


def _with_seals(
    entries: QuerySet[AuditEntry],
) -> Iterator[tuple[AuditEntry, AuditSeal | None]]:
    before: int | None = None
    while batch := list((entries.filter(pk__lt=before) if before else entries)[:BATCH]):
        seals = AuditSeal.objects.filter(entry_id__in=[entry.pk for entry in batch])
        known = {seal.entry_id: seal for seal in seals}
        for entry in batch:
            yield entry, known.get(entry.pk)
        before = batch[-1].pk


def _plain(entry: AuditEntry, seal: AuditSeal | None) -> dict[str, Any]:
    return {
        "id": entry.pk,
        "number": seal.number if seal else None,
        "digest": seal.digest if seal else None,
        "when": _moment(entry),
        "who": entry.actor_name,
        "verb": entry.verb,
        "target_type": entry.target_type,
        "target_id": entry.target_id,
        "about": entry.target_name,
        "detail": entry.detail,
    }


def _moment(entry: AuditEntry) -> str:
    return entry.created_at.astimezone(UTC).isoformat(timespec="microseconds")


def _row(cells: Any) -> str:
    line = io.StringIO()
    safe = [f"'{cell}" if FORMULA.match(cell) else cell for cell in cells]
    csv.writer(line).writerow(safe)
    return line.getvalue()

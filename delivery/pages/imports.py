"""What the preview of a file shows, as plain values."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments.tables.bad_cells import bad_cells, row_spans
from delivery.domain.files.columns import Column
from delivery.domain.files.moments import DMY
from delivery.domain.files.table import NOTE_WORDS, Found
from delivery.models import RecordUpload
from delivery.services.imports import Preview

SHOWN_ROWS = 8
SHOWN_BAD = 100
_FIELDS = {"id": "external_id", "change_kind": "kind", "rework": "is_rework"}


def preview_page(upload: RecordUpload, preview: Preview) -> dict[str, Any]:
    reading = preview.reading
    columns = [column for column in reading.columns if column.id != "system"]
    found = {row.row: system for system, rows in preview.by_system.items() for row in rows}
    lines = bad_cells(reading.bad)
    return {
        "preview": preview,
        "reading": reading,
        "bad": lines[:SHOWN_BAD],
        "bad_more": len(lines) - SHOWN_BAD if len(lines) > SHOWN_BAD else 0,
        "bad_count": len(reading.bad),
        "columns": columns,
        "rows": [
            (row.row, found.get(row.row), [_cell(row, column) for column in columns])
            for row in reading.rows[:SHOWN_ROWS]
        ],
        "notes": _notes(upload, preview),
        "unknown": [(name, row_spans(rows)) for name, rows in preview.unknown.items()][:50],
        "systems": [(system.name, len(rows)) for system, rows in preview.by_system.items()],
    }


def _cell(row: Found, column: Column) -> str:
    if column.id in ("committed_at", "ticket_opened_at"):
        is_by_ticket = getattr(row.record, "is_by_ticket", False)
        is_other = is_by_ticket != (column.id == "ticket_opened_at")
        value = None if is_other else getattr(row.record, "committed_at", None)
    else:
        value = getattr(row.record, _FIELDS.get(column.id, column.id), None)
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)


def _notes(upload: RecordUpload, preview: Preview) -> list[str]:
    """What a person should know of how the file was read."""
    reading, zone = preview.reading, upload.organization.time_zone
    notes = [_("Times without a zone were read as times of %s.") % zone]
    if guessed := upload.content.get("guessed"):
        notes.append(_("The file does not say its encoding; it was read as %s.") % guessed)
    if reading.order_from:
        order = _("day before month") if reading.order == DMY else _("month before day")
        notes.append(
            _("Dates were read as %(order)s, because “%(text)s” can be nothing else.")
            % {"order": order, "text": reading.order_from}
        )
    for note, count in reading.notes.items():
        notes.append(f"{count} × {NOTE_WORDS[note]}.")
    if reading.derived:
        notes.append(
            _("%s rows have no id; they get one made of what they hold.") % reading.derived
        )
    for first, then, name in reading.repeated[:10]:
        notes.append(
            _("Rows %(first)s and %(then)s say different things of “%(name)s”: the later counts.")
            % {"first": first, "then": then, "name": name[:80]}
        )
    if reading.left_out:
        notes.append(_("Columns that were left out: %s.") % ", ".join(reading.left_out[:20]))
    return notes

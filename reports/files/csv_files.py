"""The plan as CSV files in a zip, one for each table, for whoever counts on with them."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO

from django.utils import translation

from assessments.tables.csv_file import write_csv
from reports.choices import Choices
from reports.files.forms import Made, Tell
from reports.files.tables import Cell, Table, tables
from reports.files.texts import for_xml
from reports.frozen.snapshot import ReportSnapshot


def make(snapshot: ReportSnapshot, choices: Choices, tell: Tell) -> Made:
    with translation.override(snapshot.language):
        found = list(tables(snapshot))
    return Made(zipped({f"{table.name}.csv": _csv(table) for table in found}, snapshot))


def zipped(files: dict[str, bytes], snapshot: ReportSnapshot) -> bytes:
    """A zip with the day of the report on every file: the same files give the same bytes."""
    day = snapshot.generated_on
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            # The format knows no year before 1980.
            info = zipfile.ZipInfo(name, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, body)
    return out.getvalue()


def _csv(table: Table) -> bytes:
    return write_csv([table.head, *([_text(cell) for cell in row] for row in table.rows)])


def _text(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, str):
        # Half a letter, which no file could be written with.
        return for_xml(cell)
    return cell.isoformat() if isinstance(cell, date) else cell

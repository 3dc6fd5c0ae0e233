"""What a workbook is made of, before anything opens it: a zip file of XML.

Its parts are unpacked to nowhere and counted within limits: what a file says of its own size is
not believed.
"""

import io
import re
import zipfile
import zlib

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.domain.table_file import TableFileError

MOST_PARTS = 500
MOST_UNPACKED = 40_000_000
# Of the parts the library reads: it needs a hundred times the time that unpacking takes, so a
# file of a few kilobytes could hold a process for minutes (measured: 79 s, 1.3 GB).
MOST_XML = 16_000_000
MOST_CELLS = 100_000
MOST_CELLS_OF_A_ROW = 500
MOST_STYLES = 20_000
# Rows of a sheet, empty ones with a format included.
MOST_ROWS = 50_000
ADVICE = gettext_lazy(
    "Open it in a spreadsheet program and save it as an Excel workbook (.xlsx) or as CSV."
)


def refused(what: str) -> TableFileError:
    return TableFileError(f"{what} {ADVICE}")


def check_parts(content: bytes) -> bool:
    """Refuse what is no plain workbook; say whether it has formulas."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            _refuse_other_kinds(parts)
            return _unpack_within_limits(parts)
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        zlib.error,
    ) as error:
        # RuntimeError: a part with a password. NotImplementedError: an unusual compression.
        raise refused(_("The workbook is damaged or locked.")) from error


def _refuse_other_kinds(parts: zipfile.ZipFile) -> None:
    entries = parts.infolist()
    names = {entry.filename for entry in entries}
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise TableFileError(_too_large())
    if "xl/vbaProject.bin" in names:
        raise TableFileError(
            _(
                "The workbook holds macros (.xlsm), which Waymark does not take. Save it as an "
                "Excel workbook without macros (.xlsx)."
            )
        )
    if "xl/workbook.bin" in names:
        raise refused(_("This is a binary workbook (.xlsb)."))
    if "mimetype" in names or "content.xml" in names:
        raise refused(_("This is an OpenDocument file (.ods)."))
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise refused(_("This is a zip file, but no Excel workbook."))


def _unpack_within_limits(parts: zipfile.ZipFile) -> bool:
    """Unpack every part to nowhere, counting; say whether a sheet has formulas."""
    total, xml, has_formulas = 0, 0, False
    for entry in parts.infolist():
        found = _Counts()
        with parts.open(entry) as part:
            while block := part.read(256 * 1024):
                total += len(block)
                xml += 0 if entry.filename.startswith("xl/media/") else len(block)
                found.count(block)
                if total > MOST_UNPACKED or xml > MOST_XML or found.is_too_much:
                    raise TableFileError(_too_large())
        is_sheet = entry.filename.startswith("xl/worksheets/")
        has_formulas = has_formulas or (is_sheet and found.formulas > 0)
    return has_formulas


class _Counts:
    """Counts the elements of a part, block by block, without reading it as XML."""

    ELEMENT = re.compile(rb"<(?:\w{1,20}:)?(row|c|f|si|xf|font|fill|border)[\s/>]")

    def __init__(self) -> None:
        self.rows = self.cells = self.formulas = self.others = 0
        self.of_row = 0
        self.tail = b""

    def count(self, block: bytes) -> None:
        # Without zeros the names are found in UTF-16 too. What is cut off at the end of a block
        # is counted with the next one.
        seen = self.tail + block.replace(b"\x00", b"")
        if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
            raise refused(_("The workbook holds what no workbook needs."))
        end = max(seen.rfind(b"<"), len(seen) - 64)
        for element in self.ELEMENT.finditer(seen, 0, end):
            self._add(element[1])
        self.tail = seen[end:]

    def _add(self, name: bytes) -> None:
        if name == b"c":
            self.cells += 1
            self.of_row += 1
        elif name == b"row":
            self.rows += 1
            self.of_row = 0
        elif name == b"f":
            self.formulas += 1
        else:
            self.others += name != b"si"
        if self.is_too_much:
            raise TableFileError(_too_large())

    @property
    def is_too_much(self) -> bool:
        return (
            self.rows > MOST_ROWS
            or self.cells > MOST_CELLS
            or self.of_row > MOST_CELLS_OF_A_ROW
            or self.others > MOST_STYLES
        )


def _too_large() -> str:
    return _(
        "The workbook is too large when unpacked: more than %(size)s MB, %(rows)s rows or "
        "%(cells)s cells. Copy the filled rows alone into a new workbook."
    ) % {
        "size": MOST_XML // 1_000_000,
        "rows": f"{MOST_ROWS:,}",
        "cells": f"{MOST_CELLS:,}",
    }

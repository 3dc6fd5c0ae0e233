"""A CSV file as cells, in whatever encoding and with whatever separator programs write."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from assessments.domain.table_file import TableFileError
from assessments.tables.csv_file import decoded
from delivery.domain.files.columns import find_column
from delivery.domain.files.table import HEADING_ROWS, MOST_ROWS, FileProblem

MOST_BYTES = 10_000_000
MOST_COLUMNS = 200
MOST_CHARACTERS = 20_000
SEPARATORS = ",;\t|"
_OTHER_KINDS = (
    (b"PK", "This is an Excel workbook or a zip file."),
    (b"\xd0\xcf\x11\xe0", "This is an old Excel workbook."),
    (b"%PDF", "This is a PDF file."),
    (b"\x1f\x8b", "This is a packed file."),
)
ADVICE = "Save the table as “CSV UTF-8” and choose it again."


@dataclass(frozen=True)
class Cells:
    """`guessed`: the encoding, where the file does not say it."""

    rows: list[list[str]]
    guessed: str = ""


def read_cells(content: bytes, kind: str) -> Cells:
    """The cells of a CSV file.

    Raises:
        FileProblem: it is no such file; the message says what to do.
    """
    if len(content) > MOST_BYTES:
        raise FileProblem("The file is larger than 10 MB. Import it in parts.")
    for start, what in _OTHER_KINDS:
        if content.startswith(start):
            raise FileProblem(f"{what} {ADVICE}")
    if content.lstrip()[:100].lower().startswith((b"<?xml", b"<html", b"<!doctype", b"<")):
        raise FileProblem(
            "This is a web page or an XML file. Coverage reports are imported further below; for "
            f"all else: {ADVICE}"
        )
    try:
        text, guessed = decoded(content)
    except TableFileError as problem:
        raise FileProblem(str(problem)) from None
    if not text.strip():
        raise FileProblem("The file is empty.")
    text = text.replace("\x00", "")
    first, _line, rest = text.partition("\n")
    told = first.strip().casefold().strip('"')
    if told.startswith("sep=") and len(told) == 5:
        # Excel's own way to say it; the line stays, empty, so that rows keep their numbers.
        return Cells(_rows("\n" + rest, told[4]), guessed)
    separator = max(SEPARATORS, key=lambda mark: _headings(text, mark, kind))
    return Cells(_rows(text, separator), guessed)


def _headings(text: str, separator: str, kind: str) -> tuple[int, int]:
    """How many columns the first lines name if cells are separated so."""
    start = text[:20_000]
    best = 0
    try:
        for number, row in enumerate(csv.reader(io.StringIO(start), delimiter=separator)):
            if number >= HEADING_ROWS:
                break
            best = max(best, len({c.id for cell in row if (c := find_column(kind, cell))}))
    except csv.Error:
        pass
    return best, start.count(separator)


def _rows(text: str, separator: str) -> list[list[str]]:
    csv.field_size_limit(MOST_CHARACTERS)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            rows.append(row)
            if len(row) > MOST_COLUMNS:
                raise FileProblem("A row has more than 200 cells. Is this a table of records?")
            if len(rows) > MOST_ROWS + HEADING_ROWS + 1:
                raise FileProblem(f"The file has more than {MOST_ROWS:,} rows. Import it in parts.")
    except csv.Error as error:
        if "field larger" in str(error):
            raise FileProblem(f"Row {len(rows) + 1} holds a cell that is too long.") from None
        raise FileProblem(
            f"Row {len(rows) + 1} has a quotation mark that is not closed, or text right after a "
            "closed one. Let a spreadsheet program write the file."
        ) from None
    return rows

"""Tables as CSV: text in whatever encoding and with whatever separator people's programs write."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.domain.answers import MAX_ROWS
from assessments.domain.table_file import (
    HEADING_ROWS,
    TableFileError,
    find_column,
    without_formula,
)
from guide.model import Question

SEPARATORS = ",;\t|"
# Of a cell: far more than one may hold, so that a long one is told as such.
MOST_CHARACTERS = 100_000
MOST_COLUMNS = 500
MOST_ROWS = 50_000
ADVICE = gettext_lazy("Save it as “CSV UTF-8” or as an Excel workbook (.xlsx) and choose it again.")


def refused(what: str) -> TableFileError:
    return TableFileError(f"{what} {ADVICE}")


@dataclass(frozen=True)
class CsvCells:
    cells: list[list[str]]
    separator: str
    # The encoding when it had to be guessed.
    guessed: str = ""


def read_csv(content: bytes, question: Question) -> CsvCells:
    """The cells of a CSV file.

    Raises:
        TableFileError: it is no text, or its quotation marks don't match.
    """
    text, guessed = decoded(content)
    first, _, rest = text.partition("\n")
    told = first.strip().casefold().removeprefix('"').removesuffix('"')
    if told.startswith("sep=") and len(told) == 5:
        # Excel's own way to say it; the line is kept empty so that rows keep their numbers.
        return CsvCells(_cells("\n" + rest, told[4]), told[4], guessed)
    separator = max(SEPARATORS, key=lambda mark: _headings_found(text, mark, question))
    return CsvCells(_cells(text, separator), separator, guessed)


def decoded(content: bytes) -> tuple[str, str]:
    """The text, and the name of its encoding if nothing in the file says so."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if content.startswith(mark):
            return _strictly(content, encoding), ""
    start = content[:4_000]
    if b"\x00" in start:
        # Every other byte of plain letters in UTF-16 is zero.
        for encoding, zeros in (("utf-16-le", start[1::2]), ("utf-16-be", start[::2])):
            if zeros.count(0) > 0.6 * len(zeros):
                return _strictly(content, encoding), "UTF-16"
        raise refused(_("The file is no text."))
    try:
        return content.decode("utf-8"), ""
    except UnicodeDecodeError:
        return _strictly(content, "cp1252"), "Windows-1252"


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise refused(
            _("The letters of the file are in an encoding that Waymark does not know.")
        ) from None


def _headings_found(text: str, separator: str, question: Question) -> tuple[int, int]:
    """How many headings of the table the first lines hold if cells are separated so."""
    start = text[:20_000]
    try:
        rows = [row for _n, row in zip(range(10), _reader(start, separator, strict=False))]  # noqa: B905
    except csv.Error:
        return 0, 0
    found = max((sum(bool(find_column(question, c)) for c in row) for row in rows), default=0)
    return found, start.count(separator)


def _reader(text: str, separator: str, *, strict: bool) -> Iterable[list[str]]:
    csv.field_size_limit(MOST_CHARACTERS)
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)


def _cells(text: str, separator: str) -> list[list[str]]:
    """The rows, no further than a table of the largest size needs."""
    rows: list[list[str]] = []
    filled = 0
    try:
        for row in _reader(text, separator, strict=True):
            rows.append(row)
            filled += any(map(str.strip, row))
            if len(row) > MOST_COLUMNS or len(rows) > MOST_ROWS:
                raise TableFileError(
                    _("The file has more than 500 columns or 50,000 rows. Is it a table of rows?")
                )
            if filled > MAX_ROWS + HEADING_ROWS:
                break
    except csv.Error as error:
        what = _(
            "Row %s has a quotation mark that is not closed, or text right after a closed one."
        )
        if "field larger" in str(error):
            what = _("Row %s holds a cell of more than 100,000 characters.")
        advice = _(
            "Put cells with quotation marks in quotation marks and double those inside, or let a "
            "spreadsheet program write the file."
        )
        raise TableFileError(f"{what % (len(rows) + 1)} {advice}") from None
    return rows


def write_csv(cells: Iterable[Sequence[str | int | float]]) -> bytes:
    """The file, in UTF-8 with the mark that tells Excel so."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in cells:
        writer.writerow([without_formula(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")

"""Tables as Excel workbooks. openpyxl is imported only here and only when it is needed."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from assessments.domain.answers import MAX_ROWS
from assessments.domain.table_file import (
    HEADING_ROWS,
    TableFileError,
    cells_of,
    choice_words,
    find_column,
    heading,
    without_formula,
)
from assessments.tables.workbook_parts import check_parts, refused
from guide.model import AnswerField, Question

Cell = str | int | float | date | None
# As Excel itself allows.
MOST_CHARACTERS = 32_767
# Rows are read as far as a table of the largest size needs.
ENOUGH_ROWS = MAX_ROWS + HEADING_ROWS
MOST_COLUMNS = 100
MOST_SHEETS = 20
ROWS_SHEET = "Rows"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_ESCAPED = re.compile(r"_x(005F|00[01][0-9A-F]|FFF[EF])_", re.IGNORECASE)


@dataclass(frozen=True)
class ExcelCells:
    cells: list[list[str]]
    sheet: str
    # The names of further sheets with something on them, which were not read.
    other_sheets: tuple[str, ...] = ()
    formulas: int = 0


def read_excel(content: bytes, question: Question) -> ExcelCells:
    """The cells of the sheet that looks most like a table of the question.

    Raises:
        TableFileError: it is no workbook of this kind, or one that would unpack without end.
    """
    has_formulas = check_parts(content)
    try:
        return _read(content, question, has_formulas)
    except TableFileError:
        raise
    except Exception as error:  # whatever a crafted file makes the library trip over
        raise refused(_("The workbook can’t be read.")) from error


def _read(content: bytes, question: Question, has_formulas: bool) -> ExcelCells:
    book = _open(content, data_only=True)
    visible = [s for s in book.worksheets if s.sheet_state == "visible"] or book.worksheets
    tops = {sheet.title: _cells(sheet, HEADING_ROWS) for sheet in visible[:MOST_SHEETS]}
    filled = [name for name, cells in tops.items() if any(map(any, cells))]
    if not filled:
        raise TableFileError(
            _("The workbook is empty. Download the template and fill in its rows.")
        )
    name = max(filled, key=lambda sheet: _headings_found(tops[sheet], question))
    cells, formulas = _cells(book[name]), 0
    if has_formulas:
        formulas = _put_formulas(cells, _cells(_open(content, data_only=False)[name]))
    ours = {str(_("Columns")), str(_("Choices")), "Columns", "Choices"}
    others = tuple(other for other in filled if other != name and other not in ours)
    return ExcelCells(cells, name, others, formulas)


def _headings_found(cells: list[list[str]], question: Question) -> int:
    found = (sum(bool(find_column(question, cell)) for cell in row) for row in cells[:10])
    return max(found, default=0)


def _put_formulas(cells: list[list[str]], raw: list[list[str]]) -> int:
    """Where a formula has no stored value, its text stands for it; nothing is calculated."""
    count = 0
    for row, raw_row in zip(cells, raw, strict=False):
        row += [""] * (len(raw_row) - len(row))
        for place, text in enumerate(raw_row):
            if text.startswith("=") and row[place] != text:
                count += 1
                row[place] = row[place] or text
    return count


# Reading


def _open(content: bytes, *, data_only: bool) -> Any:
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False)


def _cells(sheet: Any, most_rows: int | None = None) -> list[list[str]]:
    """The sheet's cells, no further than a table of the largest size needs."""
    # What the sheet says of its own size may be wrong.
    sheet.reset_dimensions()
    rows, filled = [], 0
    for row in sheet.iter_rows(max_row=most_rows, max_col=MOST_COLUMNS):
        texts = [_text(cell) for cell in row]
        while texts and not texts[-1]:
            texts.pop()
        rows.append(texts)
        filled += bool(texts)
        if filled > ENOUGH_ROWS:
            break
    return rows


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        value = value[:MOST_CHARACTERS]
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        is_day = value.time() == time()
        return value.date().isoformat() if is_day else value.isoformat(" ", "minutes")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, float):
        if "%" in (cell.number_format or ""):
            return f"{value * 100:.10g}%"
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, int) and "%" in (cell.number_format or ""):
        return f"{value * 100}%"
    return str(value)


# Writing


def write_excel(question: Question, rows: list[dict[str, Any]]) -> bytes:
    """A workbook with the rows, the meaning of the columns, and lists to choose from."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    _write_rows(book.create_sheet(ROWS_SHEET), question, rows)
    _write_columns(book.create_sheet(_("Columns")[:31]), question)
    _write_choices(book.create_sheet(_("Choices")[:31]), question)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_sheet(title: str, cells: Sequence[Sequence[Cell]], widths: Sequence[int] = ()) -> bytes:
    """A workbook of one sheet; the first row is its heading, and no text ever becomes a formula."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or ROWS_SHEET)
    sheet.freeze_panes = "A2"
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for at, row in enumerate(cells):
        sheet.append([_cell(sheet, "" if c is None else c, bold=at == 0) for c in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_rows(sheet: Any, question: Question, rows: list[dict[str, Any]]) -> None:
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "B2"
    for number, column in enumerate(question.columns, 1):
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width = 14 if column.kind in ("number", "date") else 26
        # What one types into it later stays text: "1/2" is no date here.
        dimension.number_format = "General" if column.kind == "number" else "@"
    _add_lists(sheet, question)
    first, *rest = cells_of(question, rows)
    sheet.append([_cell(sheet, name, bold=True) for name in first])
    for row in rest:
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: Any, value: str | int | float | date, *, bold: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet)
    if not value:
        return cell
    text = without_formula(value, is_typed=True)
    cell.value = _CONTROL.sub(lambda found: _escaped(found[0]), text)
    # Text, whatever it begins with: the library takes "=…" for a formula.
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = True
    if bold:
        cell.font = Font(bold=True)
    return cell


def _escaped(found: str) -> str:
    """A control character as workbooks write it, or the underscore of what looks like one."""
    return f"_x{ord(found):04X}_" if len(found) == 1 else f"_x005F{found}"


def _add_lists(sheet: Any, question: Question) -> None:
    from openpyxl.utils import get_column_letter, quote_sheetname
    from openpyxl.worksheet.datavalidation import DataValidation

    choices = quote_sheetname(_("Choices")[:31])
    for place, column in enumerate(_with_choices(question), 1):
        if column.kind != "choice":
            continue
        letter = get_column_letter(place)
        rule = DataValidation(
            type="list",
            formula1=f"={choices}!${letter}$2:${letter}${len(column.options) + 1}",
            allow_blank=True,
            showErrorMessage=True,
            errorTitle=column.label[:32],
            error=_("Choose one from the list, or leave the cell empty."),
        )
        own = get_column_letter(question.columns.index(column) + 1)
        rule.add(f"{own}2:{own}2001")
        sheet.data_validations.append(rule)


def _with_choices(question: Question) -> list[AnswerField]:
    return [column for column in question.columns if column.options]


def _write_columns(sheet: Any, question: Question) -> None:
    sheet.column_dimensions["A"].width = sheet.column_dimensions["B"].width = 26
    sheet.column_dimensions["C"].width = sheet.column_dimensions["D"].width = 60
    titles = (_("Column"), _("Also read as"), _("What goes in"), _("Allowed"))
    sheet.append([_cell(sheet, title, bold=True) for title in titles])
    for column in question.columns:
        names = ", ".join((column.id, *column.aliases))
        parts = (heading(question, column), names, column.hint, allowed(column))
        sheet.append([_cell(sheet, part) for part in parts])
    sheet.append([])
    for line in (question.text, _("Every cell may stay empty. No patient data.")):
        sheet.append([_cell(sheet, line)])


def allowed(column: AnswerField) -> str:
    """What a cell of the column may hold, in words."""
    if column.kind == "choice":
        return _("One of: %s") % "; ".join(choice_words(column))
    if column.kind == "choices":
        return _("Any of, separated by semicolons: %s") % "; ".join(choice_words(column))
    if column.kind == "date":
        return _("A date as YYYY-MM-DD")
    if column.kind == "number":
        kind = _("A whole number") if column.integer else _("A number")
        limits = {"min": column.min, "max": column.max}
        if column.min is not None and column.max is not None:
            kind += _(" from %(min)g to %(max)g") % limits
        return f"{kind} ({column.unit})" if column.unit else kind
    return _("Text, up to 500 characters")


def _write_choices(sheet: Any, question: Question) -> None:
    from openpyxl.utils import get_column_letter

    columns = _with_choices(question)
    for number in range(len(columns)):
        sheet.column_dimensions[get_column_letter(number + 1)].width = 26
    sheet.append([_cell(sheet, heading(question, column), bold=True) for column in columns])
    words = [choice_words(column) for column in columns]
    for number in range(max(map(len, words), default=0)):
        sheet.append([_cell(sheet, w[number] if number < len(w) else "") for w in words])

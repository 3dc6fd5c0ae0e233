"""A workbook in our looks: cells that are only ever what they are said to be.

XlsxWriter is told to take no text for a formula, a number or an address. Formulas are written with
their value, so that a preview which does not calculate shows the same figures.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import xlsxwriter
from django.utils.translation import get_language_bidi
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from reports.choices import Choices
from reports.enums import PageSize
from reports.files.office.texts import one_line, plain
from reports.frozen.snapshot import ReportSnapshot
from reports.pictures.palette import branded

Cell = str | int | float | date | None

MOST_IN_A_CELL = 32_000
MOST_IN_A_HEADER = 100
A4, LETTER = 9, 1
DAY = "d mmm yyyy"
MONTH = "mmm yyyy"
SCORE = "0"
DAYS = "#,##0.0"
MONEY = "#,##0"
SHARE = "0%"
LINE, MOST_HEIGHT = 13.0, 400.0
FILL = 1.2
"""Characters of a line for each of width."""
# What some reader might take for a formula, were the type of the cell lost.
RISKY = ("=", "+", "-", "@", "\t", "\r")

Look = dict[str, Any]
HEAD_ROW = 3
TITLE_ROW, NOTE_ROW = 0, 1


class Book:
    """The file, its sheets by key, and the looks of cells."""

    def __init__(self, snapshot: ReportSnapshot, choices: Choices) -> None:
        self.snapshot, self.choices = snapshot, choices
        self.palette = branded(snapshot.brand)
        self._out = io.BytesIO()
        self.file = xlsxwriter.Workbook(
            self._out,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
                "default_date_format": DAY,
            },
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.sheets: dict[str, Sheet] = {}

    def add(self, key: str, title: str) -> Sheet:
        """Titles are ours: short, without what a sheet may not be called."""
        sheet = Sheet(self, self.file.add_worksheet(title[:31]), title[:31])
        self.sheets[key] = sheet
        return sheet

    def look(self, **properties: Any) -> Any:
        base: Look = {
            "font_name": "Calibri",
            "font_size": 10,
            "valign": "top",
            "font_color": self.palette.ink,
        }
        base |= properties
        key = tuple(sorted(base.items()))
        if key not in self._formats:
            self._formats[key] = self.file.add_format(base)
        return self._formats[key]

    def bytes(self) -> bytes:
        for sheet in self.sheets.values():
            sheet.fit_rows()
        self.file.close()
        return self._out.getvalue()


class Sheet:
    """Rows and columns count from 0, as XlsxWriter has them."""

    def __init__(self, book: Book, page: Any, title: str) -> None:
        self.book, self.page, self.title = book, page, title
        self._widths: dict[int, float] = {}
        self._lines: dict[int, int] = {}
        self._set_up_page()

    def _set_up_page(self) -> None:
        page, snapshot = self.page, self.book.snapshot
        page.hide_gridlines(2)
        if get_language_bidi():
            page.right_to_left()
        page.set_landscape()
        page.set_paper(LETTER if self.book.choices.page_size == PageSize.LETTER else A4)
        page.fit_to_pages(1, 0)
        page.set_margins(0.5, 0.5, 0.7, 0.7)
        name = one_line(snapshot.organization)[:MOST_IN_A_HEADER].replace("&", "&&")
        page.set_header(f"&L&8{name}&R&8{self.title}")
        page.set_footer("&R&8&P / &N")

    def heading(self, text: str, note: str = "") -> None:
        look = self.book.look
        deep = self.book.palette.brand_deep
        self.page.set_row(TITLE_ROW, 24)
        self.text(TITLE_ROW, 0, text, look(bold=True, font_size=15, font_color=deep))
        if note:
            self.text(NOTE_ROW, 0, note, look(font_color=self.book.palette.muted))

    def head(self, labels: Sequence[str], row: int = HEAD_ROW, *, column: int = 0) -> None:
        look = self.book.look(
            bold=True,
            font_color=self.book.palette.paper,
            bg_color=self.book.palette.brand_deep,
            text_wrap=True,
            valign="vcenter",
        )
        for place, label in enumerate(labels):
            self.text(row, column + place, label, look)
            self._fill(row, column + place, label)

    def widths(self, *widths: float, column: int = 0) -> None:
        """In characters. To be said before the cells: the height of a row follows from them."""
        for place, width in enumerate(widths):
            self.page.set_column(column + place, column + place, width)
            self._widths[column + place] = width

    def _fill(self, row: int, column: int, text: str) -> None:
        """Not every reader finds the height of a wrapped row by itself."""
        width = self._widths.get(column, 9) * FILL
        lines = sum(max(1, math.ceil(len(part) / width)) for part in text.split("\n"))
        self._lines[row] = max(self._lines.get(row, 1), lines)

    def fit_rows(self) -> None:
        for row, lines in self._lines.items():
            if lines > 1:
                self.page.set_row(row, min(LINE * lines + 2, MOST_HEIGHT))

    def freeze(self, columns: int = 1, row: int = HEAD_ROW) -> None:
        self.page.freeze_panes(row + 1, columns)
        self.page.repeat_rows(row)

    def cell(self, row: int, column: int, value: Cell, form: str = "", **look: Any) -> None:
        """Any plain value in the looks of the body."""
        style = {"text_wrap": True, "bottom": 1, "bottom_color": self.book.palette.line} | look
        if isinstance(value, str):
            if style["text_wrap"]:
                self._fill(row, column, value)
            self.text(row, column, value, style=style)
        elif value is None:
            self.page.write_blank(row, column, None, self._look(style, form))
        elif isinstance(value, date):
            moment = datetime.combine(value, time())
            self.page.write_datetime(row, column, moment, self._look(style, form or DAY))
        else:
            self.page.write_number(row, column, value, self._look(style, form))

    def text(
        self, row: int, column: int, text: str, look: Any = None, *, style: Look | None = None
    ) -> None:
        shown = plain(text)[:MOST_IN_A_CELL]
        if shown.startswith(RISKY):
            look = self.book.look(**(style or {}), quote_prefix=True)
        elif look is None:
            look = self.book.look(**(style or {}))
        self.page.write_string(row, column, shown, look)

    def given(self, row: int, column: int, value: Cell, form: str = "") -> None:
        """A number that a reader may change."""
        palette = self.book.palette
        self.cell(
            row,
            column,
            value,
            form,
            bg_color=palette.warn_paper,
            border=1,
            border_color=palette.line,
        )

    def worked(
        self, row: int, column: int, formula: str, value: Cell, form: str = "", **look: Any
    ) -> None:
        """A formula and what it gives for the numbers as they stand."""
        style = {"bottom": 1, "bottom_color": self.book.palette.line} | look
        shown = "" if value is None else value
        self.page.write_formula(row, column, formula, self._look(style, form), shown)

    def total(self, **look: Any) -> Look:
        return {"bold": True, "top": 1, "top_color": self.book.palette.brand_deep} | look

    def _look(self, style: Look, form: str) -> Any:
        return self.book.look(**style, **({"num_format": form} if form else {}))

    def at(self, row: int, column: int) -> str:
        """The address of a cell for a formula on any sheet."""
        return f"{self.quoted}!{xl_rowcol_to_cell(row, column, True, True)}"

    def column(self, column: int, first: int, last: int) -> str:
        name = xl_col_to_name(column)
        return f"{self.quoted}!${name}${first + 1}:${name}${max(first, last) + 1}"

    @property
    def quoted(self) -> str:
        return "'" + self.title.replace("'", "''") + "'"


def in_formula(text: str) -> str:
    """A text inside a formula."""
    return '"' + text.replace('"', '""') + '"'


def here(row: int, column: int) -> str:
    """The address of a cell on the formula's own sheet."""
    return str(xl_rowcol_to_cell(row, column))


def across(row: int, first: int, last: int) -> str:
    """The cells of a row, fixed."""
    left, right = (xl_rowcol_to_cell(row, column, True, True) for column in (first, last))
    return f"{left}:{right}"

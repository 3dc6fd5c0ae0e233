"""The rows of a table question as the cells of a file, and back.

Only cells are known here, not CSV or Excel. A file may name its columns by label, id or alias, in
any order and case; what is wrong is told cell by cell, and nothing is guessed: a number that can
be read in two ways is asked about.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from assessments.domain.answers import MAX_ROWS, AnswerError, clean_cell, find_option
from guide.model import AnswerField, Option, Question

# A heading is looked for in the first rows: people put a title above their tables.
HEADING_ROWS = 10
LONGEST_HEADING = 200
# What a spreadsheet may take for a formula, at the beginning of a cell.
_DANGEROUS = r"[=+\-@\t\r\n＝＋－＠]"
_NEEDS_APOSTROPHE = re.compile(rf"'*{_DANGEROUS}")
_HAS_APOSTROPHE = re.compile(rf"'+{_DANGEROUS}")
_TWO_READINGS = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}")
_GROUPED_BY_POINTS = re.compile(r"[-+]?\d{1,3}(\.\d{3})+(,\d+)?")


class TableFileError(ValueError):
    """A file that can't be read as rows of the table at all; the message says what to do."""


@dataclass(frozen=True)
class CellProblem:
    """A bad cell. `row` counts as spreadsheets do: from 1, the heading included."""

    row: int
    column: str
    value: str
    message: str


@dataclass(frozen=True)
class LeftOut:
    """A column of the file that the table does not have, and the one it may have meant."""

    heading: str
    perhaps: str = ""


@dataclass(frozen=True)
class TableFile:
    """What a file says. `rows` is complete only where there are no `problems`."""

    rows: tuple[dict[str, Any], ...]
    columns: tuple[str, ...]
    problems: tuple[CellProblem, ...] = ()
    missing: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    lines_above: int = 0
    # Filled cells where the heading is empty.
    unnamed: int = 0


def heading(question: Question, column: AnswerField) -> str:
    """What a file calls the column: its label, or its id where the label means another."""
    for name in (column.label, column.id):
        if find_column(question, name) is column:
            return name
    return f"{column.label} [{column.id}]"


def find_column(question: Question, text: str) -> AnswerField | None:
    """The column a heading means: by label before id before alias, whatever the case."""
    if not text or len(text) > LONGEST_HEADING:
        return None
    marked = re.search(r"\[(\w+)\]\s*$", text)
    if marked:
        return next((c for c in question.columns if c.id == marked[1]), None)
    for wanted in (_name(text), _name(re.sub(r"\(.*?\)", "", text))):
        if not wanted:
            continue
        for names in (lambda c: (c.label,), lambda c: (c.id,), lambda c: c.aliases):
            for column in question.columns:
                if wanted in map(_name, names(column)):
                    return column
    return None


def _name(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]+", "_", folded).strip("_")


def find_choice(options: Sequence[Option], text: str) -> Option | None:
    """The option a cell means: by label before id and alias."""
    key = text.strip().casefold()
    by_label = next((o for o in options if o.label.casefold() == key), None)
    return by_label or find_option(options, text)


def choice_word(options: Sequence[Option], option_id: str) -> str:
    """What a file calls an option: its label, or its id where the label means another."""
    option = next((o for o in options if o.id == option_id), None)
    if option is None:
        return option_id
    return option.label if find_choice(options, option.label) is option else option.id


def choice_words(column: AnswerField) -> tuple[str, ...]:
    return tuple(choice_word(column.options, option.id) for option in column.options)


# Writing


def cell_of(column: AnswerField, value: Any) -> str | int | float:
    """A stored value as a cell: numbers stay numbers, choices become their words."""
    if value is None:
        return ""
    if column.kind == "number" and isinstance(value, (int, float)):
        return value
    if column.kind == "choice":
        return choice_word(column.options, str(value))
    if column.kind == "choices" and isinstance(value, list):
        words = [choice_word(column.options, part) for part in value]
        plain = [w if ";" not in w else part for w, part in zip(words, value, strict=True)]
        return "; ".join(plain)
    return str(value)


def cells_of(
    question: Question, rows: Iterable[Mapping[str, Any]]
) -> list[list[str | int | float]]:
    """The heading and the rows."""
    first: list[str | int | float] = [heading(question, column) for column in question.columns]
    rest = [[cell_of(c, row.get(c.id)) for c in question.columns] for row in rows]
    return [first, *rest]


def without_formula(text: str, *, is_typed: bool = False) -> str:
    """The text with an apostrophe before what a spreadsheet would take for a formula.

    Where the file says of a cell that it is text (`is_typed`), only a text that already begins
    with an apostrophe needs one more, so that reading gives every text back as it was.
    """
    pattern = _HAS_APOSTROPHE if is_typed else _NEEDS_APOSTROPHE
    return f"'{text}" if pattern.match(text) else text


def with_formula(text: str) -> str:
    """The inverse of `without_formula`."""
    return text[1:] if _HAS_APOSTROPHE.match(text) else text


# Reading


def read_table(
    question: Question, cells: Sequence[Sequence[str]], *, separator: str = ""
) -> TableFile:
    """The rows of a file's cells.

    `separator` is what stands between the cells of a text file. There, a cell too many means that
    the others have shifted; and where it is a semicolon, a comma is the decimal sign.

    Raises:
        TableFileError: there is no heading of this table, nothing below it, or too much.
    """
    place, by_place, left_out = _heading_of(question, cells)
    body = [(n, row) for n, row in enumerate(cells[place + 1 :], place + 2) if _is_filled(row)]
    if len(body) > MAX_ROWS:
        raise TableFileError(
            f"The file has more than {MAX_ROWS:,} rows, and a table holds no more. Keep the most "
            "important ones, or put alike ones together in one row."
        )
    if not body:
        raise TableFileError("The file has a heading and no rows below it. Fill in some rows.")
    reader = _Reader(by_place, separator, width=_width(cells[place]))
    rows = [reader.row(number, cells_of_row) for number, cells_of_row in body]
    given = {column.id for column in by_place.values()}
    return TableFile(
        rows=tuple(row for row in rows if row),
        columns=tuple(c.id for c in question.columns if c.id in given),
        problems=tuple(reader.problems),
        missing=tuple(c.label for c in question.columns if c.id not in given),
        left_out=left_out,
        lines_above=sum(1 for row in cells[:place] if _is_filled(row)),
        unnamed=_unnamed(cells[place], [row for _number, row in body]),
    )


def _is_filled(row: Sequence[str]) -> bool:
    return any(cell.strip() for cell in row)


def _width(row: Sequence[str]) -> int:
    return max((place for place, cell in enumerate(row, 1) if cell.strip()), default=0)


def _unnamed(names: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """How many filled cells stand below no heading."""
    named = {place for place, name in enumerate(names) if name.strip()}
    return sum(1 for row in rows for n, cell in enumerate(row) if n not in named and cell.strip())


Heading = tuple[int, dict[int, AnswerField], tuple[LeftOut, ...]]


def _heading_of(question: Question, cells: Sequence[Sequence[str]]) -> Heading:
    """Where the heading is, the columns by their place, and what is not of this table."""
    if not any(map(_is_filled, cells)):
        raise TableFileError("The file is empty. Download the template and fill in its rows.")
    known = ", ".join(heading(question, column) for column in question.columns)
    label = question.row_label or question.columns[0].id
    best = 0
    found: dict[int, AnswerField] = {}
    for place, row in enumerate(cells[:HEADING_ROWS]):
        columns = {n: c for n, text in enumerate(row) if (c := find_column(question, text))}
        filled = sum(1 for text in row if text.strip())
        # A row of data may hold a word that is also a heading.
        names_label = any(column.id == label for column in columns.values())
        is_heading = len(columns) >= 2 or names_label or len(columns) == filled
        if is_heading and len(columns) > len(found):
            best, found = place, columns
    if not found:
        raise TableFileError(
            "No row at the top of the file names the columns of this table. Give it a heading "
            f"with at least two of: {known}."
        )
    _refuse_doubles(cells[best], found)
    left_out = tuple(
        # A heading may hold a NUL, which no database takes into what is kept for the preview.
        LeftOut(text.replace("\x00", "").strip(), _perhaps(question, text, found))
        for n, text in enumerate(cells[best])
        if text.strip() and n not in found
    )
    return best, found, left_out


def _refuse_doubles(row: Sequence[str], found: Mapping[int, AnswerField]) -> None:
    seen: dict[str, str] = {}
    for place, column in found.items():
        if column.id in seen:
            raise TableFileError(
                f"The headings “{seen[column.id]}” and “{row[place].strip()}” mean the same "
                f"column ({column.label}). Keep one of them."
            )
        seen[column.id] = row[place].strip()


def _perhaps(question: Question, text: str, found: Mapping[int, AnswerField]) -> str:
    """The column of the table that the heading may have meant, among those not in the file."""
    given = {column.id for column in found.values()}
    names = {
        _name(name): column.label
        for column in question.columns
        if column.id not in given
        for name in (column.label, column.id, *column.aliases)
    }
    near = get_close_matches(_name(text), names, n=1, cutoff=0.75)
    return names[near[0]] if near else ""


class _Reader:
    """Reads rows cell by cell. Files repeat themselves, so each text is judged once."""

    def __init__(self, by_place: Mapping[int, AnswerField], separator: str, *, width: int) -> None:
        self.by_place = by_place
        self.separator = separator
        self.width = width
        self.problems: list[CellProblem] = []
        self.judged: dict[tuple[str, str], tuple[Any, str]] = {}

    def row(self, number: int, cells: Sequence[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.separator and _width(cells) > self.width:
            message = (
                f"The row has {_width(cells)} cells and the heading {self.width}, so they may "
                "have shifted. Put cells that hold the separator in quotation marks."
            )
            self.problems.append(CellProblem(number, "", cells[self.width].strip(), message))
            return found
        for place, column in self.by_place.items():
            text = cells[place].strip() if place < len(cells) else ""
            if not text:
                continue
            value, message = self._judge(column, text)
            if message:
                self.problems.append(CellProblem(number, column.label, text, message))
            elif value not in (None, ""):
                found[column.id] = value
        return found

    def _judge(self, column: AnswerField, text: str) -> tuple[Any, str]:
        key = (column.id, text)
        if key not in self.judged:
            try:
                self.judged[key] = self._value(column, text), ""
            except AnswerError as error:
                self.judged[key] = None, "; ".join(map(_sentence, error.messages))
        return self.judged[key]

    def _value(self, column: AnswerField, text: str) -> Any:
        text = with_formula(text)
        if column.kind == "number" and self.separator == ";":
            text = _with_point(text)
        if column.kind == "choices":
            parts = [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
            return clean_cell(column, [self._choice(column, part) for part in parts])
        if column.kind == "choice":
            return clean_cell(column, self._choice(column, text))
        return clean_cell(column, text)

    def _choice(self, column: AnswerField, text: str) -> str:
        option = find_choice(column.options, text)
        if option is not None:
            return option.id
        if text.casefold() in ("unknown", "?"):
            return text
        words = ", ".join(f"“{word}”" for word in choice_words(column))
        raise AnswerError([f"use one of these words, or leave the cell empty: {words}"])


def _sentence(message: str) -> str:
    end = "" if message.endswith((".", "”")) else "."
    return f"{message[:1].upper()}{message[1:]}{end}"


def _with_point(text: str) -> str:
    """A number of a file where a comma is the decimal sign, as we write it."""
    plain = text.strip()
    if _TWO_READINGS.fullmatch(plain):
        whole = plain.replace(",", "").replace(".", "")
        raise AnswerError(
            [f"this can be read in two ways; write {whole}, or {plain}0 if it is a fraction"]
        )
    if _GROUPED_BY_POINTS.fullmatch(plain):
        return plain.replace(".", "").replace(",", ".")
    return plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain

"""Tables of a printed document as tables of Word: heads that repeat, widths by what they hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from docx.document import Document as Paper
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell

from reports.files.docx.styles import CELL
from reports.pictures.palette import Palette

LETTER_WIDTH, SIDES = 1.9, 4.2
"""Millimetres of a letter at the size of tables, and of both margins of a cell."""

MOST_LETTERS = 60
Fill = Callable[[Any, Any], None]
"""Writes an element into a cell."""


def add_table(paper: Paper, element: Any, width: int, palette: Palette, fill: Fill) -> None:
    rows = [row for row in element.iter("tr")]
    columns = max((_span(row) for row in rows), default=0)
    if not columns:
        return
    table = paper.add_table(len(rows), columns)
    table.style = paper.styles["Table Grid"]
    table.autofit = False
    _borders(table, palette)
    style = str(paper.styles[CELL].style_id)
    widths = _widths(rows, columns, width)
    for column, share in zip(table.columns, widths, strict=True):
        column.width = Mm(share)
    for row, place in zip(rows, table._tbl.tr_lst, strict=True):
        is_head = row.getparent().tag == "thead"
        _row_properties(place, is_head)
        cells = [_Cell(tc, table) for tc in place.tc_lst]
        _fill_row(row, cells, widths, palette if is_head else None, style, fill)
    after = paper.add_paragraph()
    after.paragraph_format.space_after = Pt(4)


def _span(row: Any) -> int:
    return sum(int(cell.get("colspan", 1)) for cell in row if cell.tag in ("td", "th"))


def _fill_row(
    row: Any,
    cells: list[Any],
    widths: Sequence[float],
    head: Palette | None,
    style: str,
    fill: Fill,
) -> None:
    at = 0
    for element in row:
        if element.tag not in ("td", "th"):
            continue
        span = int(element.get("colspan", 1))
        cell = cells[at]
        if span > 1:
            cell = cell.merge(cells[at + span - 1])
        cell.width = Mm(sum(widths[at : at + span]))
        fill(element, cell)
        _dress(element, cell, head, style)
        at += span


def _dress(element: Any, cell: Any, head: Palette | None, style: str) -> None:
    for paragraph in cell.paragraphs:
        if paragraph._p.style is None:
            paragraph._p.style = style
        for run in paragraph.runs:
            if head or element.tag == "th":
                run.font.bold = True
            if head:
                run.font.color.rgb = RGBColor(255, 255, 255)
    if head:
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), head.brand_deep.lstrip("#").upper())
        cell._tc.get_or_add_tcPr().append(shade)


def _row_properties(place: Any, is_head: bool) -> None:
    properties = place.get_or_add_trPr()
    names = ["w:cantSplit", *(["w:tblHeader"] if is_head else [])]
    for name in names:
        properties.append(OxmlElement(name))


def _borders(table: Any, palette: Palette) -> None:
    """Lines between rows only."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        is_shown = side in ("top", "bottom", "insideH")
        line.set(qn("w:val"), "single" if is_shown else "nil")
        if is_shown:
            line.set(qn("w:sz"), "4")
            line.set(qn("w:color"), palette.line.lstrip("#").upper())
        borders.append(line)
    # Word refuses a file whose properties stand in another order than its schema's.
    properties = table._tbl.tblPr
    after = ("w:tblLayout", "w:tblCellMar", "w:tblLook")
    properties.insert_element_before(borders, *after)


def _widths(rows: list[Any], columns: int, width: int) -> list[float]:
    """Millimetres: no column is narrower than its longest word, the rest goes by what they hold."""
    least, wanted = [8.0] * columns, [8.0] * columns
    for row in rows:
        at = 0
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            span = int(cell.get("colspan", 1))
            if span == 1 and at < columns:
                text = " ".join("".join(cell.itertext()).split())
                word = max((len(part) for part in text.split()), default=1)
                factor = LETTER_WIDTH * (1.12 if cell.tag == "th" else 1)
                least[at] = max(least[at], min(word, 24) * factor + SIDES)
                wanted[at] = max(wanted[at], min(len(text), MOST_LETTERS) * factor + SIDES)
            at += span
    return _shared(least, wanted, width)


def _shared(least: list[float], wanted: list[float], width: float) -> list[float]:
    spare = width - sum(least)
    if spare <= 0:
        return [width * part / sum(least) for part in least]
    more = [want - need + 0.1 for want, need in zip(wanted, least, strict=True)]
    return [need + spare * part / sum(more) for need, part in zip(least, more, strict=True)]

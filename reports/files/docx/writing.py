"""Writes the HTML of a printed document as paragraphs, lists, tables and pictures of Word.

The sections are those of the PDF, so whatever can be printed can be edited. Only what the sections
use is known here; any other element gives its text.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.run import Run

from reports.files.docx import styles
from reports.files.docx.pictures import Drawing
from reports.files.docx.tables import add_table
from reports.files.office.texts import is_all_right_to_left, is_right_to_left, plain
from reports.pictures.palette import Palette

MM = 25.4 / 96
TALLEST = 225
HEADINGS = {"h1": 1, "h2": 1, "h3": 2, "h4": 3}
BLOCKS = {"section", "div", "article", "figure", "header", "footer", "main", "dl", "body", "aside"}
RUN_STYLES = {"note": styles.NOTE, "id": styles.CODE, "pill": styles.TAG, "term": styles.TAG}
PARAGRAPH_STYLES = {
    "callout": styles.CALLOUT,
    "figure": styles.FIGURE,
    "small": styles.SMALL,
    "note": styles.SMALL,
    "continued": styles.SMALL,
    "band": styles.LABEL,
}
DRAWN_ONLY = ("swatch", "gate-mark")
SIDE_BY_SIDE = {"numbers", "loads"}
IN_A_ROW = 3
ASIDES = {"gate-date", "note"}
"""Stand beside a heading in print, and below it here: they are no part of it."""

_SPACES = re.compile(r"[ \t\r\n\f]+")


class Writer:
    """`width`: of the text, in millimetres. `draw`: a drawing by its number."""

    def __init__(
        self, paper: Paper, palette: Palette, width: int, draw: Callable[[int], Drawing]
    ) -> None:
        self.paper, self.palette, self.width, self.draw = paper, palette, width, draw
        self.headings: list[tuple[int, str, str]] = []
        """Level, text and bookmark of each, for the contents."""
        self._into: Any = paper
        self._names: dict[str, str] = {}
        self._waiting: list[str] = []
        self._marks = 0
        # By name: the library looks through all of them for each paragraph.
        self._styles = {style.name: style.style_id for style in paper.styles}

    def write(self, element: Any) -> None:
        """An element and all in it, one after the other."""
        if name := element.get("id"):
            self._waiting.append(name)
        kinds = (element.get("class") or "").split()
        tag = element.tag
        if tag in HEADINGS:
            self._heading(element, HEADINGS[tag], "no-bookmark" not in kinds)
        elif tag == "table":
            self._table(element)
        elif tag in ("ul", "ol"):
            self._list(element, kinds)
        elif tag == "img":
            self._picture(self._paragraph(), element)
        elif tag == "div" and set(kinds) & SIDE_BY_SIDE:
            self._side_by_side(element)
        elif tag in BLOCKS:
            self._block(element, kinds)
        else:
            self._lines(element, tag, kinds)

    def _block(self, element: Any, kinds: list[str]) -> None:
        """What stands in it; text of its own becomes a paragraph."""
        if element.text and element.text.strip():
            self._inline_text(self._paragraph(), element.text, "")
        for child in element:
            self.write(child)
            if child.tail and child.tail.strip():
                self._inline_text(self._paragraph(), child.tail, "")

    def _lines(self, element: Any, tag: str, kinds: list[str]) -> None:
        """A paragraph: `p`, `h5`, `dt`, `figcaption` and what is not known."""
        if not "".join(element.itertext()).strip() and not len(element):
            return
        style = {"h5": styles.LABEL, "dt": styles.LABEL, "figcaption": "Caption"}.get(tag, "")
        style = next((PARAGRAPH_STYLES[k] for k in kinds if k in PARAGRAPH_STYLES), style)
        paragraph = self._paragraph(style)
        self._inline(paragraph, element, "")
        self._finish(paragraph)

    def _heading(self, element: Any, level: int, is_listed: bool) -> None:
        paragraph = self._paragraph(f"Heading {level if is_listed or level < 2 else 3}")
        mark = self._mark(paragraph)
        asides = [c for c in element if set((c.get("class") or "").split()) & ASIDES]
        self._inline(paragraph, element, "")
        self._finish(paragraph)
        for aside in asides:
            self._lines(aside, "p", ["small"])
        if is_listed and level < 3:
            self.headings.append((level, paragraph.text.strip(), mark))

    def _list(self, element: Any, kinds: list[str]) -> None:
        if "legend" in kinds:
            # Its colours stand in the drawing; in words it is one line.
            texts = [" ".join("".join(item.itertext()).split()) for item in element]
            paragraph = self._paragraph(styles.SMALL)
            self._inline_text(paragraph, "; ".join(text for text in texts if text), "")
            return
        style = "List Number" if element.tag == "ol" else "List Bullet"
        number = self._numbering() if element.tag == "ol" else None
        for item in element:
            if item.tag != "li":
                continue
            if name := item.get("id"):
                self._waiting.append(name)
            paragraph = self._paragraph(style)
            if number is not None:
                properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
                properties.get_or_add_ilvl().val, properties.get_or_add_numId().val = 0, number
            self._inline(paragraph, item, "")
            self._finish(paragraph)

    def _numbering(self) -> int:
        """A count of its own, from one: lists of a style otherwise go on counting."""
        definitions = self.paper.part.numbering_part.element
        style = self.paper.styles["List Number"].element
        used = style.pPr.numPr.numId.val
        abstract = next(n for n in definitions.num_lst if n.numId == used).abstractNumId.val
        number = definitions.add_num(abstract)
        number.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(number.numId)

    def _table(self, element: Any) -> None:
        def fill(cell_element: Any, cell: Any) -> None:
            self._in_cell(cell, lambda: self._cell(cell_element))

        add_table(self.paper, element, self.width, self.palette, fill)

    def _side_by_side(self, element: Any) -> None:
        """Boxes as the cells of a table without lines, three in a row."""
        boxes = [child for child in element if isinstance(child.tag, str)]
        if not boxes:
            return
        rows = -(-len(boxes) // IN_A_ROW)
        table = self.paper.add_table(rows, min(IN_A_ROW, len(boxes)))
        cells = (cell for row in table.rows for cell in row.cells)
        for box, cell in zip(boxes, cells, strict=False):
            self._in_cell(cell, partial(self._block, box, []))
        self.paper.add_paragraph()

    def _in_cell(self, cell: Any, write: Callable[[], None]) -> None:
        before, self._into = self._into, cell
        write()
        self._into = before
        first = cell.paragraphs[0]
        if not first.runs and len(cell.paragraphs) > 1:
            first._p.getparent().remove(first._p)

    def _cell(self, element: Any) -> None:
        if any(child.tag in ("p", "ul", "ol", "div") for child in element):
            self._block(element, [])
            return
        paragraph = self._into.paragraphs[0]
        self._marked(paragraph)
        self._inline(paragraph, element, "")
        self._finish(paragraph)
        if "number" in (element.get("class") or "").split():
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def _paragraph(self, style: str = "") -> Any:
        paragraph = self._into.add_paragraph()
        if style:
            paragraph._p.style = self._styles[style]
        self._marked(paragraph)
        return paragraph

    def _inline(self, paragraph: Any, element: Any, style: str, bold: bool = False) -> None:
        """Runs of text in their looks; links lead to places in the document only."""
        self._inline_text(paragraph, element.text or "", style, bold=bold)
        for child in element:
            self._child(paragraph, child, style, bold)
            self._inline_text(paragraph, child.tail or "", style, bold=bold)

    def _child(self, paragraph: Any, child: Any, style: str, bold: bool) -> None:
        tag = child.tag
        kinds = (child.get("class") or "").split()
        if not isinstance(tag, str) or any(kind in DRAWN_ONLY for kind in kinds):
            return
        if child.getparent().tag in HEADINGS and ASIDES & set(kinds):
            return
        if tag == "br":
            paragraph.add_run().add_break()
        elif tag == "img":
            self._picture(paragraph, child)
        elif tag in ("p", "li", "div", "ul", "ol") and paragraph.runs:
            paragraph.add_run().add_break()
            self._inline(paragraph, child, style, bold)
        elif tag == "a" and (child.get("href") or "").startswith("#"):
            self._link(paragraph, child, style, bold)
        else:
            own = next((RUN_STYLES[kind] for kind in kinds if kind in RUN_STYLES), style)
            quote = '"' if tag == "q" else " " if "of" in kinds else ""
            self._inline_text(paragraph, quote, own)
            self._inline(paragraph, child, own, bold or tag in ("strong", "b", "th"))
            self._inline_text(paragraph, quote, own)

    def _inline_text(self, paragraph: Any, text: str, style: str, *, bold: bool = False) -> None:
        shown = _SPACES.sub(" ", plain(text))
        if paragraph_is_open(paragraph):
            shown = shown.lstrip(" ")
        if shown:
            self._dress(paragraph.add_run(shown), style, bold)

    def _dress(self, run: Any, style: str, bold: bool) -> None:
        if style:
            run._r.style = self._styles[style]
        if bold:
            run.bold = True
        if is_right_to_left(run.text):
            run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))

    def _link(self, paragraph: Any, element: Any, style: str, bold: bool) -> None:
        text = _SPACES.sub(" ", plain("".join(element.itertext()))).strip()
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), self._name_of(element.get("href")[1:]))
        run = OxmlElement("w:r")
        link.append(run)
        paragraph._p.append(link)
        wrapped = Run(run, paragraph)
        wrapped.text = text
        self._dress(wrapped, style, bold)

    def _finish(self, paragraph: Any) -> None:
        if is_all_right_to_left(paragraph.text):
            properties = paragraph._p.get_or_add_pPr()
            properties.insert_element_before(OxmlElement("w:bidi"), "w:spacing", "w:ind", "w:jc")

    def _picture(self, paragraph: Any, element: Any) -> None:
        number = element.get("data-drawing")
        if number is None:
            return
        drawing = self.draw(int(number))
        width, height = drawing.width * MM, drawing.height * MM
        part = min(1.0, self.width / width, TALLEST / height)
        paragraph.paragraph_format.space_after = Pt(4)
        if not paragraph.runs:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run()
        shape = run.add_picture(io.BytesIO(drawing.png), Mm(width * part), Mm(height * part))
        shape._inline.docPr.set("descr", plain(drawing.alt))

    def _name_of(self, name: str) -> str:
        """Bookmarks are short, of letters and digits."""
        if name not in self._names:
            self._names[name] = f"wm_{len(self._names) + 1}"
        return self._names[name]

    def _marked(self, paragraph: Any) -> None:
        """The places that wait for the next paragraph begin here."""
        for name in self._waiting:
            self._bookmark(paragraph, self._name_of(name))
        self._waiting.clear()

    def _mark(self, paragraph: Any) -> str:
        name = self._name_of(f"heading {len(self.headings)}")
        self._bookmark(paragraph, name)
        return name

    def _bookmark(self, paragraph: Any, name: str) -> None:
        self._marks += 1
        for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
            mark = OxmlElement(tag)
            mark.set(qn("w:id"), str(self._marks))
            if tag == "w:bookmarkStart":
                mark.set(qn("w:name"), name)
            paragraph._p.append(mark)


def paragraph_is_open(paragraph: Any) -> bool:
    """Whether a space would stand at the beginning of a line or after another."""
    text = paragraph.text
    return not text or text[-1] in " \n"

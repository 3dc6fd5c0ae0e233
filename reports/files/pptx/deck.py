"""A presentation in a brand's colours: slides with titles, texts that fit, tables and notes."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Inches, Pt

from reports.files.office.texts import is_right_to_left, plain
from reports.files.pptx.fitting import cut, fit, height_of
from reports.frozen.snapshot import ReportSnapshot
from reports.pictures.colors import TEXT, WHITE, contrast
from reports.pictures.palette import Palette, branded

WIDE, HIGH = 13.333, 7.5
MOST_LINES = 6
LEFT, TOP, WIDTH, BOTTOM = 0.6, 1.45, 12.13, 6.85
TITLE_SLIDE, TITLE_ONLY = 0, 1
BOLD = 0.8
"""Room left for bold type, whose figures are wide in the types that stand in for ours."""


@dataclass(frozen=True)
class Box:
    """A place on a slide, in inches."""

    left: float = LEFT
    top: float = TOP
    width: float = WIDTH
    height: float = BOTTOM - TOP

    @property
    def emu(self) -> tuple[Emu, Emu, Emu, Emu]:
        parts = (self.left, self.top, self.width, self.height)
        left, top, width, height = (Inches(part) for part in parts)
        return left, top, width, height


class Deck:
    def __init__(self, snapshot: ReportSnapshot) -> None:
        self.snapshot = snapshot
        self.palette: Palette = branded(snapshot.brand)
        self.file = Presentation()
        self.slides: list[Slide] = []
        _make_wide(self.file)
        _dress(self.file, self.palette)
        self._properties()

    def slide(self, title: str, source: str, layout: int = TITLE_ONLY) -> Slide:
        """`source`: where the figures of the slide come from, for its notes."""
        page = self.file.slides.add_slide(self.file.slide_layouts[layout])
        slide = Slide(self, page, source, len(self.slides) + 1)
        slide.title(title)
        self.slides.append(slide)
        return slide

    def bytes(self) -> bytes:
        for slide in self.slides:
            slide.write_notes()
        out = io.BytesIO()
        self.file.save(out)
        return out.getvalue()

    def _properties(self) -> None:
        core, snapshot = self.file.core_properties, self.snapshot
        day = datetime.combine(snapshot.generated_on, time())
        core.title = plain(snapshot.organization)[:200]
        core.author = plain(snapshot.brand.name)[:200] if snapshot.brand else "Waymark"
        core.last_modified_by = ""
        core.created = core.modified = day
        core.language = snapshot.language
        core.revision = 1


class Slide:
    def __init__(self, deck: Deck, page: Any, source: str, number: int) -> None:
        self.deck, self.page, self.source, self.number = deck, page, source, number
        self._notes: list[str] = []

    def title(self, text: str) -> None:
        """Ours, and short; the cover's is written by `retitle`."""
        if self.number > 1:
            self.write(
                self.page.shapes.title.text_frame, text, WIDTH - 0.2, 0.85, 26, 18, bold=True
            )

    def retitle(self, text: str, width: float, height: float, color: str) -> None:
        frame = self.page.shapes.title.text_frame
        self.write(frame, text, width - 0.2, height, 38, 18, color=color, bold=True)

    def describe(self, shape: Any, text: str) -> None:
        described(shape, text)

    def text(
        self,
        text: str,
        box: Box,
        size: float = 16,
        *,
        least: float = 11,
        color: str = "",
        bold: bool = False,
        align: str = "",
        anchor: str = "top",
    ) -> Any:
        shape = self.page.shapes.add_textbox(*box.emu)
        frame = shape.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.vertical_anchor = {"top": MSO_ANCHOR.TOP, "middle": MSO_ANCHOR.MIDDLE}[anchor]
        self.write(
            frame, text, box.width, box.height, size, least, color=color, bold=bold, align=align
        )
        return shape

    def write(
        self,
        frame: Any,
        text: str,
        width: float,
        height: float,
        size: float,
        least: float,
        *,
        color: str = "",
        bold: bool = False,
        align: str = "",
    ) -> None:
        whole = plain(text)
        fitted = fit(whole, width * (BOLD if bold else 1), height, size, least)
        if fitted.is_cut:
            self.note(whole)
        for number, line in enumerate(fitted.text.split("\n")):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            self.run(paragraph, line, fitted.size, color=color, bold=bold, align=align)

    def run(
        self,
        paragraph: Any,
        text: str,
        size: float,
        *,
        color: str = "",
        bold: bool = False,
        align: str = "",
    ) -> None:
        run = paragraph.add_run()
        run.text = text
        run.font.size, run.font.bold = Pt(size), bold
        if color:
            run.font.color.rgb = rgb(color)
        run._r.get_or_add_rPr().set("lang", self.deck.snapshot.language)
        if align:
            paragraph.alignment = {"right": PP_ALIGN.RIGHT, "left": PP_ALIGN.LEFT}[align]
        if is_right_to_left(text):
            paragraph._p.get_or_add_pPr().set("rtl", "1")

    def bullets(self, lines: Sequence[str], box: Box, size: float = 15, least: float = 11) -> float:
        """As many as fit, the rest counted in the notes; how much height they took."""
        top = box.top
        for number, line in enumerate(lines):
            left = box.top + box.height - top
            whole = plain(line).replace("\n", " ")
            need = min(
                height_of(whole, box.width - 0.3, size),
                height_of("x\n" * (MOST_LINES - 1), 9, size),
            )
            if need > left:
                self.note("\n".join(f"• {plain(one)}" for one in lines[number:]))
                break
            dot = Box(box.left, top + size * 0.0062, 0.09, 0.09)
            self.shape(MSO_SHAPE.OVAL, dot, self.deck.palette.brand)
            self.text(whole, Box(box.left + 0.25, top, box.width - 0.25, need), size, least=least)
            top += need + size * 0.008
        return top - box.top

    def shape(self, kind: Any, box: Box, color: str, *, alt: str = "") -> Any:
        """A shape without words; without `alt` it says nothing that is not written beside it."""
        shape = self.page.shapes.add_shape(kind, *box.emu)
        shape.fill.solid()
        shape.fill.fore_color.rgb = rgb(color)
        shape.line.fill.background()
        # The style would bring a shadow.
        for style in shape._element.xpath("./p:style"):
            shape._element.remove(style)
        if alt:
            described(shape, alt)
        else:
            _decorative(shape)
        return shape

    def table(
        self,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        box: Box,
        *,
        alt: str,
        numbers: Sequence[int] = (),
        size: float = 12,
        lines: int = 2,
        bold_last: bool = False,
    ) -> int:
        """A native table; how many of the rows found room. What is cut stands in the notes."""
        kept = self._rows_that_fit(rows, widths, box, size, lines)
        count, wide = len(kept) + 1, sum(widths)
        frame = self.page.shapes.add_table(count, len(head), *box.emu)
        described(frame, alt)
        grid = frame.table
        grid.last_row = bold_last and len(kept) == len(rows)
        for column, part in enumerate(widths):
            grid.columns[column].width = Inches(box.width * part / wide)
        for number, row in enumerate((head, *(cells for cells, _height in kept))):
            height = 0.34 if number == 0 else kept[number - 1][1]
            grid.rows[number].height = Inches(height)
            for column, text in enumerate(row):
                is_bold = number == 0 or (bold_last and number == count - 1)
                cell = grid.cell(number, column)
                self._cell(cell, text, size, bold=is_bold, right=column in numbers)
                if number == 0:
                    cell.fill.solid()
                    cell.fill.fore_color.theme_color = MSO_THEME_COLOR.TEXT_2
        return len(kept)

    def _rows_that_fit(
        self,
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        box: Box,
        size: float,
        lines: int,
    ) -> list[tuple[list[str], float]]:
        wide, top = sum(widths), 0.34
        kept: list[tuple[list[str], float]] = []
        for row in rows:
            cells, height = [], 0.0
            for text, part in zip(row, widths, strict=True):
                room = box.width * part / wide - 0.18
                whole = plain(text).replace("\n", " ")
                shown = cut(whole, room, size, lines)
                if shown != whole:
                    self.note(whole)
                cells.append(shown)
                height = max(height, height_of(shown, room, size))
            height += 0.1
            if top + height > box.height:
                break
            top += height
            kept.append((cells, height))
        return kept

    def _cell(self, cell: Any, text: str, size: float, *, bold: bool, right: bool) -> None:
        cell.margin_left = cell.margin_right = Inches(0.08)
        cell.margin_top = cell.margin_bottom = Inches(0.04)
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
        cell.text_frame.word_wrap = True
        align = "right" if right else ""
        self.run(cell.text_frame.paragraphs[0], text, size, bold=bold, align=align)

    def note(self, text: str) -> None:
        if text not in self._notes:
            self._notes.append(text)

    def write_notes(self) -> None:
        self._foot()
        text = "\n\n".join([self.source, *self._notes])
        self.page.notes_slide.notes_text_frame.text = plain(text)

    def _foot(self) -> None:
        if self.number == 1:
            return
        palette = self.deck.palette
        name = self.deck.snapshot.organization
        self.text(name, Box(LEFT, 7.05, 9.5, 0.25), 10, least=10, color=palette.muted)
        shape = self.text("", Box(LEFT + WIDTH - 1, 7.05, 1, 0.25), 10)
        paragraph = shape.text_frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.RIGHT
        for run in list(paragraph.runs):
            paragraph._p.remove(run._r)
        paragraph._p.append(_field(self.number, palette.muted))


def described(shape: Any, text: str) -> None:
    shape._element.xpath(".//p:cNvPr")[0].set("descr", plain(text))


def _decorative(shape: Any) -> None:
    """As PowerPoint marks what a screen reader passes over."""
    shape._element.xpath(".//p:cNvPr")[0].append(
        parse_xml(
            f'<a:extLst {nsdecls("a")}><a:ext uri="{{C183D7F6-B498-43B3-948B-1728B52AA6E4}}">'
            '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/'
            'decorative" val="1"/></a:ext></a:extLst>'
        )
    )


def rgb(color: str) -> RGBColor:
    return RGBColor.from_string(color.lstrip("#").upper())


def on(ground: str) -> str:
    """The colour of text that can be read on a ground."""
    return WHITE if contrast(WHITE, ground) >= TEXT else "#111111"


def _field(number: int, color: str) -> Any:
    """The number of the slide, which moves with it."""
    return parse_xml(
        f'<a:fld {nsdecls("a")} id="{{00000000-0000-4000-8000-000000000001}}" type="slidenum">'
        f'<a:rPr sz="1000"><a:solidFill><a:srgbClr val="{rgb(color)}"/></a:solidFill></a:rPr>'
        f"<a:t>{number}</a:t></a:fld>"
    )


def _make_wide(file: Any) -> None:
    """The library's template is 4:3: everything in it is moved with the width."""
    part = Inches(WIDE) / file.slide_width
    file.slide_width, file.slide_height = Inches(WIDE), Inches(HIGH)
    for layout in list(file.slide_layouts):
        if layout.name not in ("Title Slide", "Title Only"):
            file.slide_layouts.remove(layout)
    for sheet in (file.slide_master, *file.slide_layouts):
        for shape in sheet.shapes:
            if shape.element.xpath("./p:spPr/a:xfrm"):
                shape.left, shape.width = Emu(int(shape.left * part)), Emu(int(shape.width * part))
    for sheet in (file.slide_master, file.slide_layouts[TITLE_ONLY]):
        for shape in sheet.placeholders:
            if shape.placeholder_format.type == 1:
                shape.left, shape.top = Inches(LEFT), Inches(0.4)
                shape.width, shape.height = Inches(WIDTH), Inches(0.85)
                shape.text_frame.margin_left = 0


def _dress(file: Any, palette: Palette) -> None:
    """The brand's colours as those of the theme: who edits a chart picks from them."""
    theme = file.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    colors = {
        "dk2": palette.brand_deep,
        "lt2": palette.tint,
        "accent1": palette.brand,
        "accent2": palette.blaze,
        **{f"accent{3 + n}": color for n, color in enumerate(palette.phases)},
    }
    body = theme.blob.decode()
    for name, color in colors.items():
        value = color.lstrip("#").upper()
        body = re.sub(
            rf'(<a:{name}>)<a:srgbClr val="\w+"/>', rf'\g<1><a:srgbClr val="{value}"/>', body
        )
    theme._blob = body.encode()
    look = file.slide_master.element.xpath("p:txStyles/p:titleStyle/a:lvl1pPr")[0]
    look.set("algn", "l")
    for fill in look.iter(qn("a:schemeClr")):
        fill.set("val", "tx2")

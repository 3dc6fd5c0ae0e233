"""Page, styles, running heads and fields of a Word document."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from reports.choices import Choices
from reports.enums import PageSize
from reports.files.office.texts import one_line, plain, shortened
from reports.frozen.snapshot import ReportSnapshot
from reports.pictures.palette import Palette, branded
from reports.templatetags.report_format import day

SIDE = 18
TEXT_WIDTH = {PageSize.A4: 210 - 2 * SIDE, PageSize.LETTER: 216 - 2 * SIDE}
FONT = "Calibri"
HEADINGS = {1: 20, 2: 14, 3: 12, 4: 11}
LABEL, SMALL = "Waymark Label", "Waymark Small"
CALLOUT, FIGURE = "Waymark Callout", "Waymark Figure"
CELL = "Waymark Cell"
NOTE, CODE, TAG = "Waymark Note", "Waymark Id", "Waymark Tag"


def new_paper(snapshot: ReportSnapshot, choices: Choices, title: str) -> Paper:
    paper = Document()
    palette = branded(snapshot.brand)
    _page(paper, choices)
    _styles(paper, palette, snapshot.language)
    _running_heads(paper, snapshot, title)
    _properties(paper, snapshot, title)
    return paper


def _page(paper: Paper, choices: Choices) -> None:
    section = paper.sections[0]
    is_letter = choices.page_size == PageSize.LETTER
    section.page_width = Mm(215.9 if is_letter else 210)
    section.page_height = Mm(279.4 if is_letter else 297)
    section.left_margin = section.right_margin = Mm(SIDE)
    section.top_margin, section.bottom_margin = Mm(22), Mm(20)
    section.different_first_page_header_footer = True


def _styles(paper: Paper, palette: Palette, language: str) -> None:
    normal = paper.styles["Normal"]
    _font(normal, 10.5, palette.ink)
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing = 1.12
    _language(paper, language)
    _font(paper.styles["Title"], 32, palette.brand_deep, bold=True)
    _unframed(paper.styles["Title"])
    _font(paper.styles["Subtitle"], 14, palette.muted)
    paper.styles["Subtitle"].font.italic = False
    for level, size in HEADINGS.items():
        style = paper.styles[f"Heading {level}"]
        _font(style, size, palette.brand_deep if level < 3 else palette.ink, bold=True)
        style.font.italic = False
        style.paragraph_format.space_before = Pt(14 if level < 3 else 10)
        style.paragraph_format.space_after = Pt(4)
        style.paragraph_format.keep_with_next = True
    paper.styles["Heading 1"].paragraph_format.page_break_before = True
    _font(paper.styles["Caption"], 9, palette.muted)
    for name in ("List Bullet", "List Number"):
        paper.styles[name].paragraph_format.space_after = Pt(2)
    _own_styles(paper, palette)


def _own_styles(paper: Paper, palette: Palette) -> None:
    for name, size, color, bold in (
        (LABEL, 9.5, palette.brand_deep, True),
        (SMALL, 9, palette.muted, False),
        (CALLOUT, 10.5, palette.ink, False),
        (FIGURE, 26, palette.brand_deep, True),
        (CELL, 9, palette.ink, False),
    ):
        style = paper.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = paper.styles["Normal"]
        _font(style, size, color, bold=bold)
        style.paragraph_format.space_after = Pt(2 if name != CALLOUT else 8)
        style.paragraph_format.keep_with_next = name == LABEL
    paper.styles[CELL].paragraph_format.space_before = Pt(2)
    _shade(paper.styles[CALLOUT].element.get_or_add_pPr(), palette.warn_paper)
    for name, color, bold in (
        (NOTE, palette.muted, False),
        (CODE, palette.muted, False),
        (TAG, palette.brand_deep, True),
    ):
        style = paper.styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
        style.font.color.rgb = RGBColor.from_string(color.lstrip("#").upper())
        style.font.bold = bold or None


def _font(style: Any, size: float, color: str, *, bold: bool | None = None) -> None:
    style.font.name, style.font.size = FONT, Pt(size)
    style.font.color.rgb = RGBColor.from_string(color.lstrip("#").upper())
    if bold is not None:
        style.font.bold = bold
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(name), None)
    for name in ("w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(name), FONT)


def _unframed(style: Any) -> None:
    for border in style.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)


def _shade(properties: Any, color: str) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), color.lstrip("#").upper())
    properties.insert_element_before(shade, "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl")


def _language(paper: Paper, language: str) -> None:
    for node in paper.styles.element.iter(qn("w:lang")):
        node.set(qn("w:val"), language)
        node.set(qn("w:bidi"), language if language in ("he", "ar", "fa") else "ar-SA")


def _running_heads(paper: Paper, snapshot: ReportSnapshot, title: str) -> None:
    section = paper.sections[0]
    right = section.page_width - section.left_margin - section.right_margin
    name = shortened(snapshot.organization, 70)
    footer = snapshot.brand.footer if snapshot.brand else ""
    for place, (left, other) in (
        (section.header, (name, title)),
        (section.footer, (shortened(footer or day(snapshot.generated_on), 90), "")),
    ):
        place.is_linked_to_previous = False
        paragraph = place.paragraphs[0]
        paragraph.style = paper.styles[SMALL]
        stops = paragraph.paragraph_format.tab_stops
        stops.add_tab_stop(right, WD_TAB_ALIGNMENT.RIGHT)
        run = paragraph.add_run(plain(left))
        run.add_tab()
        paragraph.add_run(plain(other))
    add_field(section.footer.paragraphs[0], "PAGE", "1")
    section.footer.paragraphs[0].add_run(" / ")
    add_field(section.footer.paragraphs[0], "NUMPAGES", "1")


def _properties(paper: Paper, snapshot: ReportSnapshot, title: str) -> None:
    core = paper.core_properties
    core.title = shortened(f"{title} – {snapshot.organization}", 250)
    core.author = one_line(snapshot.brand.name)[:200] if snapshot.brand else "Waymark"
    core.subject = f"{snapshot.guide.title} {snapshot.guide.version}"[:250]
    core.comments, core.last_modified_by = "", ""
    core.language = snapshot.language
    core.created = core.modified = datetime.combine(snapshot.generated_on, time())
    core.revision = 1


def add_field(paragraph: Any, instruction: str, shown: str) -> None:
    """A field with what it shows until Word works it out."""
    for kind, text in (("begin", ""), ("", instruction), ("separate", ""), ("text", shown)):
        run = paragraph.add_run()
        if kind == "text":
            run.text = text
        elif kind:
            run._r.append(field_mark(kind))
        else:
            run._r.append(instruction_text(text))
    paragraph.add_run()._r.append(field_mark("end"))


def field_mark(kind: str) -> Any:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    return mark


def instruction_text(text: str) -> Any:
    element = OxmlElement("w:instrText")
    element.set(qn("xml:space"), "preserve")
    element.text = f" {text} "
    return element

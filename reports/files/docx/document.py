"""The chosen document for those who edit: headings, lists, tables and pictures of Word."""

from __future__ import annotations

import contextlib
import io
from contextlib import ExitStack
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from docx.document import Document as Paper
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from lxml import html

from reports import logos
from reports.choices import Choices
from reports.documents.look import document_title
from reports.documents.sections import document_html
from reports.enums import Document, PageSize
from reports.files.docx import styles
from reports.files.docx.pictures import Drawing, drawn, fonts, taken_out
from reports.files.docx.writing import Writer
from reports.files.forms import Made, Tell
from reports.files.office.packages import sealed
from reports.files.office.texts import is_right_to_left, plain
from reports.files.texts import for_xml
from reports.frozen.snapshot import ReportSnapshot
from reports.pictures.palette import branded
from reports.templatetags.report_format import day

LEFT_TO_THE_COVER = {"cover", "contents", "masthead", "toc"}
LONG = (Document.FULL, Document.AUDITOR)
"""With a page for the cover, contents, and a new page for each chapter."""


def make(snapshot: ReportSnapshot, choices: Choices, tell: Tell) -> Made:
    with translation.override(snapshot.language), ExitStack() as stack:
        tell(5, _("Writing the sections"))
        page, drawings = taken_out(document_html(snapshot, choices))
        font_files = stack.enter_context(fonts("".join(drawings)))
        title = str(document_title(choices.document))
        paper = styles.new_paper(snapshot, choices, title)
        is_long = choices.document in LONG
        _cover(paper, snapshot, title, is_long=is_long)
        place = _contents_head(paper) if is_long else None
        paper.styles["Heading 1"].paragraph_format.page_break_before = is_long

        def draw(number: int) -> Drawing:
            tell(30 + 50 * number // max(1, len(drawings)), _("Drawing the charts"))
            return drawn(drawings[number], font_files)

        is_letter = choices.page_size == PageSize.LETTER
        width = styles.TEXT_WIDTH[PageSize.LETTER if is_letter else PageSize.A4]
        writer = Writer(paper, branded(snapshot.brand), width, draw)
        for element in _sections(page):
            writer.write(element)
        if place is not None:
            _contents(paper, place, writer.headings)
        tell(90, _("Packing the document"))
        out = io.BytesIO()
        paper.save(out)
        return Made(sealed(out.getvalue(), snapshot.generated_on))


def _sections(page: str) -> list[Any]:
    """What stands in the body, but for the cover and the contents, which Word has of its own."""
    body = html.document_fromstring(for_xml(page)).find("body")
    if body is None:
        return []
    for element in list(body.iter()):
        kinds = (element.get("class") or "").split() if isinstance(element.tag, str) else ()
        if LEFT_TO_THE_COVER & set(kinds):
            element.drop_tree()
    return [element for element in body if isinstance(element.tag, str)]


def _cover(paper: Paper, snapshot: ReportSnapshot, title: str, *, is_long: bool) -> None:
    brand = snapshot.brand
    if brand and brand.logo and brand.logo_width and brand.logo_height:
        # A picture that was removed leaves a cover without one, never a document that fails.
        with contextlib.suppress(OSError):
            part = min(60 / brand.logo_width, 25 / brand.logo_height)
            run = paper.add_paragraph().add_run()
            body = io.BytesIO(logos.read(brand.logo))
            shape = run.add_picture(body, Mm(brand.logo_width * part))
            shape._inline.docPr.set("descr", plain(brand.name))
    if is_long:
        paper.add_paragraph().paragraph_format.space_after = Pt(120)
    _line(paper, title, "Subtitle")
    _line(paper, snapshot.organization, "Title", _size_of(snapshot.organization, is_long=is_long))
    if snapshot.roadmap:
        _line(paper, snapshot.roadmap, "Subtitle")
    facts = [_("Report of %(day)s") % {"day": day(snapshot.generated_on)}]
    facts.append(f"{snapshot.guide.title}, {snapshot.guide.version}")
    if brand and brand.name:
        facts.append(_("Prepared by %(name)s") % {"name": brand.name})
    for fact in facts:
        _line(paper, fact, "Normal")
    note = _(
        "Efforts, dates and usual levels are estimates. References to regulations are a reading "
        "aid, not legal advice."
    )
    _line(paper, note, styles.SMALL)


def _size_of(name: str, *, is_long: bool) -> float:
    """Four hundred letters of a name still leave room on the cover."""
    if len(name) > 180:
        return 15
    return 32 if is_long and len(name) <= 60 else 22


def _line(paper: Paper, text: str, style: str, size: float | None = None) -> None:
    paragraph = paper.add_paragraph(style=paper.styles[style])
    run = paragraph.add_run(plain(text))
    if size:
        run.font.size = Pt(size)
    if is_right_to_left(text):
        run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))
        properties = paragraph._p.get_or_add_pPr()
        properties.insert_element_before(OxmlElement("w:bidi"), "w:spacing", "w:ind", "w:jc")


def _contents_head(paper: Paper) -> Any:
    """Where the contents go once it is known what there is."""
    paragraph = paper.add_paragraph(style=paper.styles["Subtitle"])
    paragraph.paragraph_format.page_break_before = True
    paragraph.add_run(_("Contents"))
    hint = paper.add_paragraph(style=paper.styles[styles.SMALL])
    hint.add_run(_("Page numbers: in Word, click into the list and press F9."))
    return hint


def _contents(paper: Paper, after: Any, headings: list[tuple[int, str, str]]) -> None:
    """A field that Word renews, filled with what it will say: nobody sees an empty page."""
    place = after
    for number, (level, text, mark) in enumerate(headings):
        paragraph = paper.add_paragraph()
        paragraph.paragraph_format.left_indent = Mm(6 * (level - 1))
        paragraph.paragraph_format.space_after = Pt(2)
        if number == 0:
            for part in _field_start():
                paragraph._p.append(part)
        paragraph._p.append(_link(text, mark))
        if number == len(headings) - 1:
            paragraph.add_run()._r.append(styles.field_mark("end"))
        place._p.addnext(paragraph._p)
        place = paragraph


def _field_start() -> list[Any]:
    runs = []
    for part in (
        styles.field_mark("begin"),
        styles.instruction_text(r'TOC \o "1-2" \h \z \u'),
        styles.field_mark("separate"),
    ):
        run = OxmlElement("w:r")
        run.append(part)
        runs.append(run)
    return runs


def _link(text: str, mark: str) -> Any:
    link, run, words = (OxmlElement(name) for name in ("w:hyperlink", "w:r", "w:t"))
    link.set(qn("w:anchor"), mark)
    words.text = plain(text)
    run.append(words)
    link.append(run)
    return link

"""The document for those who edit, read by python-docx and shown by LibreOffice."""

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from PIL import Image

from reports.choices import Choices
from reports.documents.sections import document_html
from reports.files.docx import document
from reports.files.docx.pictures import drawn, fonts, taken_out
from tests.reports.office_files import (
    ARABIC,
    HEBREW,
    LONG,
    SNAPSHOTS,
    body_of,
    made,
    opened,
    outside_links,
    pages_of,
    rich_snapshot,
    tell,
)

ORDERS = {
    "w:pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs bidi "
    "spacing ind contextualSpacing jc outlineLvl rPr sectPr",
    "w:rPr": "rStyle rFonts b bCs i iCs color spacing kern sz szCs u rtl cs lang",
    "w:tblPr": "tblStyle tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "w:tcPr": "tcW gridSpan vMerge tcBorders shd vAlign",
    "w:trPr": "cantSplit tblHeader",
}


def read(name: str = "rich"):
    return Document(io.BytesIO(body_of("docx", name)))


def headings(paper) -> list[tuple[str, str]]:
    found = [(p.style.name, p.text) for p in paper.paragraphs]
    return [(style, text) for style, text in found if style.startswith("Heading")]


def test_headings_are_real_and_those_of_the_printed_document():
    found = headings(read())

    chapters = [text for style, text in found if style == "Heading 1"]
    assert chapters[0] == "Summary"
    assert {"Where you stand", "Highest risks", "The plan", "Initiatives"} <= set(chapters)
    assert ("Heading 3", "A1-01 Initiative number 1") in found


def test_contents_are_a_field_that_is_already_filled():
    paper = read()
    body = paper.element.body

    instructions = [node.text for node in body.iter(qn("w:instrText"))]
    assert instructions == [r' TOC \o "1-2" \h \z \u ']
    marks = {node.get(qn("w:name")) for node in body.iter(qn("w:bookmarkStart"))}
    links = [node.get(qn("w:anchor")) for node in body.iter(qn("w:hyperlink"))]
    assert links
    assert [link for link in links if link not in marks] == []


def test_tables_repeat_their_heads():
    tables = [table for table in read().tables if len(table.rows) > 1]

    assert tables
    assert any(table._tbl.tr_lst[0].findall(f".//{qn('w:tblHeader')}") for table in tables)


def test_pictures_are_described():
    described = [
        node.get("descr") for node in read().element.body.iter(qn("wp:docPr")) if node is not None
    ]

    assert len(described) >= 3
    assert all(described)


def test_drawings_have_words_in_them():
    _page, drawings = taken_out(document_html(rich_snapshot(), Choices()))
    with fonts("") as files:
        drawing = drawn(drawings[0], files)
        blank = drawn(drawings[0], [])

    assert drawing.png != blank.png
    picture = Image.open(io.BytesIO(drawing.png))
    assert picture.width == round(drawing.width * 2.5)
    assert "<" not in drawing.alt


def test_names_from_right_to_left_run_from_right_to_left():
    paper = read("hebrew")
    title = next(p for p in paper.paragraphs if p.style.name == "Title")

    assert title.text == HEBREW
    assert title._p.pPr.find(qn("w:bidi")) is not None
    assert title.runs[0]._r.rPr.find(qn("w:rtl")) is not None
    assert any(ARABIC in p.text for p in read("nasty").paragraphs)


def test_long_texts_are_whole():
    text = "\n".join(paragraph.text for paragraph in read("nasty").paragraphs)

    assert LONG.strip() in text


@pytest.mark.parametrize("name", SNAPSHOTS)
@pytest.mark.parametrize("tag", ORDERS)
def test_properties_stand_in_the_order_word_asks_for(name: str, tag: str):
    order = [qn(f"w:{child}") for child in ORDERS[tag].split()]
    for element in read(name).element.body.iter(qn(tag)):
        places = [order.index(child.tag) for child in element]
        assert places == sorted(places), [child.tag for child in element]


def test_language_and_properties_are_the_report_s():
    paper = read()

    assert paper.core_properties.language == "en"
    assert paper.core_properties.title == "DevOps adoption roadmap – Mercy Hospital"
    with zipfile.ZipFile(io.BytesIO(body_of("docx"))) as archive:
        assert {info.date_time for info in archive.infolist()} == {(2026, 11, 22, 0, 0, 0)}


@pytest.mark.parametrize("name", ["board", "clinician"])
def test_short_papers_have_neither_cover_page_nor_contents(name: str):
    body = document.make(rich_snapshot(), Choices(document=name), tell).body

    paper = Document(io.BytesIO(body))
    assert len(headings(paper)) > 2
    assert not list(paper.element.body.iter(qn("w:instrText")))
    assert not paper.styles["Heading 1"].paragraph_format.page_break_before


def test_the_trace_names_no_attachment_a_word_file_has_not():
    body = document.make(rich_snapshot(), Choices(document="auditor", form="docx"), tell).body

    text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(body)).paragraphs)
    assert "the plan as JSON holds all of it" in text
    assert "waymark-plan.json" not in text


def test_nothing_leads_out_of_the_file():
    assert outside_links(body_of("docx", "nasty")) == []


def test_same_input_gives_the_same_bytes():
    assert made("docx") == body_of("docx")


@pytest.mark.parametrize("name", ["rich", "nasty", "empty"])
def test_libreoffice_shows_it(shared: Path, name: str):
    pages = pages_of(opened(shared) / f"docx-{name}.pdf")

    assert len(pages) > 5
    assert "Summary" in "".join(pages)

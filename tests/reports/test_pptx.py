"""The plan as a presentation, read by python-pptx and shown by LibreOffice."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.util import Inches

from reports import logos
from reports.choices import Choices
from reports.files.pptx import presentation
from reports.files.pptx.fitting import fit, height_of
from reports.frozen.brand import BrandEntry
from tests.reports.office_files import (
    FORMULA,
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


def slides(name: str = "rich") -> list:
    return list(Presentation(io.BytesIO(body_of("pptx", name))).slides)


def charts(name: str = "rich") -> list:
    return [shape for slide in slides(name) for shape in slide.shapes if shape.has_chart]


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_every_slide_has_a_title_of_its_own_and_says_where_its_figures_come_from(name: str):
    found = slides(name)

    titles = [slide.shapes.title.text_frame.text for slide in found]
    assert 8 <= len(found) <= 12
    assert all(titles)
    assert len(set(titles)) == len(titles)
    assert all("Source" in slide.notes_slide.notes_text_frame.text for slide in found)


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_nothing_stands_beyond_the_slide(name: str):
    for slide in slides(name):
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= Inches(13.34)
            height = shape.height
            if shape.has_table:
                height = sum(row.height for row in shape.table.rows)
            assert shape.top + height <= Inches(7.5)


def test_charts_are_native_described_and_hold_their_figures():
    readiness, exposure, load = charts()

    assert list(readiness.chart.plots[0].categories) == ["1 Audit", "2 Pilot"]
    assert readiness.chart.plots[0].series[0].values == (31.4, None)
    assert list(exposure.chart.plots[0].categories) == ["Old"]
    assert [tuple(one.values) for one in load.chart.plots[0].series] == [(1.5, 4.5), (2.5, 3.8)]
    for shape in (readiness, exposure, load):
        assert shape._element.xpath(".//p:cNvPr")[0].get("descr")


def test_the_workbook_in_a_chart_takes_no_label_for_a_formula():
    _readiness, exposure, _load = charts("nasty")

    blob = exposure.chart.part.chart_workbook.xlsx_part.blob
    cell = openpyxl.load_workbook(io.BytesIO(blob))["Sheet1"]["A2"]
    assert (cell.value, cell.data_type) == (FORMULA, "s")


def test_a_long_name_is_cut_on_slides_and_whole_in_the_notes():
    found = slides("nasty")

    ahead = next(s for s in found if s.shapes.title.text_frame.text == "The next 90 days")
    table = next(shape.table for shape in ahead.shapes if shape.has_table)
    texts = [cell.text for row in table.rows for cell in row.cells]
    assert any(text.endswith("…") and len(text) < 150 for text in texts)
    assert LONG.strip() in ahead.notes_slide.notes_text_frame.text


def test_names_from_right_to_left_are_marked():
    cover = slides("hebrew")[0]

    paragraph = cover.shapes.title.text_frame.paragraphs[0]
    assert paragraph.text == HEBREW
    assert paragraph._p.pPr.get("rtl") == "1"


def test_nothing_leads_out_of_the_file():
    assert outside_links(body_of("pptx", "nasty")) == []


def test_same_input_gives_the_same_bytes():
    assert made("pptx") == body_of("pptx")


def test_every_part_bears_the_day_of_the_report():
    with zipfile.ZipFile(io.BytesIO(body_of("pptx"))) as archive:
        assert {info.date_time for info in archive.infolist()} == {(2026, 11, 22, 0, 0, 0)}
        assert not any("thumbnail" in name for name in archive.namelist())


@pytest.mark.parametrize("name", ["rich", "nasty", "empty"])
def test_libreoffice_shows_every_slide(shared: Path, name: str):
    pages = pages_of(opened(shared) / f"pptx-{name}.pdf")

    assert len(pages) == len(slides(name))
    assert "The decision" in pages[1]


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=600), st.floats(1, 12), st.floats(0.3, 5), st.integers(12, 40))
def test_what_fits_is_never_higher_than_its_box(text: str, width: float, height: float, size: int):
    fitted = fit(text.replace("\n", " "), width, height, size, 10)

    assert 10 <= fitted.size <= size
    one_line = 10 * 1.22 / 72
    if len(fitted.text) > 8:
        assert height_of(fitted.text, width, fitted.size) <= max(height, one_line) + 1e-9


def test_a_brand_gives_name_logo_and_colours(files: Path):
    picture = io.BytesIO()
    Image.new("RGB", (40, 10), "#336699").save(picture, "PNG")
    brand = BrandEntry(
        name="Adviser Ltd",
        main="#7a1f5c",
        logo=logos.write(picture.getvalue()),
        logo_width=40,
        logo_height=10,
    )

    body = presentation.make(rich_snapshot(brand=brand), Choices(), tell).body

    cover = Presentation(io.BytesIO(body)).slides[0]
    assert "Adviser Ltd" in [s.text_frame.text for s in cover.shapes if s.has_text_frame]
    (logo,) = (s for s in cover.shapes if s.shape_type == MSO_SHAPE_TYPE.PICTURE)
    assert logo._element.xpath(".//p:cNvPr")[0].get("descr") == "Logo of Adviser Ltd"
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert b'<a:accent1><a:srgbClr val="7A1F5C"/>' in archive.read("ppt/theme/theme1.xml")


def test_a_logo_that_is_gone_leaves_a_cover_without_one():
    brand = BrandEntry(logo=f"{'0' * 64}.png", logo_width=40, logo_height=10)

    assert presentation.make(rich_snapshot(brand=brand), Choices(), tell).pages == 12


def test_every_shape_without_words_is_described_or_marked_as_decoration():
    for slide in slides():
        for shape in slide.shapes:
            if shape.has_text_frame and shape.text_frame.text:
                continue
            (name,) = shape._element.xpath("./*/p:cNvPr")
            assert name.get("descr") or name.xpath('.//*[local-name()="decorative"]'), shape.name

"""Every printed document follows PDF/UA-1 and PDF/A-3a: veraPDF, and the structure walked here."""

import gc
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest

from reports import logos
from reports.choices import Choices
from reports.documents.sections import LAYOUTS
from reports.enums import Detail, Document, PageSize
from reports.frozen.brand import BrandEntry
from reports.frozen.snapshot import Fact, ReportSnapshot, from_json
from reports.printing.economy import remember_pages, without_collector
from reports.printing.pdf import PLAN_FILE, render_document
from tests.once import made_once
from tests.reports.samples import small_snapshot
from tests.reports.test_auditor import traced
from tests.reports.test_brand import picture
from tests.reports.test_clinician import entry_for
from tests.reports.test_full import told_snapshot
from tests.verapdf import findings

SCRIPTS = "Больница Київ, Ελληνικό, Nguyễn, St. Łukasz, מרכז רפואי, مستشفى الرحمة"
LETTER = "full in Letter with a brand"
KINDS = (*LAYOUTS, LETTER)


def sample(kind: str, logo: str) -> tuple[ReportSnapshot, Choices]:
    """One of everything that the document may tell."""
    if kind == LETTER:
        brand = BrandEntry("Nordlicht", "#1d3f8f", "#e05a1c", "Private", "Legal.", logo, 60, 20)
        snapshot = small_snapshot(
            organization=SCRIPTS, profile=(Fact("Name", SCRIPTS),), brand=brand
        )
        return snapshot, Choices(page_size=PageSize.LETTER, detail=Detail.SHORT)
    snapshot = traced() if kind == Document.AUDITOR else told_snapshot()
    if kind == Document.CLINICIAN:
        snapshot = replace(snapshot, clinical=entry_for("EHR"))
    sections = tuple(section.id for section in LAYOUTS[kind].sections)
    return snapshot, Choices(document=kind, detail=Detail.EVERYTHING, sections=sections)


def print_all(folder: Path) -> None:
    logo = logos.write(picture("PNG", "RGBA", (60, 20)))
    for kind in KINDS:
        rendered = render_document(*sample(kind, logo))
        (folder / f"{kind}.pdf").write_bytes(rendered.body)
    found = findings(sorted(folder.glob("*.pdf")))
    said = {Path(file).stem: lines for file, lines in found.items()}
    (folder / "findings.json").write_text(json.dumps(said))


@pytest.fixture
def printed(shared: Path) -> Path:
    return made_once(shared, "printed", print_all)


@pytest.fixture(params=KINDS)
def document(request: pytest.FixtureRequest, printed: Path) -> pikepdf.Pdf:
    return opened((printed / f"{request.param}.pdf").read_bytes())


@cache
def opened(body: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(body))


def elements(document: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    """Every element of the structure, in the order of reading."""

    def walk(element: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
        if not isinstance(element, pikepdf.Dictionary):
            return
        if "/S" in element:
            yield element
        for kid in kids(element):
            yield from walk(kid)

    yield from walk(document.Root.StructTreeRoot)


def kids(element: pikepdf.Dictionary) -> list[pikepdf.Object]:
    found = element.get("/K", [])
    return list(found) if isinstance(found, pikepdf.Array) else [found]


def tags_below(element: pikepdf.Dictionary) -> set[str]:
    return {
        str(kid.S) for kid in kids(element) if isinstance(kid, pikepdf.Dictionary) and "/S" in kid
    }


@pytest.mark.parametrize("kind", KINDS)
def test_pdf_follows_both_standards_by_verapdf(printed: Path, kind: str) -> None:
    found = json.loads((printed / "findings.json").read_text())

    assert found[kind] == []


def test_pdf_declares_both_standards_language_and_title(document: pikepdf.Pdf) -> None:
    with document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
    assert str(document.Root.Lang) == "en"
    assert document.Root.ViewerPreferences.DisplayDocTitle
    assert len(str(document.docinfo["/Title"])) > 10
    # The day of the report, not of the printing.
    assert str(document.docinfo["/CreationDate"]).startswith("D:20261122")


def test_pdf_headings_never_skip_a_level(document: pikepdf.Pdf) -> None:
    levels = [int(str(e.S)[2]) for e in elements(document) if re.fullmatch(r"/H\d", str(e.S))]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert [(one, other) for one, other in pairwise(levels) if other > one + 1] == []


def test_pdf_figures_and_pictures_say_what_they_show(document: pikepdf.Pdf) -> None:
    figures = [e for e in elements(document) if e.S == "/Figure"]

    assert [str(e.get("/Alt", "")) for e in figures if len(str(e.get("/Alt", ""))) < 5] == []


def test_pdf_lists_hold_items_and_tables_hold_rows(document: pikepdf.Pdf) -> None:
    allowed = {
        "/L": {"/L", "/LI", "/Caption"},
        "/LI": {"/Lbl", "/LBody"},
        "/Table": {"/TR", "/THead", "/TBody", "/TFoot", "/Caption"},
        "/TBody": {"/TR"},
        "/TR": {"/TH", "/TD"},
    }

    wrong = [
        (str(e.S), tags_below(e) - allowed[str(e.S)])
        for e in elements(document)
        if str(e.S) in allowed and tags_below(e) - allowed[str(e.S)]
    ]

    assert wrong == []


def test_pdf_header_cells_say_what_they_head(document: pikepdf.Pdf) -> None:
    heads = [e for e in elements(document) if e.S == "/TH"]

    assert {str(e.A.get("/Scope", "")) for e in heads} <= {"/Column", "/Row"}


def test_pdf_text_has_its_place_or_is_an_artifact(document: pikepdf.Pdf) -> None:
    for page in document.pages:
        depth = 0
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            depth += (name in ("BDC", "BMC")) - (name == "EMC")
            assert depth or name not in ("Tj", "TJ"), operands


def test_pdf_holds_nothing_that_acts_and_no_address(document: pikepdf.Pdf) -> None:
    for item in document.objects:
        if isinstance(item, pikepdf.Dictionary):
            assert not {"/JS", "/OpenAction", "/AA", "/URI", "/Launch"} & set(item.keys())


@pytest.mark.parametrize("kind", KINDS)
def test_pdf_brings_the_plan_along(printed: Path, kind: str) -> None:
    document = opened((printed / f"{kind}.pdf").read_bytes())
    specification = document.attachments[PLAN_FILE]
    (relation,) = document.Root.AF
    plan = json.loads(specification.get_file().read_bytes())

    assert str(relation.AFRelationship) == "/Data"
    assert specification.get_file().mime_type == "application/json"
    assert specification.get_file().creation_date.replace(tzinfo=None) == datetime(2026, 11, 22)
    brought = from_json(plan["plan"])
    assert [item.id for item in brought.initiatives] == ["A1-01", "A1-02", "A1-03"]
    if kind == Document.FULL:
        assert brought == sample(kind, "")[0]


def test_pdf_is_as_large_as_the_paper_that_was_chosen(printed: Path) -> None:
    def size(kind: str) -> set[tuple[int, int]]:
        pages = opened((printed / f"{kind}.pdf").read_bytes()).pages
        return {(round(page.mediabox[2]), round(page.mediabox[3])) for page in pages}

    assert size("full") == {(595, 842)}
    assert size(LETTER) == {(612, 792)}


def test_pdf_prints_every_script_in_bundled_fonts(printed: Path) -> None:
    pages = opened((printed / f"{LETTER}.pdf").read_bytes()).pages
    names = {str(font.BaseFont)[8:] for page in pages for font in page.Resources.Font.values()}

    assert {name.split("-")[0] for name in names} == {"Waymark"}
    found = " ".join(names)
    for script in ("Extended", "Vietnamese", "Greek", "Cyrillic", "Hebrew", "Arabic"):
        assert script in found


def test_pdf_written_the_short_way_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """What saves work changes the compression and nothing else."""

    def content(body: bytes) -> list[bytes]:
        found = pikepdf.open(BytesIO(body))
        streams = [o for o in found.objects if isinstance(o, pikepdf.Stream)]
        return sorted(stream.read_bytes() for stream in streams if stream.get("/Type") != "/XRef")

    short = render_document(small_snapshot()).body
    monkeypatch.setattr("reports.printing.standards.put_together", lambda pdf: None)
    long = render_document(small_snapshot()).body

    assert content(short) == content(long)
    assert len(short) < 1.05 * len(long)


def test_pages_are_remembered_as_they_are_added() -> None:
    import pydyf

    remember_pages()
    made = pydyf.PDF()
    seen = []
    for _number in range(3):
        made.add_page(pydyf.Dictionary({"Type": "/Page"}))
        seen.append(made.page_references)

    assert [len(pages) for pages in seen] == [1, 2, 3]
    assert seen[2] == tuple(f"{number} 0 R".encode() for number in made.pages["Kids"][::3])


def test_collector_is_on_again_after_a_failure() -> None:
    with pytest.raises(KeyError), without_collector():
        assert not gc.isenabled()
        raise KeyError

    assert gc.isenabled()

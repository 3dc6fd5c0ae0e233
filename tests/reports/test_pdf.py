import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdf
import pytest
from django.utils import translation

from reports.frozen.snapshot import Fact, ReportSnapshot
from reports.printing import progress
from reports.printing.own_files import own_file
from reports.printing.pdf import RenderedReport, ReportTookTooLong, render_html, render_pdf
from tests.reports.samples import demo_snapshot, initiative, progress_of, small_snapshot

DEMOS = ("per-1.yaml", "per-4.yaml")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def small() -> RenderedReport:
    return render_pdf(progress_of(small_snapshot(), A1_01="done", A1_02="in_progress"))


@pytest.fixture(scope="module", params=DEMOS)
def demo(request: pytest.FixtureRequest) -> tuple[ReportSnapshot, RenderedReport]:
    snapshot = demo_snapshot(request.param)
    return snapshot, render_pdf(snapshot)


@cache
def text_of(rendered: RenderedReport) -> str:
    """All text without white space: lines break where the layout wants."""
    text = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=rendered.body, capture_output=True, check=True
    )
    return squeeze(text.stdout.decode())


def squeeze(text: str) -> str:
    return re.sub(r"\s", "", text)


def structure(document: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    """Every element of the structure tree."""
    waiting = [document.Root.StructTreeRoot]
    while waiting:
        element = waiting.pop()
        if not isinstance(element, pikepdf.Dictionary):
            continue
        if "/S" in element:
            yield element
        kids = element.get("/K", [])
        waiting.extend(kids if isinstance(kids, pikepdf.Array) else [kids])


def test_pdf_figures_have_alternative_text(demo: tuple[ReportSnapshot, RenderedReport]) -> None:
    document = pikepdf.open(BytesIO(demo[1].body))

    figures = [element for element in structure(document) if element.S == "/Figure"]

    assert len(figures) >= 4
    assert all(len(str(figure.get("/Alt", ""))) > 30 for figure in figures)


def test_pdf_has_bookmarks_for_chapters_phases_and_initiatives(
    demo: tuple[ReportSnapshot, RenderedReport],
) -> None:
    snapshot, rendered = demo
    document = pikepdf.open(BytesIO(rendered.body))

    titles: list[str] = []
    with document.open_outline() as outline:
        waiting = list(outline.root)
        while waiting:
            item = waiting.pop(0)
            titles.append(item.title)
            waiting.extend(item.children)

    assert "Summary" in titles
    assert {phase.title for phase in snapshot.phases} <= set(titles)
    assert {f"{item.id} {item.title}" for item in snapshot.initiatives} <= set(titles)


def test_pdf_contains_what_the_snapshot_says(
    demo: tuple[ReportSnapshot, RenderedReport],
) -> None:
    snapshot, rendered = demo

    text = text_of(rendered)

    wanted = [item.title for item in snapshot.initiatives]
    wanted += [line for item in snapshot.initiatives for line in item.done]
    wanted += [gate.title for gate in snapshot.gates]
    wanted += [part.reason for part in snapshot.left_out]
    wanted += [source.title for source in snapshot.sources]
    assert [line for line in wanted if squeeze(line) not in text] == []


def test_pdf_prints_nothing_twice(demo: tuple[ReportSnapshot, RenderedReport]) -> None:
    """Boxes that meet the end of a page were once printed on both sides of it."""
    snapshot, rendered = demo

    text = text_of(rendered)

    counts = {item.id: text.count(squeeze(item.what)) for item in snapshot.initiatives}
    assert {item: count for item, count in counts.items() if count != 1} == {}


def test_pdf_is_sound_and_of_reasonable_length(
    demo: tuple[ReportSnapshot, RenderedReport], tmp_path: Path
) -> None:
    snapshot, rendered = demo
    file = tmp_path / "report.pdf"
    file.write_bytes(rendered.body)

    checked = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True)

    assert (checked.returncode, checked.stderr) == (0, "")
    assert len(pypdf.PdfReader(file).pages) == rendered.pages
    assert 20 <= rendered.pages <= 15 + len(snapshot.initiatives)
    assert len(rendered.body) < 1_000_000


def test_pdf_embeds_bundled_fonts_only(demo: tuple[ReportSnapshot, RenderedReport]) -> None:
    document = pikepdf.open(BytesIO(demo[1].body))

    names = {
        str(font.BaseFont).split("+")[-1].split("-")[0]
        for page in document.pages
        for font in page.Resources.Font.values()
    }

    assert names == {"Waymark"}


def test_pdf_table_of_contents_has_page_numbers(small: RenderedReport) -> None:
    contents = squeeze(pypdf.PdfReader(BytesIO(small.body)).pages[1].extract_text())

    assert "Summary3Whereyoustand4" in contents
    assert re.search(r"Theplan\d", contents)


def test_pdf_running_heads_name_the_organization_and_the_page(small: RenderedReport) -> None:
    page = squeeze(pypdf.PdfReader(BytesIO(small.body)).pages[3].extract_text())

    assert "MercyHospital" in page
    assert f"4/{small.pages}" in page


def test_pdf_of_the_same_snapshot_has_the_same_bytes() -> None:
    assert render_pdf(small_snapshot()).body == render_pdf(small_snapshot()).body


NAMES = (
    "مستشفى الرحمة 日本 🏥👩🏽‍⚕️",
    "x" * 300,
    "tab\tand\x0bcontrol\x00 characters",
    "",
    "בית חולים הדסה",
    "St. Łukasz Çelik Ångström",
    "\u202eright to left override",
    "<b>bold</b><script>alert(1)</script>&amp;",
)


@pytest.mark.parametrize("name", NAMES[:4])
def test_pdf_survives_any_name(name: str, tmp_path: Path) -> None:
    """Each of the first few on the cover, all of them in the profile and in a note."""
    progress = small_snapshot().initiatives[0].progress
    note = replace(progress, status="done", note="\n".join(NAMES))
    snapshot = small_snapshot(
        organization=name,
        roadmap=NAMES[5],
        profile=tuple(Fact("Name", other) for other in NAMES),
        initiatives=(initiative(1, progress=note), *small_snapshot().initiatives[1:]),
        has_progress=True,
    )

    rendered = render_pdf(snapshot)

    assert rendered.pages >= 8
    file = tmp_path / "report.pdf"
    file.write_bytes(rendered.body)
    assert subprocess.run(["qpdf", "--check", str(file)], capture_output=True).returncode == 0


def test_pdf_shows_hebrew_and_arabic_in_bundled_fonts() -> None:
    rendered = render_pdf(small_snapshot(organization="בית חולים مستشفى"))

    document = pikepdf.open(BytesIO(rendered.body))
    fonts = {str(f.BaseFont) for page in document.pages for f in page.Resources.Font.values()}
    assert any("Waymark-Hebrew" in font for font in fonts), fonts
    assert any("Waymark-Arabic" in font for font in fonts), fonts


def test_html_escapes_what_people_typed() -> None:
    nasty = "<img src=x onerror=alert(1)>\"'{{ palette }}"
    note = replace(small_snapshot().initiatives[0].progress, note=nasty)
    snapshot = small_snapshot(
        organization=nasty,
        roadmap=nasty,
        profile=(Fact("Name", nasty),),
        initiatives=(
            initiative(1, progress=note, reasons=(nasty,)),
            *small_snapshot().initiatives[1:],
        ),
        has_progress=True,
    )

    html = render_html(snapshot)

    assert "<img" not in html
    assert html.count("&lt;img src=x onerror=alert(1)&gt;") >= 5
    assert "{{ palette }}" in html


def test_html_of_a_plan_without_initiatives_is_complete() -> None:
    snapshot = small_snapshot(initiatives=(), phases=(), gates=(), risks=(), challenges=())

    assert render_pdf(snapshot).pages >= 6


def test_html_numbers_in_charts_never_follow_the_locale() -> None:
    with translation.override("de"):
        html = render_html(small_snapshot(language="de"))

    assert re.search(r'(?:x|y|width|height)="\d+,\d+', html) is None
    assert re.search(r'width="\d+\.\d+"', html)


def test_own_file_finds_every_file_the_style_sheets_name() -> None:
    sheets = (ROOT / "templates" / "reports" / "print").glob("*.css")
    named = {url for sheet in sheets for url in re.findall(r'url\("([^"]+)"\)', sheet.read_text())}

    assert len(named) > 10
    assert [url for url in named if not own_file(url).is_file()] == []


def test_render_tells_progress_that_only_rises() -> None:
    told: list[tuple[int, str]] = []

    render_pdf(small_snapshot(), lambda percent, phrase: told.append((percent, phrase)))

    percents = [percent for percent, _ in told]
    assert percents == sorted(percents)
    assert percents[-1] == 90
    assert all(phrase for _, phrase in told)


def test_render_stops_at_the_time_limit() -> None:
    with pytest.raises(ReportTookTooLong):
        render_pdf(small_snapshot(), time_limit=0)


def test_render_stops_in_the_middle_of_the_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `tell` raises (a lost lease) ends the work, not only between its parts."""
    monkeypatch.setattr(progress.PageListener, "TELL_EVERY_SECONDS", 0)

    def stop(percent: int, phrase: str) -> None:
        if "page" in phrase and percent > 10:
            raise KeyError(phrase)

    with pytest.raises(KeyError):
        render_pdf(small_snapshot(), stop)


def test_weasyprint_is_not_imported_by_web_processes() -> None:
    code = (
        "import sys\n"
        "from config.wsgi import application\n"
        "from django.test import Client\n"
        "from django.urls import get_resolver\n"
        "get_resolver().url_patterns\n"
        "import reports.urls, roadmap.tasks, reports.services.making\n"
        "Client().get('/')\n"
        "print(sorted(name for name in sys.modules if name.startswith('weasyprint')))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "DJANGO_SETTINGS_MODULE": "tests.settings"},
    )

    assert done.stdout.strip().splitlines()[-1] == "[]", done.stderr

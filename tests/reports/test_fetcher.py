"""A printed document reads our own files and its brand's logo; every other address is refused."""

from pathlib import Path

import pytest

from reports import logos
from reports.frozen.brand import BrandEntry
from reports.printing import pdf
from reports.printing.own_files import COVER, OwnFiles, own_file
from reports.printing.scripts import SCRIPTS, scripts_of
from tests.reports.test_brand import picture

OTHERS = (
    "file:///etc/passwd",
    "http://127.0.0.1/",
    "https://example.org/logo.png",
    "ftp://127.0.0.1/x",
    "data:text/css,body{}",
    "data:image/png;base64,iVBORw0KGgo=",
    "waymark:fonts/../../config/settings.py",
    "waymark:fonts//etc/passwd",
    "waymark:print/report.html",
    "waymark:secrets/key.css",
    "waymark:logo/../reports/1-a.pdf",
    f"waymark:logo/{'a' * 64}.png",
    "WAYMARK:print/report.css",
    "waymark:print/report.css?x",
    "waymark:print/report.css\n",
)


@pytest.mark.parametrize("url", OTHERS)
def test_every_other_address_is_refused(url: str) -> None:
    for files in (OwnFiles(), OwnFiles(BrandEntry(name="Elm", logo=f"{'b' * 64}.png"))):
        with pytest.raises(ValueError, match="not a file of the report"):
            files.read(url)


def test_logo_of_this_brand_is_read_and_no_other() -> None:
    own, other = (logos.write(picture("PNG", "RGBA", (60 + n, 20))) for n in range(2))
    files = OwnFiles(BrandEntry(logo=own))

    assert files.read(f"waymark:logo/{own}") == (logos.read(own), "image/png")
    with pytest.raises(ValueError, match="not a file of the report"):
        files.read(f"waymark:logo/{other}")


def test_cover_and_sheets_are_read_with_their_media_types() -> None:
    assert OwnFiles().read(COVER)[1] == "image/svg+xml"
    assert OwnFiles().read("waymark:print/report.css")[1] == "text/css"


@pytest.mark.parametrize("script", SCRIPTS)
def test_sheet_of_each_script_names_fonts_that_are_there(script: str) -> None:
    sheet, _type = OwnFiles().read(f"waymark:print/fonts-{script}.css")

    urls = [part.split('"')[0] for part in sheet.decode().split('url("')[1:]]
    assert len(urls) >= 2
    assert all(own_file(url).is_file() for url in urls)


def test_scripts_are_found_in_the_text_and_in_a_fixed_order() -> None:
    assert scripts_of("Mercy Hospital, Zürich – 5 € “a”") == ()
    assert scripts_of("مستشفى Łódź Київ") == ("extended", "cyrillic", "arabic")


REACHING_OUT = """<html lang="en"><head><title>x</title>
<link rel="stylesheet" href="{url}"><link rel="attachment" href="{url}">
<style>@import "{url}"; @font-face {{ font-family: X; src: url("{url}") }}
p {{ background: url("{url}"); font-family: X; list-style-image: url("{url}") }}
</style></head><body><p>x</p><img src="{url}" alt="x"><a rel="attachment" href="{url}">x</a>
<object data="{url}">x</object><embed src="{url}">
<svg width="9" height="9"><title>x</title><image href="{url}" width="9" height="9"/>
<use href="{url}#a"/></svg></body></html>"""


def test_page_that_reaches_out_gets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever way of naming a file WeasyPrint knows, it asks us first."""
    secret = tmp_path / "secret.css"
    secret.write_text("p { color: #123456 }")
    asked: list[str] = []
    read = OwnFiles.read

    def note(self: OwnFiles, url: str) -> tuple[bytes, str]:
        if not url.startswith("waymark:"):
            asked.append(url)
        return read(self, url)

    monkeypatch.setattr(OwnFiles, "read", note)
    opened: list[object] = []
    monkeypatch.setattr("urllib.request.OpenerDirector.open", lambda *a, **k: opened.append(a))
    html = REACHING_OUT.format(url=secret.as_uri())

    made = pdf._lay_out(html, pdf.Sheet(b"a" * 32), pdf.Watch(None, 60))

    assert made.pages == 1
    # The same picture is asked for once.
    assert len(asked) >= 5
    assert opened == []
    assert b"secret.css" not in made.body and b"EmbeddedFile" not in made.body

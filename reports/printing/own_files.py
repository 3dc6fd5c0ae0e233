"""What a printed document may read: our fonts, our pictures, and the one logo of its brand.

Nothing typed by a person may make the server read a file or a network address, so an address that
is not one of these is refused, whatever it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from reports import logos
from reports.documents.look import variables
from reports.enums import PageSize
from reports.frozen.brand import BrandEntry
from reports.pictures.palette import branded

MIME_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
COVER = "waymark:print/cover.svg"


@dataclass(frozen=True)
class OwnFiles:
    """The files of one document."""

    brand: BrandEntry | None = None
    page_size: str = PageSize.A4.value

    def read(self, url: str) -> tuple[bytes, str]:
        """The bytes of an address and their media type; ValueError for every other address."""
        if url == COVER:
            return cover(self.brand), MIME_TYPES[".svg"]
        if self.brand and self.brand.logo and url == f"waymark:logo/{self.brand.logo}":
            return logos.read(self.brand.logo), "image/png"
        path = own_file(url)
        if path.suffix == ".woff2":
            return unpacked_font(path), MIME_TYPES[path.suffix]
        body = path.read_bytes()
        if path.suffix == ".css":
            body = filled_in(body.decode(), variables(self.brand, self.page_size)).encode()
        return body, MIME_TYPES[path.suffix]


def own_file(url: str) -> Path:
    """The file that a `waymark:` address of ours names."""
    folders = {
        "fonts": Path(settings.BASE_DIR) / "static" / "fonts",
        "print": Path(settings.BASE_DIR) / "templates" / "reports" / "print",
    }
    match = re.fullmatch(r"waymark:(fonts|print)/((?:[a-z0-9-]+/)*[a-z0-9-]+\.[a-z0-9]+)", url)
    if match is None or Path(match[2]).suffix not in MIME_TYPES:
        raise ValueError(f"not a file of the report: {url}")
    return folders[match[1]] / match[2]


def filled_in(sheet: str, values: dict[str, str]) -> str:
    """The style sheet with the values of the document. WeasyPrint would read and judge them anew
    for every element that uses one: a fourteenth of the work."""

    def value(found: re.Match[str]) -> str:
        return values.get(found[1], found[0])

    return re.sub(r"var\(--([a-z0-9-]+)\)", value, sheet)


def cover(brand: BrandEntry | None) -> bytes:
    """The picture of the cover in the brand's colours."""
    context = {
        "palette": branded(brand),
        "has_own_name": bool(brand and (brand.name or brand.logo)),
    }
    return render_to_string("reports/print/cover.svg", context).encode()


@cache
def unpacked_font(path: Path) -> bytes:
    """WeasyPrint would unpack all fonts anew for each report, half of the work of a short one."""
    from fontTools.ttLib import woff2

    body = BytesIO()
    with path.open("rb") as packed:
        woff2.decompress(packed, body)
    return body.getvalue()

"""The drawings of a printed document as PNG, with their words for who does not see them.

resvg draws the same SVG that the PDF holds: no browser, a few hundredths of a second each, and only
the bundled fonts, so that a drawing is the same on every machine.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from django.conf import settings

from reports.documents.look import FONT_STACK
from reports.printing.own_files import unpacked_font
from reports.printing.scripts import scripts_of

ZOOM = 2.5
"""240 dots to the inch at the printed size."""

SANS = "Source Sans 3 ExtraLight"
FAMILIES = f"{SANS}, Noto Sans Hebrew Thin, Noto Sans Arabic, sans-serif"
"""The files call themselves so, whatever their weight."""
_SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL)
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Drawing:
    """`width`, `height`: in CSS pixels of the page."""

    png: bytes
    alt: str
    width: float
    height: float


def taken_out(html: str) -> tuple[str, list[str]]:
    """The page with `<img data-drawing="n">` in the place of each drawing, and the drawings."""
    found: list[str] = []

    def replace(match: re.Match[str]) -> str:
        found.append(match[0])
        return f'<img data-drawing="{len(found) - 1}">'

    return _SVG.sub(replace, html), found


@contextmanager
def fonts(page: str) -> Iterator[list[str]]:
    """The bundled fonts that a page needs as files that resvg reads: it knows no WOFF2."""
    with tempfile.TemporaryDirectory(prefix="waymark-fonts-") as folder:
        names = []
        for path in font_paths(scripts_of(page)):
            name = Path(folder) / f"{path.stem}.ttf"
            name.write_bytes(unpacked_font(path))
            names.append(str(name))
        yield names


def font_paths(scripts: Sequence[str] = ()) -> list[Path]:
    root = Path(settings.BASE_DIR) / "static" / "fonts"
    parts = ["latin", *("latin-ext" if name == "extended" else name for name in scripts)]
    found = []
    for part in parts:
        family = part if part in ("hebrew", "arabic") else ""
        stem = f"noto-sans-{family}" if family else "source-sans-3"
        weights = (400, 700) if family else (400, 600, 700)
        found += [root / stem / f"{stem}-{part}-{weight}-normal.woff2" for weight in weights]
    return found


def drawn(svg: str, font_files: list[str]) -> Drawing:
    import resvg_py

    body = svg.replace(FONT_STACK, FAMILIES)
    png = resvg_py.svg_to_bytes(
        svg_string=body,
        zoom=ZOOM,
        skip_system_fonts=True,
        font_files=font_files,
        font_family=SANS,
        sans_serif_family=SANS,
        background="#ffffff",
    )
    title = _TITLE.search(svg)
    words = _SPACES.sub(" ", unescape(re.sub(r"<[^>]+>", "", title[1]))) if title else ""
    width, height = (int.from_bytes(bytes(png)[at : at + 4], "big") / ZOOM for at in (16, 20))
    return Drawing(bytes(png), words.strip(), width, height)

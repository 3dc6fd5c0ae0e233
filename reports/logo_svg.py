"""Draws an SVG logo as a PNG, in a process of its own: `python -m reports.logo_svg < in > out`.

An SVG is a program: it can name files, hold scripts, and ask for more work than any machine has. So
only shapes on a list are passed on, nothing but places in the same drawing may be named, and the
process that draws may use seconds and megabytes only. What comes out is a picture.
"""

from __future__ import annotations

import re
import resource
import sys
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

LONGEST = 1200
"""Pixels of the longer side."""
SECONDS = 5
MEMORY = 1_500_000_000
SVG = "http://www.w3.org/2000/svg"
LINKS = ("href", "{http://www.w3.org/1999/xlink}href")

SHAPES = frozenset(
    (
        *("svg", "g", "defs", "symbol", "use", "title", "desc", "style", "switch", "a"),
        *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon"),
        *("linearGradient", "radialGradient", "stop", "pattern", "clipPath", "mask"),
    )
)
LETTERS = f"{{{SVG}}}text"
DROPPED = frozenset(("filter", "base"))


class NotDrawn(Exception):
    """Why there is no picture: a word that `reports.logo_drawing` knows how to say."""


def cleaned(body: bytes) -> Element:
    """The drawing with nothing in it but shapes that name each other."""
    try:
        # Declarations are what bombs and outside files are made of; a logo needs none. The usual
        # reference to the definition of SVG is cut off before, as many programs write it.
        text = re.sub(rb"<!DOCTYPE[^>\[]*>", b"", body, count=1)
        root = ElementTree.fromstring(text, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        raise NotDrawn("unreadable") from None
    if root.tag != f"{{{SVG}}}svg":
        raise NotDrawn("unreadable")
    if any("".join(text.itertext()).strip() for text in root.iter(LETTERS)):
        # Drawn in whatever font this machine has, it would be another logo.
        raise NotDrawn("letters")
    _clean(root)
    return root


def _clean(element: Element) -> None:
    for name, value in list(element.attrib.items()):
        if _is_refused(name, value):
            del element.attrib[name]
    if element.tag == f"{{{SVG}}}style" and not _is_plain(element.text or ""):
        element.text = ""
    for child in list(element):
        name = child.tag.removeprefix(f"{{{SVG}}}") if isinstance(child.tag, str) else ""
        if name in SHAPES:
            _clean(child)
        else:
            element.remove(child)


def _is_refused(name: str, value: str) -> bool:
    if name in LINKS:
        return not value.strip().startswith("#")
    return name in DROPPED or name.lower().startswith("on") or not _is_plain(value)


def _is_plain(style: str) -> bool:
    """Names nothing outside, and hides no name behind escapes."""
    outside = re.search(r"url\(\s*['\"]?\s*(?!#)[^\s'\")]", style, re.IGNORECASE)
    return not (outside or "@" in style or "\\" in style)


def size_of(root: Element) -> tuple[float, float]:
    """Width and height in units of its own: those of the view box first."""
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    try:
        if len(box) == 4:
            width, height = float(box[2]), float(box[3])
        else:
            width, height = (_length(root.get(name, "")) for name in ("width", "height"))
    except ValueError:
        raise NotDrawn("no size") from None
    if not (0 < width < 1e6 and 0 < height < 1e6):
        raise NotDrawn("no size")
    return width, height


def _length(text: str) -> float:
    found = re.fullmatch(r"\s*([\d.]+)\s*(?:px|pt|mm|cm|in|pc)?\s*", text)
    if found is None:
        raise ValueError(text)
    return float(found[1])


def drawn(body: bytes) -> bytes:
    import resvg_py

    root = cleaned(body)
    width, height = size_of(root)
    scale = LONGEST / max(width, height)
    # Both as numbers, so that a size in per cent or millimetres does not change the ratio.
    root.set("width", f"{max(1.0, width * scale):.2f}")
    root.set("height", f"{max(1.0, height * scale):.2f}")
    try:
        return bytes(resvg_py.svg_to_bytes(svg_string=tostring(root, encoding="unicode")))
    except ValueError:
        raise NotDrawn("unreadable") from None


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        sys.stdout.buffer.write(drawn(sys.stdin.buffer.read()))
    except NotDrawn as error:
        sys.exit(f"not drawn: {error}")


if __name__ == "__main__":
    main()

"""Lays a graph out with Graphviz' `dot`, and makes of its picture one that fits our pages.

What dot writes holds colours, fonts and ids of its own. Only shapes, places and classes are kept,
so that pages may style it, the security policy has nothing to refuse, and print can use it too.
"""

import hashlib
import logging
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Mapping

from django.core.cache import cache

log = logging.getLogger(__name__)

SECONDS = 5
MOST_CHARACTERS = 1_000_000
KEPT_SECONDS = 7 * 24 * 3600
FAILURE_KEPT_SECONDS = 60
# Changes when what is made of dot's picture does.
VERSION = "2"
SVG = "http://www.w3.org/2000/svg"
SHAPES = {
    "polygon": {"points"},
    "polyline": {"points"},
    "path": {"d"},
    "ellipse": {"cx", "cy", "rx", "ry"},
    "text": {"x", "y", "text-anchor", "font-size"},
}
DASHES = {
    "untested": "1.5 4",
    "touched": "5 4",
    "sampled": "12 5",
    "not-stated": "12 4 1.5 4",
}
WIDTHS = {"end-to-end": "3"}


class NoPicture(Exception):
    """There is no picture: dot is missing, failed, or took too long."""


def picture(dot: str, titles: Mapping[str, str], *, name: str, described_by: str) -> str:
    """The graph as an SVG element.

    `titles` says in words what each node and edge is, by its id. `name` and `described_by` are
    ids of elements of the page that name and describe the picture.

    Raises:
        NoPicture: show the table alone, and say so.
    """
    said = "\n".join((VERSION, dot, *(f"{key} {text}" for key, text in titles.items()), name))
    key = f"picture:{hashlib.sha256(said.encode()).hexdigest()}"
    known = cache.get(key)
    if known is None:
        try:
            known = _fitted(_laid_out(dot), titles, name, described_by)
            cache.set(key, known, KEPT_SECONDS)
        except NoPicture as failure:
            log.warning("No picture of the flows: %s", failure)
            known = ""
            cache.set(key, known, FAILURE_KEPT_SECONDS)
    if not known:
        raise NoPicture("dot gave no picture")
    return str(known)


def _laid_out(dot: str) -> bytes:
    program = shutil.which("dot")
    if program is None:
        raise NoPicture("dot is not installed")
    try:
        done = subprocess.run(
            [program, "-Tsvg"],
            input=dot.encode(),
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise NoPicture(f"dot took longer than {SECONDS} seconds") from None
    except (subprocess.CalledProcessError, OSError) as error:
        raise NoPicture(f"dot failed: {error}") from None
    if len(done.stdout) > MOST_CHARACTERS:
        raise NoPicture("dot's picture is too large")
    return done.stdout


def _fitted(svg: bytes, titles: Mapping[str, str], name: str, described_by: str) -> str:
    try:
        # dot's own output, from text of ours: its document type names no entities.
        root = ET.fromstring(svg)
    except ET.ParseError as error:
        raise NoPicture(f"dot's picture is no XML: {error}") from None
    box = [float(part) for part in root.attrib.get("viewBox", "").split()]
    drawing = root.find(f"{{{SVG}}}g")
    if len(box) != 4 or drawing is None:
        raise NoPicture("dot's picture has no drawing")
    made = ET.Element(
        "svg",
        {
            "xmlns": SVG,
            "class": "wm-flows",
            "viewBox": " ".join(f"{part:g}" for part in box),
            # Points of print; a page may scroll it rather than shrink the text.
            "width": f"{box[2]:.0f}",
            "height": f"{box[3]:.0f}",
            "role": "img",
            "aria-labelledby": name,
            "aria-describedby": described_by,
        },
    )
    inner = ET.SubElement(made, "g", {"transform": drawing.attrib.get("transform", "")})
    for group in drawing.findall(f"{{{SVG}}}g"):
        _copy_group(group, inner, titles.get(group.attrib.get("id", ""), ""))
    return ET.tostring(made, encoding="unicode")


def _copy_group(group: ET.Element, into: ET.Element, title: str) -> None:
    """A node or an edge: its shapes, with what it is in words."""
    classes = group.attrib.get("class", "").split()
    kind = "edge" if "edge" in classes else "node"
    own = [f"wm-flows__{part}" for part in classes if part != kind]
    made = ET.SubElement(into, "g", {"class": " ".join(own)})
    if title:
        ET.SubElement(made, "title").text = title
    style = next((part for part in classes if part in DASHES or part in WIDTHS), "")
    for shape in group.iter():
        tag = shape.tag.rpartition("}")[2]
        if tag not in SHAPES:
            continue
        kept = {key: text for key, text in shape.attrib.items() if key in SHAPES[tag]}
        look = _look(kind, tag, style, classes, is_hollow=shape.attrib.get("fill") == "none")
        copy = ET.SubElement(made, tag, {**kept, **look})
        if tag == "text":
            copy.text = shape.text


def _look(
    kind: str, tag: str, style: str, classes: list[str], *, is_hollow: bool
) -> dict[str, str]:
    """How it looks where no style sheet says more: lines by test, the colour of the text."""
    if tag == "text":
        return {"fill": "currentColor"}
    look = {"fill": "none", "stroke": "currentColor"}
    if kind == "node":
        return {**look, "stroke-dasharray": "3 3"} if "unlisted" in classes else look
    if tag == "polygon":  # an arrowhead
        return look if is_hollow else {**look, "fill": "currentColor"}
    if tag == "path":
        if style in DASHES:
            look["stroke-dasharray"] = DASHES[style]
        look["stroke-width"] = WIDTHS.get(style, "1.5")
    return look

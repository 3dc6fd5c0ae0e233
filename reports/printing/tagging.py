"""Mends what WeasyPrint 70 leaves undone for PDF/UA, in the PDF's objects before it is written.

- Header cells get the Scope that screen readers announce.
- Running heads and page numbers become artifacts: WeasyPrint marks them as content that belongs
  to no place in the structure, which a checker refuses and a reader would read on every page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Objects = Mapping[bytes, Any]
STRUCTURE_TREE = "StructTreeRoot"


def mend_tags(document: Any, pdf: Any) -> None:
    """A `finisher` of WeasyPrint's `write_pdf`."""
    objects = {part.reference: part for part in pdf.objects}
    _give_header_cells_their_scope(objects)
    _make_artifacts_of_what_has_no_place(objects, objects[pdf.catalog[STRUCTURE_TREE]])


def _give_header_cells_their_scope(objects: Objects) -> None:
    for part in objects.values():
        if not _is_dictionary(part) or part.get("S") != "/TH" or "A" not in part:
            continue
        group = objects[objects[part["P"]]["P"]]
        part["A"]["Scope"] = "/Column" if group.get("S") == "/THead" else "/Row"


def _make_artifacts_of_what_has_no_place(objects: Objects, root: Any) -> None:
    placed = _placed(objects, root)
    parents = objects[root["ParentTree"]]["Nums"]
    # Number, value, number, value, …: an array belongs to a page, anything else to a link.
    by_number = dict(zip(parents[::2], parents[1::2], strict=True))
    for page in objects.values():
        if not _is_dictionary(page) or page.get("Type") != "/Page":
            continue
        elements = by_number[page["StructParents"]]
        lost = {number for number, element in enumerate(elements) if element not in placed}
        for number in lost:
            elements[number] = "null"
        _turn_into_artifacts(objects[page["Contents"]].stream, lost)


def _placed(objects: Objects, root: Any) -> set[bytes]:
    """References of all elements that can be reached from the root of the structure."""
    found: set[bytes] = set()
    waiting = list(root["K"])
    while waiting:
        reference = waiting.pop()
        if reference in found or not isinstance(reference, bytes):
            continue
        found.add(reference)
        element = objects[reference]
        if _is_dictionary(element):
            waiting.extend(element.get("K") or ())
    return found


def _turn_into_artifacts(operations: list[Any], lost: set[int]) -> None:
    """`/Span <</MCID 5>> BDC` becomes `/Artifact BMC`."""
    for place, operation in enumerate(operations):
        if _is_dictionary(operation) and operation.get("MCID") in lost:
            operations[place - 1 : place + 2] = ["/Artifact", b"BMC", b""]


def _is_dictionary(part: Any) -> bool:
    return isinstance(part, dict)

"""Mends what WeasyPrint 70 leaves undone for PDF/UA, in the PDF's objects before it is written.

- Header cells get the Scope that screen readers announce.
- Running heads and page numbers become artifacts: WeasyPrint marks them as content that belongs
  to no place in the structure, which a checker refuses and a reader would read on every page.
- A list holds items, and an item a label and a body: blocks in an item, groups in a description
  list and an element between the items are put where a reader expects them.
- Headings never skip a level, whatever sections were chosen and in whatever order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

Objects = Mapping[bytes, Any]
STRUCTURE_TREE = "StructTreeRoot"


def mend_tags(pdf: Any) -> None:
    objects = {part.reference: part for part in pdf.objects}
    _give_header_cells_their_scope(objects)
    _make_artifacts_of_what_has_no_place(objects, objects[pdf.catalog[STRUCTURE_TREE]])
    _put_lists_in_order(pdf, objects)
    _close_gaps_between_headings(objects, objects[pdf.catalog[STRUCTURE_TREE]])


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


def _put_lists_in_order(pdf: Any, objects: Objects) -> None:
    lists = [part for part in objects.values() if _is_dictionary(part) and part.get("S") == "/L"]
    for found in lists:
        for place, kid in enumerate(_kids(objects, found)):
            if _is_one_of(kid, "/L", "/LI", "/Caption"):
                continue
            if _is_group_of_terms(objects, kid):
                _make_an_item_of(objects, kid)
            else:
                item = _wrapped(pdf, found, "/LI", [kid])
                item["K"][:] = [_wrapped(pdf, item, "/LBody", [kid]).reference]
                found["K"][place] = item.reference
    items = [part for part in objects.values() if _is_dictionary(part) and part.get("S") == "/LI"]
    for item in items:
        loose = [kid for kid in _kids(objects, item) if not _is_one_of(kid, "/Lbl", "/LBody")]
        if loose:
            _give_a_body(pdf, objects, item)


def _is_group_of_terms(objects: Objects, group: Any) -> bool:
    """A `div` of a description list with its `dt` and `dd`, each of which was made an item."""
    kids = _kids(objects, group)
    return len(kids) > 1 and all(_is_one_of(kid, "/LI") for kid in kids)


def _make_an_item_of(objects: Objects, group: Any) -> None:
    """`Div (LI (LBody) LI (LBody))` becomes `LI (Lbl (Div) LBody (Div))`."""
    group["S"] = "/LI"
    for number, part in enumerate(_kids(objects, group)):
        part["S"] = "/LBody" if number else "/Lbl"
        for body in _kids(objects, part):
            body["S"] = "/Div"


def _give_a_body(pdf: Any, objects: Objects, item: Any) -> None:
    """All but the label together, in their order."""
    labels: list[Any] = []
    rest: list[Any] = []
    for kid in _kids(objects, item):
        if _is_one_of(kid, "/LBody"):
            kid["S"] = "/Div"
        (labels if _is_one_of(kid, "/Lbl") and not rest else rest).append(kid)
    elements = {kid.reference for kid in (*labels, *rest)}
    others = [kid for kid in item["K"] if kid not in elements]
    body = _wrapped(pdf, item, "/LBody", rest)
    item["K"][:] = [*(label.reference for label in labels), body.reference, *others]


def _close_gaps_between_headings(objects: Objects, root: Any) -> None:
    above: list[tuple[int, int]] = []
    """Levels as they are written and as they become, of the headings that the next may be under."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        waiting.extend(reversed(_kids(objects, element)))
        tag = str(element.get("S", ""))
        if not re.fullmatch("/H[1-6]", tag):
            continue
        written = int(tag[2])
        while above and above[-1][0] >= written:
            above.pop()
        level = above[-1][1] + 1 if above else 1
        above.append((written, level))
        element["S"] = f"/H{level}"


def _wrapped(pdf: Any, parent: Any, tag: str, kids: Iterable[Any]) -> Any:
    """A new element between the parent and these kids of it. The parent's own list stays."""
    kids = list(kids)
    element = type(parent)({"Type": "/StructElem", "S": tag, "Pg": parent["Pg"]})
    element["P"] = parent.reference
    element["K"] = type(parent["K"])([kid.reference for kid in kids])
    pdf.add_object(element)
    for kid in kids:
        kid["P"] = element.reference
    return element


def _kids(objects: Objects, element: Any) -> list[Any]:
    """The elements below: neither marked content nor links."""
    found = [objects.get(kid) for kid in element.get("K") or () if isinstance(kid, bytes)]
    return [kid for kid in found if _is_dictionary(kid) and kid.get("Type") == "/StructElem"]


def _is_one_of(element: Any, *tags: str) -> bool:
    return element.get("S") in tags


def _is_dictionary(part: Any) -> bool:
    return isinstance(part, dict)

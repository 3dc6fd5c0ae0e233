"""The words of a chart, each label in one piece.

WeasyPrint lays out every letter of an SVG text by itself: letters of Arabic do not join, Hebrew
runs from left to right, pairs are not kerned, and a label takes as long as a paragraph. Only a
label whose letters have places of their own needs that; none of ours has.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import wraps
from typing import Any

BY_LETTER = ("dx", "dy", "rotate", "letter-spacing", "textLength")


class Whole(str):
    """A text that is gone through in one step instead of letter by letter."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        yield str(self)


def draw_labels_whole() -> None:
    """From now on, in this process."""
    from weasyprint import svg

    by_letter = svg.text
    if hasattr(by_letter, "__wrapped__"):
        return

    @wraps(by_letter)
    def text(image: Any, node: Any, font_size: float) -> None:
        if node.text and is_whole(node):
            node._etree_node.text = Whole(node.text)
        by_letter(image, node, font_size)

    # Under its own name as well: how a label is anchored goes by which function draws it.
    svg.TAGS.update({tag: text for tag, draw in svg.TAGS.items() if draw is by_letter})
    svg.text = text


def is_whole(node: Any) -> bool:
    """Whether all letters follow the first one."""
    places = (node.get("x") or "", node.get("y") or "")
    return not any(node.get(name) for name in BY_LETTER) and not any(
        len(place.replace(",", " ").split()) > 1 for place in places
    )

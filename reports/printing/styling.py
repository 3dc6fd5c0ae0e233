"""What an element's style says of a property that nobody set for it: the parent's value or the first.

WeasyPrint asks each element for some forty properties, three hundred thousand in the full roadmap of
95 initiatives, and nine in ten of them are set nowhere. It finds their value by way of variables,
functions and logical names; here they are answered at once, with the same value.
"""

from __future__ import annotations

from typing import Any

BY_WAY_OF_OTHERS = {"position", "float", "display", "page"}
"""Their computed value is made from another property or from what was specified."""
DIRECTIONS = ("ltr", "rtl")


def answer_unset_at_once() -> None:
    """From now on, in this process."""
    from weasyprint.css import ComputedStyle

    by_all_ways = ComputedStyle.__missing__
    if getattr(by_all_ways, "answers_at_once", False):
        return
    inherited, first = plain_properties()
    also_known_as = logical_names()

    def __missing__(style: Any, key: str) -> Any:
        cascaded, parent = style.cascaded, style.parent_style
        if parent is None or key in cascaded:
            return by_all_ways(style, key)
        for name in also_known_as.get(key, ()):
            if name in cascaded:
                return by_all_ways(style, key)
        if key in inherited:
            value = style[key] = parent[key]
        elif key in first:
            value = style[key] = first[key]
        else:
            value = by_all_ways(style, key)
        return value

    __missing__.answers_at_once = True  # type: ignore[attr-defined]
    ComputedStyle.__missing__ = __missing__


def plain_properties() -> tuple[frozenset[str], dict[str, Any]]:
    """The inherited properties, and the others with the value they begin with."""
    from weasyprint.css.functions import check_math
    from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES

    first = {
        name: value
        for name, value in INITIAL_VALUES.items()
        if name not in INHERITED | INITIAL_NOT_COMPUTED | BY_WAY_OF_OTHERS
        and not name.startswith("text_decoration_")
        and not check_math(value)
    }
    return frozenset(INHERITED), first


def logical_names() -> dict[str, tuple[str, ...]]:
    """A property's names by the direction of text: `margin_left` is also `margin_inline_start`."""
    from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS

    return {
        name: tuple({logical(block="ttb", inline=direction) for direction in DIRECTIONS})
        for name, logical in PHYSICAL_FUNCTIONS.items()
    }

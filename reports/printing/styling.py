"""The value of a property that nobody set for an element: its parent's, or the one it begins with.

WeasyPrint asks elements three hundred thousand times in the full roadmap of 95 initiatives, mostly
for what is set nowhere, and finds it by way of variables, functions and logical names. Here it is
answered at once, with the same value.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

BY_WAY_OF_OTHERS = {"position", "float", "display", "page"}
"""Their computed value is made from another property or from what was specified."""
DIRECTIONS = ("ltr", "rtl")


def answer_unset_at_once() -> None:
    """From now on, in this process."""
    from weasyprint.css import ComputedStyle

    by_all_ways = ComputedStyle.__missing__
    if hasattr(by_all_ways, "__wrapped__"):
        return
    inherited, first = plain_properties()
    also_known_as = logical_names()

    @wraps(by_all_ways)
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

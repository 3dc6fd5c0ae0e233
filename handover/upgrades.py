"""Archives of older versions of the format, row by row in the next one's form.

A change of the format raises `writing.FORMAT_VERSION` and adds here, under the older number, what
turns a row of that version into one of the next. A new column with a default needs none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Row = dict[str, Any]
Upgrade = Callable[[str, Row], Row]

UPGRADES: Mapping[int, Upgrade] = {}


def upgraded(version: int, name: str, row: Row, steps: Mapping[int, Upgrade] | None = None) -> Row:
    """The row as the newest version has it; `name` is the part's."""
    known = UPGRADES if steps is None else steps
    while version in known:
        row = known[version](name, row)
        version += 1
    return row

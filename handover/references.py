"""Numbers of rows and people inside JSON values, by path: `agreed[].user`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

EACH = "[]"


def changed_at(value: Any, path: str, change: Callable[[Any], Any]) -> Any:
    """The value with what stands at the path replaced; a path that leads nowhere changes nothing.

    An element of a list for which `change` gives None is left out.
    """
    step, _dot, rest = path.partition(".")
    name, is_list = step.removesuffix(EACH), step.endswith(EACH)
    if not isinstance(value, dict) or name not in value:
        return value
    inner = value[name]

    def inside(one: Any) -> Any:
        return changed_at(one, rest, change) if rest else _changed(one, change)

    if is_list and isinstance(inner, list):
        parts = [inside(one) for one in inner]
        inner = [one for one in parts if one is not None] if not rest else parts
    elif not is_list:
        inner = inside(inner)
    return {**value, name: inner}


def _changed(value: Any, change: Callable[[Any], Any]) -> Any:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return change(value) if is_number else value


def renamed(value: Any, names: Mapping[str, str]) -> Any:
    """Every text that is exactly one of the names, wherever it stands, in its new form."""
    if not names:
        return value
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, list):
        return [renamed(one, names) for one in value]
    if isinstance(value, dict):
        return {key: renamed(one, names) for key, one in value.items()}
    return value

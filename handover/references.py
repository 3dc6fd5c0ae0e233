"""Numbers of rows and people inside JSON values, by path: `agreed[].user`, `parked.*.by`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

EACH, ANY = "[]", "*"
Change = Callable[[int], int | None]


def changed_at(value: Any, path: str, change: Callable[[Any], Any]) -> Any:
    """The value with what stands at the path replaced; a path that leads nowhere changes nothing.

    An element of a list for which `change` gives None is left out. `*` is every key of a mapping.
    """
    step, _dot, rest = path.partition(".")
    name, is_list = step.removesuffix(EACH), step.endswith(EACH)
    if name == ANY and isinstance(value, dict):
        return {key: changed_at(one, rest, change) for key, one in value.items()}
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
    return change(value) if _is_number(value) else value


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def seen_at(value: Any, path: str) -> set[int]:
    """The numbers that stand at the path."""
    found: set[int] = set()

    def note(number: int) -> int:
        found.add(number)
        return number

    changed_at(value, path, note)
    return found


def renumbering(target: str | tuple[str, str], numbers: Mapping[str, Mapping[int, int]]) -> Change:
    """Old number → new one, or None; see `Part.rows` for what a pair of models means."""
    first, second = (target, "") if isinstance(target, str) else target
    plain, negated = numbers.get(first, {}), numbers.get(second, {})

    def change(number: int) -> int | None:
        if number >= 0 or not second:
            return plain.get(number)
        found = negated.get(-number)
        return None if found is None else -found

    return change


def pairs_changed(value: Any, app: str, numbers: Mapping[str, Mapping[int, int]]) -> Any:
    """[[name of a model of the app, number], …] with new numbers; how many they are stays."""
    by_name = {label.lower(): known for label, known in numbers.items()}

    def changed(pair: Any) -> Any:
        if not (isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str)):
            return pair
        known = by_name.get(f"{app}.{pair[0]}".lower(), {})
        return [pair[0], known.get(pair[1]) if _is_number(pair[1]) else None]

    return [changed(pair) for pair in value] if isinstance(value, list) else value


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

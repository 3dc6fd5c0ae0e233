"""The JSON Schema of the plan file, out of the records themselves, so that it cannot lag behind."""

from __future__ import annotations

import dataclasses
import inspect
import types
import typing
from datetime import date
from typing import Any

from reports.files.plan_json import FORMAT, FORMAT_VERSION
from reports.frozen.snapshot import ReportSnapshot

SIMPLE: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
}


def plan_schema() -> dict[str, Any]:
    """Draft 2020-12. Fields may be added in later versions; readers ignore what they don't know."""
    found: dict[str, dict[str, Any]] = {}
    plan = _schema(ReportSnapshot, found)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Waymark plan",
        "description": "A roadmap as it stood when it was exported: scores, plan, progress.",
        "type": "object",
        "required": ["format", "format_version", "plan"],
        "properties": {
            "format": {"const": FORMAT},
            "format_version": {"const": FORMAT_VERSION},
            "plan": plan,
        },
        "$defs": dict(sorted(found.items())),
    }


def _schema(kind: Any, found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    if kind in SIMPLE:
        return SIMPLE[kind]
    if isinstance(kind, types.UnionType):
        arms = [arm for arm in typing.get_args(kind) if arm is not type(None)]
        return {"anyOf": [*(_schema(arm, found) for arm in arms), {"type": "null"}]}
    if typing.get_origin(kind) is tuple:
        return _tuple(typing.get_args(kind), found)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _record(kind, found)
    raise TypeError(f"no schema for {kind!r}")


def _tuple(arms: tuple[Any, ...], found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    if arms[-1] is Ellipsis:
        return {"type": "array", "items": _schema(arms[0], found)}
    items = [_schema(arm, found) for arm in arms]
    return {"type": "array", "prefixItems": items, "minItems": len(arms), "maxItems": len(arms)}


def _record(kind: type, found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    name = kind.__name__
    if name not in found:
        found[name] = {}
        hints = typing.get_type_hints(kind)
        said = inspect.getdoc(kind) or ""
        # A dataclass without words of its own has its signature for a docstring.
        described = {} if said.startswith(f"{name}(") else {"description": " ".join(said.split())}
        found[name] = {
            "type": "object",
            **described,
            "properties": {field: _schema(hint, found) for field, hint in hints.items()},
            "required": list(hints),
        }
    return {"$ref": f"#/$defs/{name}"}

"""JSON Schemas of a guide's files, for editors and for people who write their own guide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from guide.descriptions import DESCRIPTIONS
from guide.loading import (
    BenchmarksFile,
    ChallengesFile,
    ConceptsFile,
    ContradictionsFile,
    GatesFile,
    InitiativesFile,
    RolesFile,
    SourcesFile,
    TargetsFile,
)
from guide.model import LEVELS, ControlFile, GuideFile, StepFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"
# The kind of file, where files of it stand, and what they are validated into.
FILES: Mapping[str, tuple[str, type[BaseModel]]] = {
    "guide": ("guide.yaml", GuideFile),
    "profile": ("profile.yaml", StepFile),
    "step": ("steps/*.yaml", StepFile),
    "challenges": ("challenges.yaml", ChallengesFile),
    "initiatives": ("initiatives/*.yaml", InitiativesFile),
    "gates": ("gates.yaml", GatesFile),
    "roles": ("roles.yaml", RolesFile),
    "controls": ("controls/*.yaml", ControlFile),
    "concepts": ("concepts.yaml", ConceptsFile),
    "sources": ("sources.yaml", SourcesFile),
    "contradictions": ("contradictions.yaml", ContradictionsFile),
    "targets": ("targets.yaml", TargetsFile),
    "benchmarks": ("benchmarks.yaml", BenchmarksFile),
}
OPTIONAL = ("initiatives", "controls", "contradictions", "targets", "benchmarks")
# Filled in by the loader.
_NOT_WRITTEN = {"Question": ("step", "section"), "Control": ("regime",)}


def schema_of(kind: str) -> dict[str, Any]:
    """The JSON Schema of one kind of file (a key of FILES)."""
    place, shape = FILES[kind]
    schema = shape.model_json_schema()
    for name, definition in [(shape.__name__, schema), *schema.get("$defs", {}).items()]:
        _finish(name, definition)
    schema.pop("description", None)
    return {"$schema": DIALECT, "title": f"A guide's {place}", **_rest(schema)}


def _rest(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != "title"}


def _finish(name: str, definition: dict[str, Any]) -> None:
    """Say what each key means, and leave out what nobody writes."""
    # These are for readers of the code.
    definition.pop("description", None)
    properties = definition.get("properties", {})
    for key in _NOT_WRITTEN.get(name, ()):
        del properties[key]
    for key, part in properties.items():
        part.pop("title", None)
        part["description"] = DESCRIPTIONS[name][key]
    if name == "Question":
        properties["levels"] |= {"minItems": LEVELS, "maxItems": LEVELS}


def keys_as_markdown() -> str:
    """Every key of every file, as a page."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield "# All keys of a guide's files"
    yield ""
    yield "Written by `./waymark manage guide_schema --write`; the tests hold it true. How the"
    yield "parts work together: `docs/guide-format.md`. Schemas for editors: `docs/guide-schema/`."
    told: set[str] = set()
    for kind, (place, shape) in FILES.items():
        schema = schema_of(kind)
        optional = " (may be left out)" if kind in OPTIONAL else ""
        yield from ("", f"## `{place}`{optional}", "")
        parts = {shape.__name__: schema, **schema.get("$defs", {})}
        if told >= set(parts):
            yield "The same keys as in `profile.yaml`."
            continue
        for name, definition in parts.items():
            if name in told:
                continue
            told.add(name)
            if definition is not schema:
                yield from ("", f"### {name}", "")
            yield from ("| key | value | |", "|---|---|---|")
            required = definition.get("required", ())
            for key, part in definition["properties"].items():
                must = " **needed**" if key in required else ""
                yield f"| `{key}`{must} | {_value(part)} | {part['description']} |"


def _value(part: Mapping[str, Any]) -> str:
    """What a key holds, in a word or two."""
    if "$ref" in part:
        return str(part["$ref"]).rpartition("/")[2]
    if "anyOf" in part:
        return " or ".join(_value(p) for p in part["anyOf"] if p.get("type") != "null")
    if "enum" in part:
        return ", ".join(f"`{value}`" for value in part["enum"])
    if part.get("type") == "array":
        inner = _value(part["items"]) if "items" in part else "pair"
        return f"list of {inner}"
    if part.get("type") == "object":
        return f"by name: {_value(part.get('additionalProperties', {}))}"
    if part.get("type") == "string":
        return "rule" if "examples" in part else "text"
    names = {"integer": "whole number", "number": "number", "boolean": "true or false"}
    return names.get(str(part.get("type")), "value")

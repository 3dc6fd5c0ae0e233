"""JSON Schemas of a guide's files: true to the code, and right about the guides we have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from jsonschema import Draft202012Validator

from guide.descriptions import DESCRIPTIONS
from guide.management.commands.guide_schema import DOCS, documents
from guide.registry import CONTENT
from guide.schema import FILES, schema_of
from guide.yamlfile import read_yaml


def files(folder: Path) -> Iterator[tuple[str, Path]]:
    for kind, (place, _) in FILES.items():
        for path in sorted(folder.glob(place)):
            yield kind, path


def faults(kind: str, path: Path) -> list[str]:
    data = read_yaml(path.read_text(encoding="utf-8"), path.name).data
    found = Draft202012Validator(schema_of(kind)).iter_errors(data)
    return [f"{path.name} {error.json_path}: {error.message}" for error in found]


@pytest.mark.parametrize("kind", FILES)
def test_each_schema_is_a_schema(kind: str) -> None:
    Draft202012Validator.check_schema(schema_of(kind))


def test_every_file_of_the_starter_fits_its_schema() -> None:
    found = list(files(CONTENT / "starter"))

    assert {path for _, path in found} == set((CONTENT / "starter").rglob("*.yaml"))
    assert [fault for kind, path in found for fault in faults(kind, path)] == []


def test_the_shipped_guide_has_only_files_with_a_schema_and_they_fit() -> None:
    """One file of each kind: reading them all takes a second, and the loader does."""
    found = list(files(CONTENT / "healthcare-devops"))
    smallest = {k: p for k, p in sorted(found, key=lambda pair: -pair[1].stat().st_size)}

    assert {path for _, path in found} == set((CONTENT / "healthcare-devops").rglob("*.yaml"))
    assert [fault for kind, path in smallest.items() for fault in faults(kind, path)] == []


def test_a_schema_finds_what_an_editor_should_underline() -> None:
    shape = Path(__file__).parent / "broken/shape"

    assert "'colour' was unexpected" in "".join(faults("guide", shape / "guide.yaml"))
    told = "\n".join(faults("step", shape / "steps/1.yaml"))
    assert "$.sections[0].questions[0].levels: ['none', 'some', 'all'] is too short" in told
    told = "\n".join(faults("initiatives", shape / "initiatives/1-shape.yaml"))
    assert "$.initiatives[0].kind: 'deed' is not one of ['action', 'review', 'cont" in told


def test_what_the_loader_fills_in_is_not_offered() -> None:
    properties = schema_of("step")["$defs"]["Question"]["properties"]

    assert "levels" in properties
    assert not {"step", "section"} & set(properties)


def test_every_key_is_described_and_no_description_is_left_over() -> None:
    described: dict[str, set[str]] = {}
    for kind, (_, shape) in FILES.items():
        schema = schema_of(kind)
        for name, part in [(shape.__name__, schema), *schema.get("$defs", {}).items()]:
            described[name] = set(part["properties"])

    assert {name: set(keys) for name, keys in DESCRIPTIONS.items()} == described


def test_what_stands_under_docs_is_true() -> None:
    for path, text in documents().items():
        message = f"renew docs/{path}: ./waymark manage guide_schema --write"
        assert (DOCS / path).read_text(encoding="utf-8") == text, message


def test_guide_schema_prints_one_kind_or_all(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("guide_schema", "targets")
    one = capsys.readouterr().out
    call_command("guide_schema")
    every: Any = capsys.readouterr().out

    assert '"title": "A guide\'s targets.yaml"' in one
    assert all(f'"{kind}"' in every for kind in FILES)

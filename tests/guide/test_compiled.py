"""A guide as one text: what is released or uploaded comes back the same, or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from guide.compiled import CompiledGuideError, dump_guide, load_compiled
from guide.loading import load_guide
from guide.model import Guide
from guide.registry import current_guide
from tests.guide.sample import write_guide
from tests.strategies import guides


@given(guides())
@settings(max_examples=30, deadline=None)
def test_a_guide_comes_back_as_it_was(guide: Guide) -> None:
    text = dump_guide(guide)

    assert load_compiled(text) == guide
    assert dump_guide(load_compiled(text)) == text


def test_the_shipped_guide_comes_back_as_it_was_with_its_rules() -> None:
    guide = current_guide()

    again = load_compiled(dump_guide(guide))

    assert again == guide
    assert [i.when.node for i in again.initiatives] == [i.when.node for i in guide.initiatives]
    # Plans follow the order in which roles are written.
    assert [list(i.roles) for i in again.initiatives] == [list(i.roles) for i in guide.initiatives]


def sample(tmp_path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(dump_guide(load_guide(write_guide(tmp_path))))
    return content


def lose_title(guide: dict[str, Any]) -> None:
    del guide["title"]


def add_key(guide: dict[str, Any]) -> None:
    guide["colour"] = "green"


def break_rule(guide: dict[str, Any]) -> None:
    guide["initiatives"][0]["when"] = "Q1.01 <="


def text_for_number(guide: dict[str, Any]) -> None:
    guide["proof_level"] = "2"


def break_reference(guide: dict[str, Any]) -> None:
    guide["initiatives"][0]["needs"] = ["A9-99"]


def double(guide: dict[str, Any]) -> None:
    guide["initiatives"].append(guide["initiatives"][0])


def misplace(guide: dict[str, Any]) -> None:
    guide["steps"][0]["sections"][0]["questions"][0]["step"] = "STEP-2"


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lose_title, "guide.title: Field required"),
        (add_key, "guide.colour: Extra inputs are not permitted"),
        (break_rule, "initiatives.0.when: Value error, 'Q1.01 <=' ends too early"),
        (text_for_number, "guide.proof_level: Input should be a valid integer"),
        (break_reference, "A1-01: there is no initiative 'A9-99'"),
        (double, "initiative 'A1-01' exists 2 times"),
        (misplace, "Q1.01: it stands in STEP-1 S1 and says otherwise"),
    ],
)
def test_a_damaged_guide_is_refused_with_its_reason(
    tmp_path: Path, damage: Callable[[dict[str, Any]], None], message: str
) -> None:
    content = sample(tmp_path)
    damage(content["guide"])

    with pytest.raises(CompiledGuideError) as caught:
        load_compiled(json.dumps(content), "stored guide 7")

    assert message in str(caught.value)
    assert str(caught.value).startswith("stored guide 7:1: ")


def test_what_was_checked_when_it_was_stored_is_not_held_to_new_checks(tmp_path: Path) -> None:
    content = sample(tmp_path)
    break_reference(content["guide"])

    assert load_compiled(json.dumps(content), already_checked=True).id == "sample"
    lose_title(content["guide"])
    with pytest.raises(CompiledGuideError):
        load_compiled(json.dumps(content), already_checked=True)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"format": 1}', "[" * 100_000, "\x00"])
def test_what_is_no_compiled_guide_is_refused(text: str) -> None:
    with pytest.raises(CompiledGuideError, match="damaged"):
        load_compiled(text)


def test_another_format_is_named_as_such(tmp_path: Path) -> None:
    text = json.dumps(sample(tmp_path) | {"format": 2, "colour": "green"})

    with pytest.raises(CompiledGuideError, match=r"^compiled guide:1: it is not written in form"):
        load_compiled(text)


def test_a_text_cut_anywhere_is_refused(tmp_path: Path) -> None:
    text = dump_guide(load_guide(write_guide(tmp_path)))

    for length in range(0, len(text) - 1, 97):
        with pytest.raises(CompiledGuideError):
            load_compiled(text[:length])

"""A guide that loads can be used: whatever somebody wrote, no page may break on it."""

from __future__ import annotations

import copy
import json
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.domain.scoring import score
from guide.compiled import dump_guide, load_compiled
from guide.loading import GuideError, guide_warnings, read_guide
from guide.model import Guide
from guide.registry import CONTENT
from guide.yamlfile import read_yaml
from roadmap.domain.constraints.stated import Constraints
from roadmap.domain.planning import plan
from tests import strategies

Place = tuple[str | int, ...]
STARTER = {
    path.relative_to(CONTENT / "starter").as_posix(): read_yaml(path.read_text(), path.name).data
    for path in (CONTENT / "starter").rglob("*.yaml")
}
ODD: list[Any] = [
    0,
    -1,
    5,
    1e9,
    "",
    [],
    {},
    None,
    True,
    "always",
    "never",
    "none",
    "Q1.01",
    "x" * 99,
]


def places(part: Any, above: Place = ()) -> Iterator[Place]:
    entries = part.items() if isinstance(part, dict) else enumerate(part)
    for key, value in entries:
        yield (*above, key)
        if isinstance(value, (dict, list)):
            yield from places(value, (*above, key))


PLACES = [(file, place) for file, data in sorted(STARTER.items()) for place in places(data)]


def at(data: Any, place: Place) -> Any:
    for key in place:
        data = data[key]
    return data


@st.composite
def changed_guides(draw: st.DrawFn) -> dict[str, Any]:
    """The starter with a part or two taken out, put elsewhere, or replaced by something odd."""
    files = copy.deepcopy(STARTER)
    for _ in range(draw(st.integers(1, 2))):
        file, place = draw(st.sampled_from(PLACES))
        other_file, other = draw(st.sampled_from(PLACES))
        try:
            around = at(files[file], place[:-1])
            match draw(st.sampled_from(["drop", "move", "odd"])):
                case "drop":
                    del around[place[-1]]
                case "move":
                    around[place[-1]] = copy.deepcopy(at(STARTER[other_file], other))
                case "odd":
                    around[place[-1]] = draw(st.sampled_from(ODD))
        except (LookupError, TypeError):
            continue
    return files


def read(files: dict[str, Any]) -> Guide | None:
    with tempfile.TemporaryDirectory() as name:
        for file, data in files.items():
            path = Path(name) / file
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(data))
        try:
            guide, origins = read_guide(Path(name))
        except GuideError as error:
            assert error.problems
            return None
        guide_warnings(guide, origins)
        return guide


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_what_loads_is_stored_scored_and_planned(data: st.DataObject) -> None:
    guide = read(data.draw(changed_guides()))
    if guide is None:
        return
    answers = data.draw(strategies.answer_sets(guide)) if guide.questions else {}

    assert load_compiled(dump_guide(guide)) == guide
    scores = score(guide, answers)
    for number in (scores.overall.score, *(e.score for e in scores.exposures)):
        assert number is None or 0 <= number <= 100
    plan(guide, answers, Constraints(), date(2026, 11, 23))


def test_the_starter_itself_loads() -> None:
    """Or the test above would hold of nothing."""
    assert read(STARTER)

"""The guide's format holds a model nobody here wrote: it loads, scores and plans.

A full model is read from WAYMARK_DSOMM_DATA (a file or a folder of YAML) where that is set.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from assessments.domain.answers import Answer, AnswerState
from assessments.domain.scoring import score
from guide.archive import guide_from_zip, guide_to_zip
from guide.loading import guide_warnings, load_guide, read_guide
from guide.model import Guide
from roadmap.domain.constraints.stated import Constraints
from roadmap.domain.planning import plan
from tests.guide.dsomm_converter import convert

SAMPLE = Path(__file__).parent / "dsomm/model.yaml"
FULL = os.environ.get("WAYMARK_DSOMM_DATA", "")
TODAY = date(2026, 11, 23)
ID = "10000000-0000-4000-8000-00000000000"


def all_at(guide: Guide, level: int) -> dict[str, Answer]:
    return {
        question.id: Answer(AnswerState.ANSWERED, level, evidence=1)
        for question in guide.questions.values()
        if question.kind == "level"
    }


def hold_scores_and_plans(guide: Guide) -> None:
    """Nothing done: the worst score and everything planned, in order. All done: the opposite."""
    low, high = all_at(guide, 0), all_at(guide, 4)
    assert score(guide, low).overall.score == 0
    assert score(guide, high).overall.score == 100

    made = plan(guide, low, Constraints(), TODAY)
    items = {item.selected.initiative.id: item for item in made.items}
    assert set(items) == {initiative.id for initiative in guide.initiatives}
    for initiative in guide.initiatives:
        for needed in initiative.needs:
            assert items[needed].finish <= items[initiative.id].start
    reviews = {initiative.id for initiative in guide.initiatives if initiative.kind == "review"}
    assert {
        item.selected.initiative.id for item in plan(guide, high, Constraints(), TODAY).items
    } == reviews


def test_a_model_in_the_shape_of_dsomm_loads_scores_and_plans(tmp_path: Path) -> None:
    notes = convert(SAMPLE, tmp_path)
    guide = load_guide(tmp_path)

    assert [step.title for step in guide.steps] == ["Watching and Mending", "Speaking"]
    assert [s.title for s in guide.steps[0].sections] == ["Seeing", "Mending"]
    assert [phase.id for phase in guide.phases] == ["PHASE-1", "PHASE-2", "PHASE-3", "PHASE-4"]
    assert guide.initiative(f"A-{ID}3").needs == (f"A-{ID}2", f"A-{ID}1")
    assert guide.initiative(f"A-{ID}1").done == (
        "Show the list and the day it was last checked.",
        "Name the owner of three entries.",
    )
    assert guide.question(f"Q-{ID}2").controls == ("iso27001-2022-8.16",)
    assert guide.question(f"Q-{ID}5").why == "yes"
    assert {c.id for c in guide.controls} == {
        "samm2-O-XX-1",
        "iso27001-2022-5.9",
        "iso27001-2022-8.16",
        "iso27001-2017-12.1.2",
    }
    assert notes == [
        "One way to mend: it waits for '99999999-0000-4000-8000-000000000000', which is not there",
        "Saying what changed: it and 'Mending before it breaks' wait for each other",
    ]
    hold_scores_and_plans(guide)


def test_the_converted_model_can_be_uploaded(tmp_path: Path) -> None:
    convert(SAMPLE, tmp_path / "model")

    assert guide_from_zip(guide_to_zip(tmp_path / "model")) == load_guide(tmp_path / "model")


@pytest.mark.skipif(not FULL, reason="WAYMARK_DSOMM_DATA names no model")
def test_a_full_model_loads_scores_and_plans(tmp_path: Path) -> None:
    notes = convert(Path(FULL), tmp_path)
    guide, origins = read_guide(tmp_path)

    print(f"{len(guide.steps)} dimensions, {len(guide.initiatives)} initiatives, {notes}")
    print("\n".join(map(str, guide_warnings(guide, origins))))
    assert len(guide.questions) > 50
    hold_scores_and_plans(guide)

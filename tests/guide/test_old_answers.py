"""Answers files written for version 1.0.0 keep their scores: new questions only open the range."""

from __future__ import annotations

from pathlib import Path

import pytest

from assessments.domain.answers_file import parse_answers
from assessments.domain.scoring import Scorecard, score
from guide.model import Guide
from guide.registry import current_guide, get_guide

DEMO = Path(__file__).resolve().parents[2] / "demo"


def card(guide: Guide, name: str) -> Scorecard:
    text = (DEMO / name).read_text(encoding="utf-8")
    return score(guide, parse_answers(text, guide, name).answers)


@pytest.mark.parametrize(
    ("name", "moved"),
    [
        # Under four people no community of practice is asked for.
        ("per-1.yaml", {"STEP-5", "CHAL-SILOS"}),
        ("per-3.yaml", set()),
        # A software firm has no ward to hold a downtime drill in.
        ("per-4.yaml", {"STEP-5"}),
        ("per-6.yaml", set()),
    ],
)
def test_old_answers_keep_their_scores(name: str, moved: set[str]) -> None:
    before, after = card(get_guide("healthcare-devops", "1.0.0"), name), card(current_guide(), name)

    def scores(found: Scorecard) -> dict[str, float | None]:
        by_id = {step.step: step.score for step in found.steps}
        return by_id | {exposure.challenge: exposure.score for exposure in found.exposures}

    old, new = scores(before), scores(after)
    assert {part for part in old if old[part] != pytest.approx(new[part])} == moved
    assert [e.challenge for e in before.exposures[:3]] == [e.challenge for e in after.exposures[:3]]
    for step in before.steps:
        wider = after.step(step.step)
        if step.step not in moved:
            assert wider.low <= step.low and wider.high >= step.high

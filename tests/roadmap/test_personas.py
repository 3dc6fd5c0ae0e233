"""The four invented organizations held against what a good consultant concluded.

Each row is a fact of the cross-check table. Misses are recorded, not hidden: they are marked as
expected failures with their reason, and strictly so, so that a change that mends one is noticed.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from assessments.domain.answers import Answer
from assessments.domain.answers_file import parse_answers
from assessments.domain.facts import AnswerFacts
from assessments.domain.scoring import Scorecard, score
from guide.registry import current_guide
from roadmap.domain.selected import Selection
from roadmap.domain.selection import select

DEMO = Path(__file__).resolve().parents[2] / "demo"
WORST = 3
HIGHEST = 10


@cache
def answers_of(number: int) -> dict[str, Answer]:
    path = DEMO / f"per-{number}.yaml"
    return parse_answers(path.read_text(encoding="utf-8"), current_guide(), path.name).answers


@cache
def conclude(number: int) -> tuple[Scorecard, Selection]:
    guide = current_guide()
    answers = answers_of(number)
    card = score(guide, answers)
    return card, select(guide, answers, card)


def miss(*values: object, reason: str) -> object:
    return pytest.param(*values, marks=pytest.mark.xfail(strict=True, reason=reason))


@pytest.mark.parametrize(
    ("number", "challenges"),
    [
        (1, {"CHAL-LOCKIN", "CHAL-RESOURCES", "CHAL-LEGACY"}),
        (3, {"CHAL-COMPLIANCE", "CHAL-FASTSEC"}),
        (4, {"CHAL-FASTSEC", "CHAL-COMPLIANCE", "CHAL-SKILLS"}),
        (6, {"CHAL-COMPLIANCE", "CHAL-FASTSEC", "CHAL-SILOS"}),
    ],
)
def test_the_worst_challenges_come_first(number: int, challenges: set[str]) -> None:
    card, _ = conclude(number)

    assert challenges <= {exposure.challenge for exposure in card.exposures[:WORST]}


@pytest.mark.parametrize(
    ("number", "contradictions"),
    [
        (1, set()),
        # Secrets are said to be scanned for (Q3.10), and no such scan runs (Q3.08).
        (3, {"X-24"}),
        (4, set()),
        (6, set()),
    ],
)
def test_answers_that_hardly_go_together_are_found(number: int, contradictions: set[str]) -> None:
    guide = current_guide()
    facts = AnswerFacts(guide, answers_of(number))

    assert {c.id for c in guide.contradictions if c.when.holds(facts)} == contradictions


@pytest.mark.parametrize(
    ("number", "initiative"),
    [
        (1, "A1-11"),
        (1, "AV-01"),
        (1, "A5-10"),
        (3, "A3-08"),
        miss(3, "A3-10", reason="its answers put secrets (Q3.10) at level 3, the target"),
        (3, "A3-12"),
        (4, "A3-08"),
        (4, "A4-03"),
        miss(4, "A3-02", reason="builds (Q3.02, Q1.05) are neither cap nor safety questions"),
        (6, "AD-01"),
        (6, "AD-02"),
        (6, "AD-03"),
    ],
)
def test_what_matters_most_ranks_among_the_highest(number: int, initiative: str) -> None:
    _, selection = conclude(number)

    assert initiative in {item.initiative.id for item in selection.items[:HIGHEST]}


@pytest.mark.parametrize(
    ("number", "never"),
    [
        (1, {"A3-02", "A3-03", "A3-11", "A3-12", "A3-17", "A5-03", "AD-01", "AE-01"}),
        (3, {"AV-01", "AV-02", "AD-01", "A4-09"}),
        (4, {"AV-01", "AV-02", "AD-01", "A4-09", "A5-10"}),
        (6, {"AV-01", "AV-02", "A5-10"}),
    ],
)
def test_what_contradicts_the_profile_never_appears(number: int, never: set[str]) -> None:
    _, selection = conclude(number)

    assert not never & {item.initiative.id for item in selection.items}

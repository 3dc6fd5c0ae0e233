"""What must hold of every scorecard, whatever the guide and the answers."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.domain.answers import Answer, AnswerState
from assessments.domain.scoring import Scorecard, score
from guide.model import Guide
from guide.registry import current_guide
from tests.strategies import answer_sets, guides

TOLERANCE = 1e-7


@st.composite
def cases(draw: st.DrawFn) -> tuple[Guide, dict[str, Answer]]:
    guide = draw(st.one_of(guides(), st.just(current_guide())))
    return guide, draw(answer_sets(guide))


def all_ranges(card: Scorecard) -> list[tuple[float | None, float | None, float | None]]:
    parts: list[Any] = [card.overall, *card.steps, *card.exposures]
    return [(part.low, part.score, part.high) for part in parts]


@given(cases())
@settings(deadline=None, max_examples=120)
def test_score_stays_inside_its_range_and_0_to_100(case: tuple[Guide, dict[str, Answer]]) -> None:
    for low, now, high in all_ranges(score(*case)):
        if low is None or high is None:
            assert now is None
            continue
        assert 0 <= low <= high <= 100
        if now is not None:
            assert low <= now <= high


@given(cases())
@settings(deadline=None, max_examples=120)
def test_contributions_add_up_to_the_score(case: tuple[Guide, dict[str, Answer]]) -> None:
    card = score(*case)

    for step in card.steps:
        lost = math.fsum(c.points for c in step.contributions)
        if step.score is None:
            assert step.contributions == ()
        else:
            assert lost == pytest.approx(100 - step.score, abs=TOLERANCE)
    for exposure in card.exposures:
        points = math.fsum(c.points for c in exposure.contributions)
        assert (exposure.score is None) == (exposure.contributions == ())
        assert points == pytest.approx(exposure.score or 0, abs=TOLERANCE)


@given(cases(), st.randoms())
@settings(deadline=None, max_examples=60)
def test_score_is_independent_of_the_order_of_answers(
    case: tuple[Guide, dict[str, Answer]], random: Any
) -> None:
    guide, answers = case
    items = list(answers.items())
    random.shuffle(items)

    assert repr(score(guide, dict(items))) == repr(score(guide, answers))


@given(cases(), st.data())
@settings(deadline=None, max_examples=120)
def test_a_better_level_never_makes_anything_worse(
    case: tuple[Guide, dict[str, Answer]], data: st.DataObject
) -> None:
    guide, answers = case
    # A level that switches other questions on changes what is asked, not only how good it is.
    switches = {ref for q in guide.questions.values() if q.applies for ref in q.applies.refs}
    levels = [
        i
        for i, a in answers.items()
        if a.state is AnswerState.ANSWERED
        and guide.questions[i].kind == "level"
        and a.value < 4
        and i not in switches
    ]
    if not levels:
        return
    chosen = data.draw(st.sampled_from(levels))
    better = answers | {chosen: replace(answers[chosen], value=answers[chosen].value + 1)}

    before, after = score(guide, answers), score(guide, better)

    for old, new in zip(before.steps, after.steps, strict=True):
        if old.score is not None and new.score is not None:
            assert new.score >= old.score - TOLERANCE
        assert set(new.capped_by) <= set(old.capped_by)
    for old_exposure in before.exposures:
        new_exposure = after.exposure(old_exposure.challenge)
        if old_exposure.score is not None and new_exposure.score is not None:
            assert new_exposure.score <= old_exposure.score + TOLERANCE
    assert len(after.high_risks) <= len(before.high_risks)


@given(cases())
@settings(deadline=None, max_examples=60)
def test_not_applicable_leaves_every_score_as_if_the_question_were_gone(
    case: tuple[Guide, dict[str, Answer]],
) -> None:
    guide, answers = case
    gone = {i for i, a in answers.items() if a.state is AnswerState.NOT_APPLICABLE}
    if guide.id != "small" or not gone:
        return
    steps = tuple(
        step.model_copy(
            update={
                "sections": tuple(
                    s.model_copy(
                        update={"questions": tuple(q for q in s.questions if q.id not in gone)}
                    )
                    for s in step.sections
                )
            }
        )
        for step in guide.steps
    )
    parts = {name: getattr(guide, name) for name in Guide.model_fields}
    without = Guide(**parts | {"steps": steps})

    assert all_ranges(score(guide, answers)) == all_ranges(score(without, answers))


@given(cases())
@settings(deadline=None, max_examples=60)
def test_ranks_count_up_and_follow_the_priority(case: tuple[Guide, dict[str, Answer]]) -> None:
    exposures = score(*case).exposures
    ranked = [e for e in exposures if e.rank is not None]

    assert [e.rank for e in ranked] == list(range(1, len(ranked) + 1))
    priorities = [e.priority or 0 for e in ranked]
    assert all(a >= b - TOLERANCE for a, b in pairwise(priorities))
    assert list(exposures[: len(ranked)]) == ranked

"""The closed forms say what scoring anew says."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.domain.answers import Answer, AnswerState
from assessments.domain.scoring import EXPOSURE_BANDS, band_of, score
from assessments.domain.sensitivity import (
    Move,
    held_up,
    ladder_of,
    lifts,
    next_question,
    open_questions,
    raised,
    switching_questions,
    with_moves,
)
from assessments.domain.way_out import way_out
from guide.model import Guide
from guide.registry import current_guide
from tests.strategies import answer_sets, challenge, guides, level_question, small_guide

Case = tuple[Guide, dict[str, Answer]]
NAMES = [name for _, name in EXPOSURE_BANDS]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    guide = draw(st.one_of(guides(), st.just(current_guide())))
    if guide.id == "small":
        guide = guide.model_copy(update={"proof_level": draw(st.sampled_from([2, 4]))})
    return guide, draw(answer_sets(guide, 12))


def level(value: int, **more) -> Answer:
    return Answer(AnswerState.ANSWERED, value, **more)


def exposure_after(case: Case, moves: list[Move], name: str) -> float:
    found = score(case[0], with_moves(case[1], moves)).exposure(name).score
    assert found is not None
    return found


@given(cases())
@settings(deadline=None, max_examples=25)
def test_a_lift_gains_what_scoring_anew_says(case: Case) -> None:
    guide, answers = case
    card = score(guide, answers)

    for lift in lifts(guide, answers, card)[:6]:
        after = score(guide, with_moves(answers, [lift.move]))

        step = (after.step(lift.step).score or 0) - (card.step(lift.step).score or 0)
        assert step == pytest.approx(lift.step_points, abs=1e-6)
        overall = (after.overall.score or 0) - (card.overall.score or 0)
        assert overall == pytest.approx(lift.overall_points, abs=1e-6)
        for name, points in lift.challenges:
            lost = (card.exposure(name).score or 0) - (after.exposure(name).score or 0)
            assert lost == pytest.approx(points, abs=1e-6)


@given(cases())
@settings(deadline=None, max_examples=25)
def test_way_out_leads_into_the_next_band_and_asks_no_more_than_needed(case: Case) -> None:
    guide, answers = case
    card = score(guide, answers)

    for exposure in card.exposures:
        way = way_out(guide, answers, card, exposure.challenge)
        if way is None:
            assert exposure.band in (None, NAMES[0])
            continue
        if not way.is_reachable:
            assert band_of(way.after, EXPOSURE_BANDS) == exposure.band
            continue
        moves = list(way.moves)
        assert exposure_after(case, moves, exposure.challenge) == pytest.approx(way.after)
        assert NAMES.index(band_of(way.after, EXPOSURE_BANDS)) < NAMES.index(way.band)
        for move in moves:
            # Not one answer fewer, and none of them a level lower.
            others = [other for other in moves if other is not move]
            fewer = exposure_after(case, others, exposure.challenge)
            assert band_of(fewer + 1e-5, EXPOSURE_BANDS) == exposure.band
            for lower in _one_lower(guide, answers, move):
                less = exposure_after(case, [*others, lower], exposure.challenge)
                assert band_of(less + 1e-5, EXPOSURE_BANDS) == exposure.band


def _one_lower(guide: Guide, answers: dict[str, Answer], move: Move) -> list[Move]:
    rungs = [raw for raw, _ in ladder_of(guide.question(move.question))]
    below = rungs[rungs.index(move.to_value) - 1]
    return [] if below == move.from_value else [replace(move, to_value=below)]


@given(cases())
@settings(deadline=None, max_examples=20)
def test_an_answer_narrows_the_overall_range_by_what_is_said(case: Case) -> None:
    guide, answers = case
    card = score(guide, answers)
    switches = switching_questions(guide)
    open_levels = [
        q
        for q in open_questions(guide, answers, card)
        if guide.question(q.question).kind == "level" and q.question not in switches
    ]

    for found in open_levels[:3]:
        after = score(guide, answers | {found.question: level(0)})
        narrowed = _width(card.overall) - _width(after.overall)
        assert narrowed == pytest.approx(found.overall_points, abs=1e-6)
    ranked = [found.narrows for found in open_questions(guide, answers, card)]
    assert all(more >= less - 1e-8 for more, less in pairwise(ranked))


def _width(part) -> float:
    return (part.high or 0) - (part.low or 0)


@given(cases())
@settings(deadline=None, max_examples=20)
def test_what_a_claim_holds_up_goes_when_it_is_not_believed(case: Case) -> None:
    guide, answers = case
    card = score(guide, answers)

    for held in held_up(guide, answers, card)[:4]:
        doubted = answers | {held.question: level(guide.proof_level)}
        after = score(guide, doubted)
        if held.question in switching_questions(guide):
            continue
        lost = (card.step(held.step).score or 0) - (after.step(held.step).score or 0)
        assert lost == pytest.approx(held.step_points, abs=1e-6)


def three(*levels: int, weight: float = 1) -> Case:
    questions = [
        level_question(f"Q1.{n:02d}", "STEP-1", informs=[{"challenge": "CHAL-A", "weight": weight}])
        for n in range(1, len(levels) + 1)
    ]
    guide = small_guide({"STEP-1": questions}, [challenge("CHAL-A")])
    return guide, {q.id: level(v) for q, v in zip(questions, levels, strict=True)}


def ways(case: Case, name: str = "CHAL-A"):
    return way_out(*case, score(*case), name)


def test_way_out_prefers_level_3_and_stops_where_it_is_enough():
    # 75: severe. Under 70 takes one answer one level up.
    way = ways(three(1, 1, 1))

    assert [(m.question, m.from_value, m.to_value) for m in way.moves] == [("Q1.01", 1, 2)]
    assert (way.band, way.next_band) == ("severe", "high")


def with_fact(case: Case, weight: float) -> Case:
    """The same with a fact of the profile that adds to the exposure and that nobody can lift."""
    guide, answers = case
    informs = [{"challenge": "CHAL-A", "weight": weight}]
    fact = level_question("P.01", "PROFILE", informs=informs)
    section = guide.steps[0].sections[0].model_copy(update={"id": "P", "questions": (fact,)})
    parts = {name: getattr(guide, name) for name in Guide.model_fields}
    return Guide(**parts | {"profile": (section,)}), answers | {"P.01": level(0)}


def test_way_out_goes_to_level_4_only_where_3_is_not_enough():
    assert [m.to_value for m in ways(three(2, 3, 3, 3)).moves] == [3]

    # All three at level 3 would leave 72 of 100, which is severe still.
    assert sorted(m.to_value for m in ways(with_fact(three(0, 0, 0), 5)).moves) == [3, 3, 4]


def test_way_out_ends_at_the_lowest_band():
    assert ways(three(3, 3, 3)) is None


def test_way_out_says_when_better_answers_are_not_enough():
    way = ways(with_fact(three(0, 0, 0), 30))

    assert not way.is_reachable
    assert way.moves == ()
    assert way.after == pytest.approx(100 * 30 / 33)


def test_what_we_do_not_know_can_be_lifted():
    guide, answers = three(0, 3)
    answers["Q1.01"] = Answer(AnswerState.UNKNOWN)

    found = next(x for x in lifts(guide, answers, score(guide, answers)) if not x.move.from_value)

    assert (found.move.question, found.move.from_value, found.move.to_value) == ("Q1.01", None, 1)


def test_a_raised_answer_loses_what_showed_the_old_one():
    shown = level(2, evidence=2, confirmed=True)

    assert raised(shown, 3) == level(3)


def test_next_question_is_the_heaviest_and_ties_go_by_the_guide():
    guide, answers = three(1, 1, 1, 1)
    del answers["Q1.02"], answers["Q1.03"]

    found = next_question(guide, answers, score(guide, answers))

    assert (found.question, found.step_points) == ("Q1.02", 25)
    assert next_question(guide, three(1, 1, 1, 1)[1], score(guide, three(1, 1, 1, 1)[1])) is None


def test_shown_claims_hold_nothing_up():
    guide, answers = three(4, 0)
    guide = guide.model_copy(update={"proof_level": 2})
    card = score(guide, answers)

    assert [(h.question, h.step_points) for h in held_up(guide, answers, card)] == [("Q1.01", 25)]
    shown = answers | {"Q1.01": level(4, evidence=1)}
    assert held_up(guide, shown, score(guide, shown)) == ()


def test_points_of_a_lift_are_finite():
    guide = current_guide()
    answers = {"Q1.01": level(0)}

    assert all(math.isfinite(x.worth) for x in lifts(guide, answers, score(guide, answers)))

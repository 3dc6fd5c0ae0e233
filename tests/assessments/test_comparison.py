"""Two rounds side by side: nothing changed shows no change, and swapping mirrors."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.domain.answers import Answer, AnswerState
from assessments.domain.comparison import (
    MIRRORED,
    Change,
    Comparison,
    compare,
    progress_between,
    shared_questions,
)
from assessments.domain.scoring import score
from guide.model import Guide
from guide.registry import current_guide
from tests.strategies import answer_sets, challenge, guides, level_question, small_guide

Round = tuple[Guide, dict[str, Answer]]


def compared(then: Round, now: Round) -> Comparison:
    return compare(*then, score(*then), *now, score(*now))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Round, Round]:
    """Two rounds, often under different guides."""
    first = draw(st.one_of(guides(), st.just(current_guide())))
    second = first if first.id != "small" else draw(st.one_of(st.just(first), guides()))
    return (first, draw(answer_sets(first, 12))), (second, draw(answer_sets(second, 12)))


@given(pairs())
@settings(deadline=None, max_examples=25)
def test_comparing_a_round_with_itself_shows_no_change(rounds):
    found = compared(rounds[0], rounds[0])

    assert {question.change for question in found.questions} == {Change.SAME}
    assert all(part.difference in (0, None) for part in (found.overall, *found.steps))
    assert all(part.asked_alike for part in (*found.steps, *found.challenges))
    assert found.high_risks_new == found.high_risks_gone == ()


@given(pairs())
@settings(deadline=None, max_examples=25)
def test_swapping_the_rounds_mirrors_the_comparison(rounds):
    there, back = compared(*rounds), compared(*reversed(rounds))

    mirrored = {q.question: MIRRORED[q.change] for q in back.questions}
    assert {q.question: q.change for q in there.questions} == mirrored
    assert there.high_risks_gone == back.high_risks_new
    returned = {part.about: part for part in (back.overall, *back.steps, *back.challenges)}
    for part in (there.overall, *there.steps, *there.challenges):
        other = returned[part.about]
        assert (part.then, part.now) == (other.now, other.then)
        assert part.ranges_overlap == other.ranges_overlap
        if part.difference is not None:
            assert part.difference == -other.difference


def given_level(value: int) -> Answer:
    return Answer(AnswerState.ANSWERED, value)


UNKNOWN = Answer(AnswerState.UNKNOWN)
NOT_HERE = Answer(AnswerState.NOT_APPLICABLE, reason="no such system")


@pytest.mark.parametrize(
    ("then", "now", "change"),
    [
        (given_level(1), given_level(3), Change.BETTER),
        (given_level(3), given_level(1), Change.WORSE),
        (given_level(2), replace(given_level(2), note="new note"), Change.SAME),
        (None, given_level(0), Change.NEWLY_ANSWERED),
        (UNKNOWN, given_level(0), Change.NEWLY_ANSWERED),
        (given_level(4), UNKNOWN, Change.NO_LONGER_ANSWERED),
        (None, UNKNOWN, Change.DIFFERENT),
        (given_level(2), NOT_HERE, Change.DIFFERENT),
        (NOT_HERE, replace(NOT_HERE, reason="sold"), Change.DIFFERENT),
        (None, None, Change.SAME),
    ],
)
def test_change_of_one_answer_is_named(then, now, change):
    guide = small_guide({"STEP-1": [level_question("Q1.01", "STEP-1")]}, [challenge("CHAL-A")])

    found = compared(
        (guide, {"Q1.01": then} if then else {}), (guide, {"Q1.01": now} if now else {})
    )

    assert [(q.question, q.change) for q in found.questions] == [("Q1.01", change)]


def two_versions(**changes: Any) -> tuple[Guide, Guide]:
    kept = level_question("Q1.01", "STEP-1")
    old = small_guide({"STEP-1": [kept, level_question("Q1.02", "STEP-1")]}, [])
    second = level_question("Q1.02", "STEP-1", **changes)
    new = small_guide({"STEP-1": [kept, second, level_question("Q1.03", "STEP-1")]}, [])
    return old, new


def test_questions_of_another_version_are_told_apart():
    old, new = two_versions()
    reworded = new.questions["Q1.02"].model_copy(update={"text": "Something else?"})
    new = small_guide({"STEP-1": [new.questions["Q1.01"], reworded, new.questions["Q1.03"]]}, [])
    answers = {"Q1.01": given_level(1), "Q1.02": given_level(1)}

    found = compared((old, answers), (new, answers))

    assert {q.question: q.change for q in found.questions} == {
        "Q1.01": Change.SAME,
        "Q1.02": Change.CHANGED_MEANING,
        "Q1.03": Change.NEW_QUESTION,
    }
    assert not found.steps[0].asked_alike
    assert shared_questions(old, new) == {"Q1.01"}


def test_a_new_title_does_not_change_the_meaning():
    old, new = two_versions(hint="Look in the wiki")

    assert shared_questions(old, new) == {"Q1.01", "Q1.02"}


def test_question_that_another_answer_switched_off_is_no_longer_asked():
    second = level_question("Q1.02", "STEP-1", applies="Q1.01 >= 2", not_asked="Nothing runs yet")
    guide = small_guide({"STEP-1": [level_question("Q1.01", "STEP-1"), second]}, [])
    kept = {"Q1.02": given_level(1)}

    found = compared(
        (guide, kept | {"Q1.01": given_level(2)}), (guide, kept | {"Q1.01": given_level(0)})
    )

    assert [q.change for q in found.questions] == [Change.WORSE, Change.NO_LONGER_ASKED]


def test_progress_counts_only_what_both_rounds_ask_alike():
    old, new = two_versions()
    then = {"Q1.01": given_level(1), "Q1.02": given_level(1)}
    now = {"Q1.01": given_level(2), "Q1.02": given_level(2), "Q1.03": given_level(4)}

    found = progress_between(old, then, new, now)

    assert (found.points, found.shared, found.scored, found.is_whole) == (25, 2, 3, False)


def test_progress_between_guides_with_little_in_common_is_not_stated():
    old, _ = two_versions()
    other = small_guide({"STEP-1": [level_question("R1.01", "STEP-1")]}, [])

    found = progress_between(old, {"Q1.01": given_level(1)}, other, {"R1.01": given_level(4)})

    assert found.points is None
    assert (found.shared, found.scored) == (0, 3)


def test_ranges_that_overlap_are_said_to():
    guide = small_guide(
        {"STEP-1": [level_question("Q1.01", "STEP-1"), level_question("Q1.02", "STEP-1")]}, []
    )
    half = {"Q1.01": given_level(2)}

    narrow = compared((guide, half | {"Q1.02": given_level(0)}), (guide, half))

    assert narrow.overall.ranges_overlap is True
    done = compared(
        (guide, half | {"Q1.02": given_level(0)}), (guide, half | {"Q1.02": given_level(4)})
    )
    assert done.overall.ranges_overlap is False

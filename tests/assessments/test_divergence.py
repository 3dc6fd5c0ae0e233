"""What lies how far apart, which is talked about first, and the pages that show it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.domain.answers import UNANSWERED, Answer, AnswerState
from assessments.domain.divergence import (
    MINUTES_AT_LEAST,
    MINUTES_AT_MOST,
    Difference,
    Voice,
    can_be_seated,
    divergence,
    rank,
)
from guide.registry import current_guide

GUIDE = current_guide()
QUESTIONS = [question for question in GUIDE.questions.values() if can_be_seated(question)]
UNKNOWN = Answer(AnswerState.UNKNOWN)
NOT_APPLICABLE = Answer(AnswerState.NOT_APPLICABLE, reason="None here")


def said(value) -> Answer:
    return Answer(AnswerState.ANSWERED, value)


def values_of(question):
    if question.kind == "level":
        return st.integers(0, 4)
    if question.kind == "number":
        return st.integers(0, 100) | st.floats(0, 1e6)
    options = [option.id for option in question.options]
    if question.kind == "choice":
        return st.sampled_from(options)
    return st.fixed_dictionaries({"choices": st.lists(st.sampled_from(options), unique=True)})


@st.composite
def question_and_answers(draw):
    question = draw(st.sampled_from(QUESTIONS))
    answers = st.one_of(
        values_of(question).map(said),
        st.just(UNKNOWN),
        st.just(NOT_APPLICABLE),
        st.just(UNANSWERED),
    )
    return question, draw(st.lists(answers, max_size=6))


@given(question_and_answers(), st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_divergence_is_bounded_and_knows_no_order(drawn, random):
    question, answers = drawn
    shuffled = answers + answers[:2]
    random.shuffle(shuffled)

    found = divergence(question, answers)

    assert 0 <= found.degree <= 1
    assert bool(found.differences) == (found.degree > 0)
    assert divergence(question, shuffled).degree == found.degree


@given(question_and_answers(), st.integers(1, 5))
@settings(max_examples=50, deadline=None)
def test_divergence_is_zero_when_all_agree(drawn, number):
    question, answers = drawn
    for answer in answers[:1]:
        assert divergence(question, [answer] * number).degree == 0


@given(question_and_answers(), st.integers(0, 4))
@settings(max_examples=50, deadline=None)
def test_another_voice_never_lessens_a_divergence(drawn, level):
    question, answers = drawn
    more = [*answers, said(level) if question.kind == "level" else UNKNOWN]

    assert divergence(question, more).degree >= divergence(question, answers).degree


@pytest.mark.parametrize(
    ("question_id", "answers", "degree", "spread", "differences"),
    [
        ("Q1.01", [said(0), said(4)], 1, 4, {Difference.LEVELS}),
        ("Q1.01", [said(1), said(2), said(1)], 0.25, 1, {Difference.LEVELS}),
        ("Q1.01", [said(3), UNKNOWN], 0.5, None, {Difference.UNKNOWN}),
        ("Q1.01", [said(3), NOT_APPLICABLE], 0.5, None, {Difference.NOT_APPLICABLE}),
        ("Q1.01", [UNKNOWN, UNKNOWN], 0, None, set()),
        ("Q1.01", [said(2), UNANSWERED], 0, None, set()),
        ("Q1.01", [said(0), said(4), UNKNOWN], 1, 4, {Difference.LEVELS, Difference.UNKNOWN}),
        ("Q1.11", [said(10), said(40)], 0.75, None, {Difference.NUMBERS}),
        ("Q1.11", [said(0), said(0.0)], 0, None, set()),
        ("P.05", [said("we_onprem"), said("vendor_hosts")], 1, None, {Difference.OPTIONS}),
        ("P.01", [said("hospital"), said("telehealth")], 0.5, None, {Difference.OPTIONS}),
    ],
)
def test_divergence_says_how_far_and_why(question_id, answers, degree, spread, differences):
    found = divergence(GUIDE.question(question_id), answers)

    assert (found.degree, found.spread, found.differences) == (degree, spread, differences)


def test_extras_beside_the_same_options_count_least():
    question = GUIDE.question("Q1.06")
    with_count = said({"choices": ["vendor_patch"], "count": 9})

    assert divergence(question, [said({"choices": ["vendor_patch"]}), with_count]).degree == 0.25


@given(st.dictionaries(st.sampled_from([q.id for q in QUESTIONS]), st.randoms(), max_size=8))
@settings(max_examples=30, deadline=None)
def test_rank_knows_no_order_and_loses_nothing(chosen):
    voices = {}
    for question_id, random in chosen.items():
        answers = [UNKNOWN, NOT_APPLICABLE]
        if GUIDE.question(question_id).kind == "level":
            answers = [said(random.randint(0, 4)) for _ in range(3)]
        voices[question_id] = [
            Voice(seat, f"Person {number}", answer)
            for number, (seat, answer) in enumerate(
                zip(("it", "clinical", "security"), answers, strict=False)
            )
        ]
    turned = {question_id: voices[question_id][::-1] for question_id in reversed(voices)}

    ranked = rank(GUIDE, voices)

    assert rank(GUIDE, turned) == ranked
    degrees = [found.divergence.degree for found in ranked]
    assert degrees == sorted(degrees, reverse=True)
    assert {found.question.id for found in ranked} == {
        question_id
        for question_id, heard in voices.items()
        if divergence(GUIDE.question(question_id), [v.answer for v in heard]).degree
    }
    assert all(MINUTES_AT_LEAST <= found.minutes <= MINUTES_AT_MOST for found in ranked)


def test_rank_puts_the_wider_first_and_safety_before_weight_among_equals():
    levels = [q for q in GUIDE.questions.values() if q.kind == "level"]
    safety = next(q for q in levels if q.safety)
    plain = [q for q in levels if not q.safety and not q.cap]

    def voices(low, high):
        return [Voice("it", "Ada", said(low)), Voice("clinical", "Ben", said(high))]

    ranked = rank(
        GUIDE, {plain[0].id: voices(1, 2), plain[1].id: voices(0, 3), safety.id: voices(2, 3)}
    )

    assert [found.question.id for found in ranked] == [plain[1].id, safety.id, plain[0].id]

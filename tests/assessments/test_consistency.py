"""Contradictions: found by rules that are certainly true, shown side by side, never in the way."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.domain.answers import Answer, AnswerState
from assessments.domain.consistency import contradictions
from assessments.services import assessment_submit
from guide.model import Contradiction, Guide
from guide.rules import parse_rule
from tests.assessments.factories import save_answer
from tests.strategies import level_question, small_guide

RULES = {
    "C.1": ("Q1 >= 3 and Q2 <= 1", ("Q1", "Q2")),
    "C.2": ("Q2 >= 3 and Q3 is not_applicable", ("Q2", "Q3")),
    "C.3": ("Q1 >= 3 and Q4 = 0", ("Q1", "Q4")),
}
LEVELS = st.integers(0, 4).map(lambda level: Answer(AnswerState.ANSWERED, level))
STATES = st.sampled_from([Answer(AnswerState.UNKNOWN), Answer(AnswerState.NOT_APPLICABLE)])
ANSWERS = st.dictionaries(st.sampled_from(["Q1", "Q2", "Q3", "Q4"]), LEVELS | STATES)


@pytest.fixture(scope="module")
def rules() -> Guide:
    """Q4 is asked only where Q3 is answered above 0."""
    switched = level_question("Q4", "S", applies=parse_rule("Q3 > 0"), not_asked="No Q3")
    questions = [level_question(name, "S") for name in ("Q1", "Q2", "Q3")]
    found = tuple(
        Contradiction(id=name, title=name, text="-", when=parse_rule(when), questions=about)
        for name, (when, about) in RULES.items()
    )
    return small_guide({"S": [*questions, switched]}, []).model_copy(
        update={"contradictions": found}
    )


def ids(guide: Guide, answers: dict[str, Answer]) -> list[str]:
    return [one.contradiction.id for one in contradictions(guide, answers)]


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ({"Q1": 4, "Q2": 0}, ["C.1"]),
        ({"Q1": 4, "Q2": 2}, []),
        ({"Q1": 4}, []),
        ({"Q1": 4, "Q2": "unknown"}, []),
        ({"Q2": 4, "Q3": "not_applicable"}, ["C.2"]),
        ({"Q1": 4, "Q2": 0, "Q3": 2, "Q4": 0}, ["C.1", "C.3"]),
        # Q4 is not asked: what was answered before says nothing any more.
        ({"Q1": 4, "Q3": 0, "Q4": 0}, []),
    ],
)
def test_contradiction_is_found_only_where_it_is_certain(rules, levels, expected):
    def answer(level: Any) -> Answer:
        if isinstance(level, str):
            return Answer(AnswerState(level), reason="-")
        return Answer(AnswerState.ANSWERED, level)

    assert ids(rules, {name: answer(level) for name, level in levels.items()}) == expected


@settings(max_examples=50, deadline=None)
@given(answers=ANSWERS, late=LEVELS)
def test_contradictions_hold_for_any_answers(rules, answers, late):
    found = ids(rules, answers)

    # The order of answers does not matter, and the order of what is found is the guide's.
    assert found == ids(rules, dict(reversed(answers.items())))
    assert found == [name for name in RULES if name in found]
    # What is found rests on answers that were given, whoever adds more to other questions.
    for name in found:
        about = RULES[name][1]
        assert set(about) <= set(answers)
        more = {**answers, **({"Q2": late} if "Q2" not in about else {})}
        assert name in ids(rules, more)
    # One answer less never finds more.
    for question_id in answers:
        rest = {name: answer for name, answer in answers.items() if name != question_id}
        if question_id != "Q3":
            assert set(ids(rules, rest)) <= set(found)


def contradicting(visitor) -> Contradiction:
    """Two levels that the shipped guide holds to contradict each other."""
    rule = visitor.assessment.guide.contradictions[0]
    answers = {}
    for comparison in rule.when.comparisons():
        level = int(comparison.literals[0])
        save_answer(visitor.assessment, comparison.ref, level)
        answers[comparison.ref] = level
    return rule


def test_page_shows_both_answers_with_a_way_to_change_each(visitor):
    rule = contradicting(visitor)

    page = visitor.client.get(visitor.page("contradictions")).content.decode()

    for question_id in rule.questions:
        assert f"#{question_id.replace('.', '-')}" in page
    assert page.count("given by") == len(rule.questions)


def test_contradictions_are_told_on_step_and_review_and_block_nothing(visitor):
    rule = contradicting(visitor)
    question = visitor.assessment.guide.question(rule.questions[0])
    step = visitor.assessment.guide.step(question.step)

    for address in (visitor.page("step", step.number), visitor.page("review")):
        assert visitor.page("contradictions") in visitor.client.get(address).content.decode()
    assert assessment_submit(assessment=visitor.assessment, user=visitor.user)


def test_page_without_contradictions_says_so(visitor):
    page = visitor.client.get(visitor.page("contradictions")).content.decode()

    assert "No two answers speak against each other" in page
    assert (
        visitor.page("contradictions")
        not in visitor.client.get(visitor.page("step", 1)).content.decode()
    )


@pytest.mark.parametrize("name", ["contradictions", "unconfirmed"])
@pytest.mark.parametrize("number", [1, 30])
def test_pages_of_proof_ask_the_same_however_much_there_is(
    visitor, django_assert_max_num_queries, name, number
):
    questions = [q for q in visitor.assessment.guide.questions.values() if q.kind == "level"]
    for question in questions[:number]:
        save_answer(visitor.assessment, question.id, 4)

    with django_assert_max_num_queries(12):
        assert visitor.client.get(visitor.page(name)).status_code == 200

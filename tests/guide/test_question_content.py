"""What holds for every question of the guide that ships, and for the values of its tables."""

from __future__ import annotations

from typing import Any

import pytest

from assessments.domain.answers import Answer, AnswerState, clean_value
from assessments.domain.applicability import applicable
from assessments.domain.values import value_of
from guide.registry import current_guide

GUIDE = current_guide()
OTHERS_RUN_IT = {"P.05": "vendor_hosts", "P.06": "config_and_scripts"}


def answered(values: dict[str, Any]) -> dict[str, Answer]:
    return {
        question_id: Answer(AnswerState.ANSWERED, clean_value(GUIDE.question(question_id), raw))
        for question_id, raw in values.items()
    }


def value(question_id: str, raw: Any, score: str = "default") -> float | None:
    return value_of(GUIDE.question(question_id), answered({question_id: raw})[question_id], score)


@pytest.mark.parametrize("question", GUIDE.questions.values(), ids=lambda q: q.id)
def test_each_question_says_what_it_is_for_and_where_it_comes_from(question):
    assert question.links
    assert question.sources
    assert len(set(question.levels)) == len(question.levels)
    # A score that is our own scale says so.
    if question.scores or any(option.value is not None for option in question.options):
        given = {score.rule for score in question.scores.values()}
        assert not given or "S-OUR" in question.sources or question.id == "Q6.06"


def test_every_ranked_challenge_rests_on_at_least_five_questions():
    informed = [informs.challenge for q in GUIDE.questions.values() for informs in q.informs]

    thin = {c.id for c in GUIDE.challenges if c.ranked and informed.count(c.id) < 5}

    assert not thin


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"export": "Y"}, {"export": "N"}], 0.5),
        # The one that is depended on counts for half, all together for the other half.
        ([{"export": "Y", "importance": "core"}, {"export": "N"}], 0.75),
        ([{"export": "N", "importance": "core"}, {"export": "Y", "importance": "little"}], 0.25),
        ([{"second_source": "Y"}], 1),
    ],
)
def test_vendors_depended_on_weigh_more(rows, expected):
    assert value("Q1.12", rows) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"vendor": "A", "baa": "2025-01-01"}, {"vendor": "B"}], 0.5),
        ([{"vendor": "A", "baa": "2025-01-01"}, {"vendor": "Phones", "phi": "N"}], 1),
        ([{"vendor": "Phones", "phi": "N"}], None),
    ],
)
def test_no_agreement_is_expected_of_a_vendor_without_patient_data(rows, expected):
    assert value("Q1.12", rows, "agreements") == expected


def test_only_favoured_candidates_are_judged():
    risky = {"name": "EHR", "tier": 1, "who": "vendor"}
    safe = {"name": "Portal", "tier": 3, "who": "us", "feedback_days": 7}

    assert value("T3", [risky, safe]) is None
    assert value("T3", [risky, {**safe, "favoured": "Y"}]) == 1
    assert value("T3", [{**risky, "favoured": "Y"}, safe]) == 0


def test_a_mixed_estate_counts_system_by_system():
    rows = [
        {"system": "Portal", "build": 4, "tests": 4, "deploy": 4},
        {"system": "Old", "build": 0},
    ]

    assert value("Q3.17", rows) == 0.5


@pytest.mark.parametrize(
    ("facts", "asked", "not_asked"),
    [
        (OTHERS_RUN_IT, set(), {"Q2.09", "Q3.02", "Q3.03", "Q3.08", "Q3.17", "Q4.04", "Q5.03"}),
        # One system of their own with a pipeline, and its questions are asked.
        (
            {**OTHERS_RUN_IT, "T1": [{"name": "Servers", "deploy": "pipeline"}]},
            {"Q2.09", "Q3.02", "Q3.03", "Q3.08", "Q3.17", "Q4.04", "Q5.03"},
            set(),
        ),
        ({"P.04": {"it_ops": 2}}, {"Q1.10"}, {"Q1.17", "Q2.09", "Q2.14", "Q5.09", "Q6.16"}),
        ({"P.04": {"it_ops": 40}}, {"Q1.17", "Q2.09", "Q2.14", "Q5.09", "Q6.16"}, set()),
        ({"P.08": "no"}, set(), {"Q4.09", "T6"}),
        ({"P.08": "makes"}, {"Q4.09", "T6"}, set()),
        ({"P.01": "software_firm"}, {"Q2.11"}, {"Q5.12"}),
        ({"P.02": ["hipaa_covered_entity"]}, set(), {"Q2.15", "Q4.17"}),
        ({"P.02": ["part2_programme"]}, {"Q4.17"}, {"Q2.15"}),
        # What will apply later is asked about now.
        ({"P.02": {"choices": ["none"], "later_roles": ["gdpr_processor"]}}, {"Q2.15"}, {"Q4.17"}),
        ({"P.02": ["none"], "Q4.11": ["part2"]}, {"Q4.17"}, set()),
    ],
)
def test_profile_and_answers_switch_questions(facts, asked, not_asked):
    found = applicable(GUIDE, answered(facts))

    assert {i for i in asked if not found[i].asked} == set()
    assert {i for i in not_asked if found[i].asked} == set()


def test_quick_scan_touches_every_step_and_challenge_and_is_asked_of_everyone():
    asked = [GUIDE.question(question_id) for question_id in GUIDE.quick_scan]

    assert len(asked) == 10
    assert {question.step for question in asked} == {step.id for step in GUIDE.steps}
    informed = {informs.challenge for question in asked for informs in question.informs}
    assert informed == {challenge.id for challenge in GUIDE.challenges}
    assert not [question.id for question in asked if question.applies]


@pytest.mark.parametrize(
    "question",
    [q for q in GUIDE.questions.values() if q.columns or q.fields],
    ids=lambda q: q.id,
)
def test_no_two_parts_of_an_answer_go_by_one_name(question):
    parts = (*question.columns, *question.fields)
    names = [n.casefold() for part in parts for n in {part.id, *part.aliases}]

    assert sorted(set(names)) == sorted(names)

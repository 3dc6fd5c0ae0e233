"""Answers that hardly go together, and the targets proposed."""

from __future__ import annotations

from typing import Any

import pytest

from assessments.domain.answers import Answer, AnswerState, clean_value
from assessments.domain.facts import AnswerFacts
from guide.registry import current_guide
from guide.rules import Rule

GUIDE = current_guide()
HEALTHY_ROW = {"name": "Portal", "tier": 1, "deploy": "pipeline", "restore_tested": "2026-05-01"}
# One set of answers for each contradiction that it must be found in.
FOUND_IN: dict[str, dict[str, Any]] = {
    "X-01": {"Q3.13": 3, "Q3.12": 1},
    "X-02": {"Q1.05": 3, "Q3.01": 0},
    "X-03": {"Q3.05": 3, "Q1.05": 1},
    "X-04": {"Q3.05": 4, "Q6.06": 40},
    "X-05": {"P.02": ["part2_programme"], "Q4.11": ["none_known"]},
    "X-06": {"Q3.06": 3, "T2": [{"system": "A", "env": "test", "access": "shared"}]},
    "X-07": {"Q3.06": 3, "Q1.14": ["mfa_remote"]},
    "X-08": {"Q1.04": "c", "T2": [{"system": "A", "env": "training", "data": "live"}]},
    "X-09": {"Q1.01": 3, "Q4.01": 0},
    "X-10": {"Q1.13": 4, "T1": [{"name": "A", "tier": 1}]},
    "X-11": {"Q6.15": 2, "Q3.11": 1},
    "X-12": {"Q3.03": 3, "Q6.04": 10},
    "X-13": {"Q4.05": 3, "Q4.04": 0},
    "X-14": {"Q4.05": 3, "T5": [{"id": "F1", "test": "none"}, {"id": "F2", "test": "none"}]},
    "X-15": {"Q4.10": 3, "Q1.12": [{"vendor": "A", "phi": "Y"}]},
    "X-16": {"Q5.01": 3, "Q5.11": 0},
    "X-17": {"Q2.07": 3, "Q2.04": 90},
    "X-18": {"Q1.10": 3, "Q1.11": 80},
    "X-19": {"Q5.03": 3, "Q5.04": 1},
    "X-20": {"Q6.08": 3, "Q6.05": None},
    "X-21": {"Q3.09": 4, "Q6.05": 40},
    "X-22": {"Q1.07": 0, "Q6.02": 12},
    "X-23": {"Q1.05": 3, "T1": [{"name": "A", "tier": 2, "deploy": "manual"}]},
    "X-24": {"Q3.10": 3, "Q3.08": ["sast"]},
    "X-25": {"P.08": "no", "T3": [{"name": "A", "device": "Y"}]},
}


def holds(rule: Rule, values: dict[str, Any]) -> bool:
    answers = {
        question_id: Answer(AnswerState.UNKNOWN)
        if raw is None
        else Answer(AnswerState.ANSWERED, clean_value(GUIDE.question(question_id), raw))
        for question_id, raw in values.items()
    }
    return rule.holds(AnswerFacts(GUIDE, answers))


@pytest.mark.parametrize("contradiction", GUIDE.contradictions, ids=lambda part: part.id)
def test_a_contradiction_is_found_and_needs_every_answer_it_shows(contradiction):
    values = FOUND_IN[contradiction.id]

    assert holds(contradiction.when, values)
    asked = {
        ref.rsplit(".", 1)[0] if ref.count(".") == 2 else ref for ref in contradiction.when.refs
    }
    assert asked == set(contradiction.questions)
    for left_out in values:
        rest = {ref: raw for ref, raw in values.items() if ref != left_out}
        assert not holds(contradiction.when, rest)


@pytest.mark.parametrize("level", [0, 2, 4])
def test_answers_of_one_level_throughout_contradict_nothing(level):
    values: dict[str, Any] = {q.id: level for q in GUIDE.questions.values() if q.kind == "level"}
    values |= {"T1": [HEALTHY_ROW], "Q6.06": level * 25, "Q5.04": level, "Q2.04": 7}

    assert not [c.id for c in GUIDE.contradictions if holds(c.when, values)]


def test_every_kind_of_organization_has_one_proposed_target_profile():
    kinds = [kind for targets in GUIDE.targets for kind in targets.kinds]

    assert len(set(kinds)) == len(kinds)
    assert set(kinds) <= {option.id for option in GUIDE.question("P.01").options}
    assert sum(not targets.kinds for targets in GUIDE.targets) == 1


@pytest.mark.parametrize(
    "targets", GUIDE.targets, ids=lambda part: " ".join(part.kinds) or "others"
)
def test_targets_are_whole_and_modest(targets):
    assert set(targets.steps) == {step.id for step in GUIDE.steps}
    assert set(targets.challenges) == {challenge.id for challenge in GUIDE.challenges}
    # Level 3 on everything would be 75; nobody needs more than that from a proposal.
    assert all(40 <= readiness <= 70 for readiness in targets.steps.values())
    for challenge in GUIDE.challenges:
        assert targets.challenges[challenge.id] >= 30
    assert targets.why.startswith("Our proposal")

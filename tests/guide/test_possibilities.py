"""What rules can come to: hand-made cases, and every rule of the shipped guide against answers."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.domain.applicability import effective_answers
from assessments.domain.facts import AnswerFacts
from guide.loading import load_guide
from guide.model import Guide
from guide.possibilities import possible_truths
from guide.registry import current_guide
from guide.rules import Rule, Truth, parse_rule
from tests import strategies
from tests.guide.sample import write_guide

T, F, N = True, False, None
SWITCHED = """\
      - id: Q1.03
        title: Copies
        text: Are copies masked?
        why: Risk
        kind: level
        levels: [none, some, half, most, all]
        applies: Q1.02 = a
        not_asked: There are no copies
      - id: Q1.04
        title: Rules
        text: Which?
        why: Risk
        kind: choices
        options:
          - {id: x, label: X}
          - {id: y, label: Y}
          - {id: z, label: Z}
          - {id: none, label: None, exclusive: true}
      - id: Q1.05
        title: Share
        text: How much?
        why: Risk
        kind: number
        number: {max: 100}
      - id: Q1.12
"""


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Guide:
    folder = tmp_path_factory.mktemp("guide")
    return load_guide(write_guide(folder, {"steps/1.yaml": ("      - id: Q1.12\n", SWITCHED)}))


@pytest.mark.parametrize(
    ("rule", "truths"),
    [
        ("always", {T}),
        ("never", {F}),
        ("Q1.01 <= 2", {T, F, N}),
        ("Q1.01 > 4", {F, N}),
        ("Q1.01 <= 1 and Q1.01 >= 3", {F, N}),
        ("Q1.01 <= 1 and not (Q1.01 <= 2)", {F, N}),
        ("Q1.01 is unanswered or Q1.01 is unknown or Q1.01 <= 4 or Q1.01 is not_applicable", {T}),
        ("Q1.01 is answered", {T, F}),
        # Q1.03 is asked only where Q1.02 is a; otherwise it counts as not applicable.
        ("Q1.03 <= 1 and Q1.02 = b", {F, N}),
        ("Q1.03 <= 1 and Q1.02 = a", {T, F, N}),
        ("Q1.04 has x and Q1.04 has none", {F, N}),
        ("Q1.04 has all (x, y)", {T, F, N}),
        ("count(Q1.04) >= 4", {F, N}),
        ("count(Q1.04) >= 3 and Q1.04 has none (z)", {F, N}),
        ("count(Q1.04) = 0", {T, F, N}),
        ("Q1.05 > 100", {F, N}),
        ("Q1.05 >= 100 and Q1.05 <= 100", {T, F, N}),
        ("P.01.ops < 3 and P.01.ops > 2", {T, F, N}),
        ("sum(P.01) < 0 and sum(P.01) > 1", {F, N}),
        ("count(Q1.12 where notice < 30) >= 2", {T, F, N}),
        ("count(Q1.12 where notice < 30) >= 2 and count(Q1.12) <= 1", {F, N}),
        ("count(Q1.12 where vendor = A) >= 1 and count(Q1.12 where vendor != A) >= 1", {T, F, N}),
        ("count(Q1.12 where notice is blank and notice > 3) >= 1", {F, N}),
    ],
)
def test_a_rule_can_come_to_just_this(guide: Guide, rule: str, truths: set[Truth]) -> None:
    assert possible_truths(guide, parse_rule(rule)) == truths


def test_a_switch_sees_the_answers_as_they_were_given(guide: Guide) -> None:
    rule = parse_rule("Q1.03 <= 1 and Q1.02 = b")

    assert possible_truths(guide, rule, as_asked=False) == {T, F, N}


@cache
def shipped_rules() -> list[tuple[Rule, frozenset[Truth]]]:
    guide = current_guide()
    rules = [i.when for i in guide.initiatives]
    rules += [i.applies for i in guide.initiatives if i.applies]
    rules += [contradiction.when for contradiction in guide.contradictions]
    return [(rule, possible_truths(guide, rule)) for rule in dict.fromkeys(rules)]


@given(st.data())
@settings(max_examples=12, deadline=None)
def test_no_answers_surprise_a_rule_of_the_shipped_guide(data: st.DataObject) -> None:
    guide = current_guide()
    answers = data.draw(strategies.answer_sets(guide, max_answers=40))
    facts = AnswerFacts(guide, effective_answers(guide, answers))

    for rule, truths in shipped_rules():
        assert rule.evaluate(facts) in truths, rule

from __future__ import annotations

from typing import Any

import pytest

from guide.rules import RuleError, parse_rule

ANSWERS: dict[str, tuple[str, Any]] = {
    "Q1.01": ("answered", 1),
    "Q1.02": ("unknown", None),
    "Q1.03": ("not_applicable", None),
    "Q1.04": ("answered", "a"),
    "Q1.05": ("answered", {"choices": ["x", "270/271", "837"], "count": 9}),
    "Q1.05.count": ("answered", 9),
    "Q1.06": ("answered", {"choices": ["none"]}),
    "P.04": ("answered", {"ops": 2, "dev": 0.5}),
    "Q1.12": (
        "answered",
        [{"vendor": "A", "deploy": "they", "notice": 7}, {"vendor": "B", "deploy": "we", "baa": 1}],
    ),
}


class Facts:
    def state(self, ref: str) -> str:
        return ANSWERS.get(ref, ("unanswered", None))[0]

    def value(self, ref: str) -> Any:
        return ANSWERS.get(ref, ("unanswered", None))[1]


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("always", True),
        ("never", False),
        ("Q1.01 <= 1", True),
        ("Q1.01 > 1", False),
        ("Q1.01 != 1", False),
        ("Q1.02 <= 1", None),
        ("Q9.99 = 1", None),
        ("Q1.03 <= 4", False),
        ("not Q1.02 <= 1", None),
        ("not Q1.03 <= 4", True),
        ("Q1.02 <= 1 or Q1.01 = 1", True),
        ("Q1.02 <= 1 and Q1.01 = 2", False),
        ("Q1.02 <= 1 and Q1.01 = 1", None),
        ("Q1.01 = 2 or Q1.01 = 1 and Q1.04 = a", True),
        ("(Q1.01 = 1 or Q1.04 = a) and Q1.04 = b", False),
        ("Q1.04 in (a, b)", True),
        ("Q1.04 in (b, c)", False),
        ("Q1.05 has x", True),
        ('Q1.05 has "270/271"', True),
        ("Q1.05 has 837", True),
        ("Q1.05 has any (y, x)", True),
        ("Q1.05 has all (y, x)", False),
        ("Q1.05 has none (y, z)", True),
        ("Q1.06 has none", True),
        ("Q1.05.count >= 9", True),
        ("count(Q1.05) = 3", True),
        ("count(Q1.06) = 0", True),
        ("count(Q1.12) = 2", True),
        ("count(Q1.12 where deploy = they) >= 1", True),
        ("count(Q1.12 where deploy = they and notice > 7) >= 1", False),
        ("count(Q1.12 where baa is blank) = 1", True),
        ("sum(P.04) < 3", True),
        ("Q1.02 is unknown", True),
        ("Q9.99 is unanswered", True),
        ("Q1.03 is not_applicable and Q1.01 is answered", True),
    ],
)
def test_rule_is_true_false_or_undetermined(text: str, truth: bool | None) -> None:
    assert parse_rule(text).evaluate(Facts()) is truth


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a rule is a text such as"),
        ("Q1.01", "'Q1.01' ends too early: expected 'is' or 'has'"),
        ("Q1.01 <", "ends too early: expected a value"),
        ("Q1.01 <= 2 3", "expected the end of the rule but found '3' at character 12"),
        ("(Q1.01 = 1", "expected ')'"),
        ("Q1.01 is green", "but found 'green' at character 10"),
        ("count(Q1.12) = many", "expected a number but found 'many' at character 16"),
        ("Q1.01 = $", "unexpected '$' at character 9"),
        ("__import__('os')", "expected"),
    ],
)
def test_a_faulty_rule_says_where_and_what_was_expected(text: str, message: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse_rule(text)

    assert message in str(caught.value)


def test_refs_are_listed_once_in_order() -> None:
    assert parse_rule("Q1.02 = 1 or count(Q1.01) > 2 and Q1.02 is unknown").refs == (
        "Q1.02",
        "Q1.01",
    )

"""The small rule language of ``when:`` and ``applies:``: parsed once, never ``eval``.

A rule is true, false or undetermined: an answer that is unknown or not yet given makes a
comparison undetermined (``None``), never true. ``docs/guide-format.md`` has the grammar.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Truth = bool | None

_TOKEN = re.compile(
    r"\s*(?:(?P<op><=|>=|!=|=|<|>)|(?P<punct>[(),])|(?P<quoted>\"[^\"]*\"|'[^']*')"
    r"|(?P<word>[A-Za-z0-9_./+-]+))"
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
# Far above what a person reads; deeper nesting would exhaust Python's stack.
MAX_TOKENS = 400
MAX_NESTING = 60
STATES = ("answered", "unknown", "unanswered", "not_applicable")


class RuleError(ValueError):
    """A rule that can't be read; the message says where and what was expected."""


class Facts(Protocol):
    """What a rule looks at. Made from answers by ``assessments.domain.facts``."""

    def state(self, ref: str) -> str:
        """One of STATES, for a question id."""
        ...

    def value(self, ref: str) -> Any:
        """The value of a question or of one field of it (``Q6.03.median``), None when blank."""
        ...


@dataclass(frozen=True)
class Node:
    """A part of a rule."""

    def evaluate(self, facts: Facts) -> Truth:
        raise NotImplementedError

    def refs(self) -> Iterator[str]:
        return iter(())


@dataclass(frozen=True)
class Constant(Node):
    truth: bool

    def evaluate(self, facts: Facts) -> Truth:
        return self.truth


@dataclass(frozen=True)
class Not(Node):
    part: Node

    def evaluate(self, facts: Facts) -> Truth:
        truth = self.part.evaluate(facts)
        return None if truth is None else not truth

    def refs(self) -> Iterator[str]:
        return self.part.refs()


@dataclass(frozen=True)
class Junction(Node):
    """``and`` (decided by the first false) or ``or`` (decided by the first true)."""

    parts: tuple[Node, ...]
    deciding: bool

    def evaluate(self, facts: Facts) -> Truth:
        truths = [part.evaluate(facts) for part in self.parts]
        if self.deciding in truths:
            return self.deciding
        return None if None in truths else not self.deciding

    def refs(self) -> Iterator[str]:
        for part in self.parts:
            yield from part.refs()


@dataclass(frozen=True)
class StateTest(Node):
    ref: str
    state: str

    def evaluate(self, facts: Facts) -> Truth:
        return facts.state(self.ref) == self.state

    def refs(self) -> Iterator[str]:
        yield self.ref


@dataclass(frozen=True)
class ColumnTest:
    column: str
    op: str
    literal: str | float

    def holds(self, row: Mapping[str, Any]) -> bool:
        cell = row.get(self.column)
        if self.op == "is blank":
            return cell in (None, "")
        return cell not in (None, "") and _compare(self.op, cell, self.literal)


@dataclass(frozen=True)
class Comparison(Node):
    """``measure(ref) op literals``; measure is the value itself, count, or sum."""

    ref: str
    op: str
    literals: tuple[str | float, ...]
    measure: str = "value"
    where: tuple[ColumnTest, ...] = ()

    def refs(self) -> Iterator[str]:
        yield self.ref

    def evaluate(self, facts: Facts) -> Truth:
        state = facts.state(self.ref)
        if state == "not_applicable":
            return False
        if state != "answered":
            return None
        value = facts.value(self.ref)
        if self.measure == "count":
            value = self.count(value)
        elif self.measure == "sum":
            value = sum(v for v in (value or {}).values() if isinstance(v, (int, float)))
        if value is None:
            return None
        return self._test(value)

    def count(self, value: Any) -> int:
        """How many chosen options, or rows that match ``where``, a value has."""
        return _count(value, self.where)

    def _test(self, value: Any) -> bool:
        if self.op.startswith("has"):
            chosen = set(_chosen(value))
            hits = [str(literal) in chosen for literal in self.literals]
            return {"has any": any(hits), "has all": all(hits), "has none": not any(hits)}[self.op]
        if self.op == "in":
            return any(_compare("=", value, literal) for literal in self.literals)
        return _compare(self.op, value, self.literals[0])


def _chosen(value: Any) -> Sequence[str]:
    if isinstance(value, Mapping):
        return value.get("choices") or ()
    return value if isinstance(value, (list, tuple)) else (str(value),)


def _count(value: Any, where: tuple[ColumnTest, ...]) -> int:
    if isinstance(value, (list, tuple)) and all(isinstance(row, Mapping) for row in value):
        return sum(all(test.holds(row) for test in where) for row in value)
    return sum(1 for option in _chosen(value) if option != "none")


def _compare(op: str, value: Any, literal: str | float) -> bool:
    if isinstance(literal, float):
        try:
            return _COMPARE[op](float(value), literal)
        except (TypeError, ValueError):
            return op == "!="
    if op in ("=", "!="):
        return _COMPARE[op](str(value), literal)
    return False


@dataclass(frozen=True)
class Rule:
    """A parsed rule. Equal texts make equal rules."""

    text: str
    node: Node = field(compare=False, repr=False)

    def evaluate(self, facts: Facts) -> Truth:
        """True, False, or None when an answer it needs is unknown or missing."""
        return self.node.evaluate(facts)

    def holds(self, facts: Facts) -> bool:
        """Whether it is certainly true."""
        return self.evaluate(facts) is True

    @property
    def refs(self) -> tuple[str, ...]:
        """What it looks at, each once, in order."""
        return tuple(dict.fromkeys(self.node.refs()))

    def comparisons(self) -> tuple[Comparison, ...]:
        """Its comparisons, for explanations and checks."""
        return tuple(_walk(self.node, Comparison))

    def state_tests(self) -> tuple[StateTest, ...]:
        return tuple(_walk(self.node, StateTest))

    def __str__(self) -> str:
        return self.text


def _walk(node: Node, kind: type) -> Iterator[Any]:
    if isinstance(node, kind):
        yield node
    parts: tuple[Node, ...] = ()
    if isinstance(node, Junction):
        parts = node.parts
    elif isinstance(node, Not):
        parts = (node.part,)
    for part in parts:
        yield from _walk(part, kind)


def parse_rule(text: Any) -> Rule:
    """Parse a rule's text.

    Raises:
        RuleError: with the position and what was expected there.
    """
    if isinstance(text, Rule):
        return text
    if not isinstance(text, str) or not text.strip():
        raise RuleError("a rule is a text such as 'Q1.01 <= 2' or 'always'")
    return Rule(text.strip(), _Parser(text).parse())


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, str, int]] = []
        position = 0
        text_end = len(text.rstrip())
        while position < text_end:
            match = _TOKEN.match(text, position)
            if not match:
                position += len(text[position:]) - len(text[position:].lstrip())
                raise RuleError(f"unexpected '{text[position]}' at character {position + 1}")
            kind = str(match.lastgroup)
            self.tokens.append((kind, match.group(kind), match.start(kind)))
            position = match.end()
        nested = sum(token in ("(", "not") for _, token, _ in self.tokens)
        if len(self.tokens) > MAX_TOKENS or nested > MAX_NESTING:
            raise RuleError("this rule is too long; split what it decides")
        self.at = 0

    def parse(self) -> Node:
        node = self._or()
        if self.at < len(self.tokens):
            raise self._error("the end of the rule")
        return node

    def _peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def _take(self, *expected: str) -> str:
        if self.at >= len(self.tokens) or (expected and self._peek() not in expected):
            raise self._error(" or ".join(f"'{e}'" for e in expected) or "a value")
        self.at += 1
        return self.tokens[self.at - 1][1]

    def _error(self, expected: str) -> RuleError:
        if self.at >= len(self.tokens):
            return RuleError(f"'{self.text}' ends too early: expected {expected}")
        _, token, start = self.tokens[self.at]
        return RuleError(f"expected {expected} but found '{token}' at character {start + 1}")

    def _or(self) -> Node:
        return self._junction("or", self._and, deciding=True)

    def _and(self) -> Node:
        return self._junction("and", self._not, deciding=False)

    def _junction(self, word: str, inner: Callable[[], Node], *, deciding: bool) -> Node:
        parts = [inner()]
        while self._peek() == word:
            self._take()
            parts.append(inner())
        return parts[0] if len(parts) == 1 else Junction(tuple(parts), deciding)

    def _not(self) -> Node:
        if self._peek() == "not":
            self._take()
            return Not(self._not())
        if self._peek() == "(":
            self._take()
            node = self._or()
            self._take(")")
            return node
        return self._test()

    def _test(self) -> Node:
        word = self._word("a question id, 'always', 'never', 'count(' or 'sum('")
        if word in ("always", "never"):
            return Constant(word == "always")
        if word in ("count", "sum") and self._peek() == "(":
            return self._measured(word)
        return self._after_ref(word)

    def _measured(self, measure: str) -> Node:
        self._take("(")
        ref = self._word("a question id")
        where: list[ColumnTest] = []
        if self._peek() == "where":
            self._take()
            where.append(self._column_test())
            while self._peek() == "and":
                self._take()
                where.append(self._column_test())
        self._take(")")
        op = self._take(*_COMPARE)
        return Comparison(ref, op, (self._number(),), measure, tuple(where))

    def _column_test(self) -> ColumnTest:
        column = self._word("a column")
        if self._peek() == "is":
            self._take()
            self._take("blank")
            return ColumnTest(column, "is blank", "")
        return ColumnTest(column, self._take(*_COMPARE), self._literal())

    def _after_ref(self, ref: str) -> Node:
        word = self._take("is", "has", "in", *_COMPARE)
        if word == "is":
            return StateTest(ref, self._take(*STATES))
        if word == "has":
            how = self._take() if self._peek() in ("any", "all", "none") else "any"
            if self._peek() == "(":
                return Comparison(ref, f"has {how}", self._literals(as_text=True))
            if how != "none" and self.tokens[self.at - 1][1] == how:
                raise self._error("'('")
            # `has none` may be the option called "none".
            literal = "none" if how == "none" else self._literal(as_text=True)
            return Comparison(ref, "has any", (literal,))
        if word == "in":
            return Comparison(ref, "in", self._literals())
        return Comparison(ref, word, (self._literal(),))

    def _literals(self, *, as_text: bool = False) -> tuple[str | float, ...]:
        self._take("(")
        found = [self._literal(as_text=as_text)]
        while self._peek() == ",":
            self._take()
            found.append(self._literal(as_text=as_text))
        self._take(")")
        return tuple(found)

    def _literal(self, *, as_text: bool = False) -> str | float:
        if self.at >= len(self.tokens) or self.tokens[self.at][0] not in ("word", "quoted"):
            raise self._error("a value")
        kind, token, _ = self.tokens[self.at]
        self.at += 1
        if kind == "quoted":
            return token[1:-1]
        if as_text:
            return token
        return float(token) if re.fullmatch(r"-?\d+(\.\d+)?", token) else token

    def _number(self) -> float:
        literal = self._literal()
        if not isinstance(literal, float):
            self.at -= 1
            raise self._error("a number")
        return literal

    def _word(self, expected: str) -> str:
        if self.at >= len(self.tokens) or self.tokens[self.at][0] != "word":
            raise self._error(expected)
        return self._take()

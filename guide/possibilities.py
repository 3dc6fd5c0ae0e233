"""What a rule can come to: true, false, undetermined, by trying every answer that matters to it.

For each question that a rule names, a few answers stand for all: each level and option, numbers on
both sides of each limit, rows that do and do not match. Answers that the rule can't tell apart are
tried once. A question that its own ``applies`` switches off counts as not applicable.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, product
from typing import Any

from guide.model import AnswerField, Guide, NumberSpec, Question
from guide.references import find_reference
from guide.rules import (
    STATES,
    ColumnTest,
    Comparison,
    Constant,
    Junction,
    Node,
    Not,
    Rule,
    StateTest,
    Truth,
)

MAX_COMBINATIONS = 50_000
MAX_CANDIDATES = 3_000
MANY = 1_000_000.0
# Rules that count further are taken as they stand.
MOST_COUNTED = 60
Leaf = Comparison | StateTest


@dataclass
class Budget:
    """How many tests are still made: people upload guides, and trying costs time."""

    left: int = 4_000_000

    def allows(self, tests: int) -> bool:
        self.left -= tests
        return self.left >= 0


ALL_TRUTHS: frozenset[Truth] = frozenset((True, False, None))


@dataclass(frozen=True)
class _OneAnswer:
    """Facts about one question."""

    state_of_answer: str
    answer: Any
    question: Question

    def _field(self, ref: str) -> str:
        known = (self.question.id, self.question.table_key)
        return "" if ref in known else ref.removeprefix(f"{self.question.id}.")

    def state(self, ref: str) -> str:
        field = self._field(ref)
        if field and self.state_of_answer == "answered" and field not in self.answer:
            return "unanswered"
        return self.state_of_answer

    def value(self, ref: str) -> Any:
        field = self._field(ref)
        return self.answer.get(field) if field else self.answer


def possible_truths(
    guide: Guide, rule: Rule | Node, *, as_asked: bool = True, budget: Budget | None = None
) -> frozenset[Truth]:
    """Every truth the rule can have; all three when there are too many answers to try.

    ``as_asked``: questions that are not asked count as not applicable, as they do in plans.
    """
    budget = budget or Budget()
    node = rule.node if isinstance(rule, Rule) else rule
    own = _leaves(guide, node)
    switches = _switches(guide, own) if as_asked else {}
    leaves = _joined(own, *(_leaves(guide, switch) for switch in switches.values()))
    if any(_counts_far(leaf) for found in leaves.values() for leaf in found):
        return ALL_TRUTHS
    outcomes = [_outcomes(guide.questions[name], found, budget) for name, found in leaves.items()]
    ways = math.prod(len(found) for found in outcomes)
    # Nothing was tried where there is no way at all: the budget is spent.
    if not 0 < ways <= MAX_COMBINATIONS or not budget.allows(ways):
        return ALL_TRUTHS
    off = {name: _switched_off(guide.questions[name], own[name]) for name in switches}
    truths: set[Truth] = set()
    for combination in product(*outcomes):
        known = dict(chain.from_iterable(part.items() for part in combination))
        closed = [n for n, switch in switches.items() if _evaluate(switch, known) is False]
        for name in closed:
            known |= off[name]
        truths.add(_evaluate(node, known))
        if len(truths) == len(ALL_TRUTHS):
            break
    return frozenset(truths)


def _switches(guide: Guide, questions: Iterable[str]) -> dict[str, Node]:
    """What decides whether these questions are asked, where something does."""
    rules = {name: guide.questions[name].applies for name in questions}
    return {name: rule.node for name, rule in rules.items() if rule is not None}


def _joined(*parts: Mapping[str, Sequence[Leaf]]) -> dict[str, list[Leaf]]:
    joined: dict[str, list[Leaf]] = {}
    for part in parts:
        for name, leaves in part.items():
            known = joined.setdefault(name, [])
            known += [leaf for leaf in leaves if leaf not in known]
    return joined


def truths_when_answered(
    guide: Guide, comparison: Comparison, budget: Budget | None = None
) -> frozenset[Truth]:
    """What one comparison can come to when its question, or the part it names, is answered."""
    found = find_reference(guide, comparison.ref)
    if found is None or _counts_far(comparison):
        return ALL_TRUTHS
    question = found[0]
    candidates = _candidates(question, [comparison])
    if not (budget or Budget()).allows(len(candidates)):
        return ALL_TRUTHS
    facts = (_OneAnswer("answered", value, question) for value in candidates)
    return frozenset(
        comparison.evaluate(fact) for fact in facts if fact.state(comparison.ref) == "answered"
    )


def _counts_far(leaf: Leaf) -> bool:
    if not isinstance(leaf, Comparison) or leaf.measure != "count":
        return False
    return any(not abs(float(part)) <= MOST_COUNTED for part in leaf.literals)


def _leaves(guide: Guide, node: Node) -> dict[str, list[Leaf]]:
    """The tests of a rule by the question they look at."""
    found: dict[str, list[Leaf]] = {}
    for leaf in _walk(node):
        reference = find_reference(guide, leaf.ref)
        if reference is not None and leaf not in found.setdefault(reference[0].id, []):
            found[reference[0].id].append(leaf)
    return found


def _walk(node: Node) -> Iterator[Leaf]:
    if isinstance(node, (Comparison, StateTest)):
        yield node
    elif isinstance(node, Not):
        yield from _walk(node.part)
    elif isinstance(node, Junction):
        for part in node.parts:
            yield from _walk(part)


def _evaluate(node: Node, truths: Mapping[Leaf, Truth]) -> Truth:
    if isinstance(node, (Comparison, StateTest)):
        return truths.get(node)
    if isinstance(node, Not):
        truth = _evaluate(node.part, truths)
        return None if truth is None else not truth
    if isinstance(node, Junction):
        found = [_evaluate(part, truths) for part in node.parts]
        if node.deciding in found:
            return node.deciding
        return None if None in found else not node.deciding
    return node.truth if isinstance(node, Constant) else None


def _outcomes(
    question: Question, leaves: Sequence[Leaf], budget: Budget
) -> list[dict[Leaf, Truth]]:
    """How the tests of one question can come out together, each way once."""
    facts = [_OneAnswer(state, None, question) for state in STATES if state != "answered"]
    facts += [_OneAnswer("answered", value, question) for value in _candidates(question, leaves)]
    if not budget.allows(len(facts) * len(leaves)):
        return []
    ways = {tuple(leaf.evaluate(fact) for leaf in leaves) for fact in facts}
    return [dict(zip(leaves, way, strict=True)) for way in ways]


def _switched_off(question: Question, leaves: Sequence[Leaf]) -> dict[Leaf, Truth]:
    fact = _OneAnswer("not_applicable", None, question)
    return {leaf: leaf.evaluate(fact) for leaf in leaves}


def _candidates(question: Question, leaves: Sequence[Leaf]) -> list[Any]:
    """Answers that stand for all, as far as these tests can tell."""
    comparisons = [leaf for leaf in leaves if isinstance(leaf, Comparison)]
    if question.kind == "level":
        return list(range(len(question.levels)))
    if question.kind == "choice":
        return [option.id for option in question.options]
    if question.kind == "number":
        return _numbers(question.number or NumberSpec(), comparisons)
    if question.kind == "table":
        return list(_tables(question, comparisons))
    if question.kind in ("record", "choices"):
        return list(_composed(question, leaves))
    return ["something", *(str(part) for leaf in comparisons for part in leaf.literals)]


def _numbers(spec: NumberSpec | AnswerField, comparisons: Iterable[Comparison]) -> list[float]:
    limits = [part for leaf in comparisons for part in leaf.literals if isinstance(part, float)]
    return _around(limits, spec)


def _around(limits: Iterable[float], spec: NumberSpec | AnswerField) -> list[float]:
    """Each limit, what lies beside it, and both ends of what can be answered."""
    low = -MANY if spec.min is None else spec.min
    high = MANY if spec.max is None else spec.max
    step = 1.0 if spec.integer else 0.001
    beside = {low, high, *(limit + d for limit in limits for d in (-step, 0.0, step))}
    return sorted(
        number
        for number in beside
        if low <= number <= high and (not spec.integer or float(number).is_integer())
    )


def _composed(question: Question, leaves: Sequence[Leaf]) -> Iterator[dict[str, Any]]:
    """Answers made of parts: only the parts that are asked about vary."""
    comparisons = [leaf for leaf in leaves if isinstance(leaf, Comparison)]
    whole = [leaf for leaf in comparisons if leaf.ref == question.id]
    choices: list[dict[str, Any]] = [{}]
    if question.kind == "choices":
        choices = [{"choices": list(chosen)} for chosen in _chosen(question, whole)]
    named = {leaf.ref.removeprefix(f"{question.id}.") for leaf in leaves} - {question.id}
    varied = [
        [{}, *({field.id: value} for value in _cells(field, question.id, comparisons))]
        for field in question.fields
        if field.id in named
    ]
    sums = [leaf for leaf in whole if leaf.measure == "sum"]
    spare = [f for f in question.fields if f.kind == "number" and f.id not in named]
    spread = list(_spread(spare, sums)) if sums else [{}]
    for number, parts in enumerate(product(choices, spread, *varied)):
        if number >= MAX_CANDIDATES:
            return
        yield {key: value for part in parts for key, value in part.items()}


def _cells(field: AnswerField, question_id: str, comparisons: Sequence[Comparison]) -> list[Any]:
    own = [leaf for leaf in comparisons if leaf.ref == f"{question_id}.{field.id}"]
    if field.kind == "number":
        return list(_numbers(field, own))
    if field.kind == "choice":
        return [option.id for option in field.options]
    if field.kind == "choices":
        named = {str(part) for leaf in own for part in leaf.literals}
        return [list(chosen) for chosen in _subsets(sorted(named))] + [["(another)"]]
    return ["something", *(str(part) for leaf in own for part in leaf.literals)]


def _chosen(question: Question, comparisons: Sequence[Comparison]) -> Iterator[tuple[str, ...]]:
    """Choices: each mix of the options named in the tests, and any number of the others."""
    alone = [option.id for option in question.options if option.exclusive]
    several = [option.id for option in question.options if not option.exclusive]
    named = {str(part) for leaf in comparisons for part in leaf.literals}
    told_apart = [option for option in several if option in named]
    others = [option for option in several if option not in named]
    counted = any(leaf.measure == "count" for leaf in comparisons)
    sizes = range(min(len(others), MOST_COUNTED if counted else 1) + 1)
    yield from ((option,) for option in alone)
    for subset in _subsets(told_apart):
        for size in sizes:
            if subset or size:
                yield (*subset, *others[:size])


def _subsets(options: Sequence[str]) -> Iterator[tuple[str, ...]]:
    sizes = range(len(options) + 1) if len(options) <= 8 else (0, 1, 2, len(options))
    return chain.from_iterable(combinations(options, size) for size in sizes)


def _spread(fields: Sequence[AnswerField], sums: Sequence[Comparison]) -> Iterator[dict[str, Any]]:
    """Parts that add up to numbers on both sides of each limit."""
    room = [
        (field.id, field.min or 0.0, MANY if field.max is None else field.max) for field in fields
    ]
    least, most = sum(low for _, low, _ in room), sum(high for _, _, high in room)
    limits = [float(part) for leaf in sums for part in leaf.literals if isinstance(part, float)]
    for total in {least, most, *(limit + d for limit in limits for d in (-0.001, 0.0, 0.001))}:
        if least <= total <= most:
            rest = total - least
            parts = {}
            for name, low, high in room:
                parts[name] = low + min(rest, high - low)
                rest -= parts[name] - low
            yield parts


def _tables(question: Question, comparisons: Sequence[Comparison]) -> Iterator[list[Any]]:
    """Tables of one or two kinds of rows, in numbers on both sides of each limit."""
    limits = [part for leaf in comparisons for part in leaf.literals if isinstance(part, float)]
    counts = _around(limits, NumberSpec(max=max(limits, default=0.0) + 2, integer=True))
    tests = [test for leaf in comparisons for test in leaf.where]
    rows = _told_apart(question, comparisons, tests)
    yield []
    found = 0
    for size in counts:
        for row in rows:
            yield [row] * int(size)
        for one, other in combinations(rows, 2):
            for rest in counts:
                found += 1
                if found > MAX_CANDIDATES:
                    return
                yield [one] * int(size) + [other] * int(rest)


def _told_apart(
    question: Question, comparisons: Sequence[Comparison], tests: Sequence[ColumnTest]
) -> list[dict[str, Any]]:
    """Rows, one of each kind that the tests tell apart."""
    columns = [column for column in question.columns if column.id in {t.column for t in tests}]
    cells = []
    for column in columns:
        literals = [test.literal for test in tests if test.column == column.id]
        cells.append([{}, *({column.id: cell} for cell in _cell_values(column, literals))])
    kinds: dict[tuple[bool, ...], dict[str, Any]] = {}
    for number, parts in enumerate(product(*cells)):
        if number >= MAX_CANDIDATES:
            break
        row = {key: value for part in parts for key, value in part.items()}
        kinds.setdefault(tuple(leaf.count([row]) > 0 for leaf in comparisons), row)
    return list(kinds.values())


def _cell_values(column: AnswerField, literals: Sequence[str | float]) -> list[Any]:
    if column.options:
        return [option.id for option in column.options]
    if column.kind == "number":
        return list(_around((part for part in literals if isinstance(part, float)), column))
    return ["something", *(str(part) for part in literals if part != "")]

"""How good an answer is: a value in [0,1], or None where it is no evidence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from assessments.domain.answers import Answer, AnswerState
from guide.model import MAX_LEVEL, ColumnScore, Option, Points, Question, ScoreRule

DEFAULT = "default"


def value_of(question: Question, answer: Answer, score: str = DEFAULT) -> float | None:
    """The value of an answer under one of the question's scores.

    ``unknown`` counts 0; not applicable, unanswered and unscored answers are no evidence.
    """
    if not has_score(question, score):
        return None
    if answer.state is AnswerState.UNKNOWN:
        return 0.0
    if answer.state is not AnswerState.ANSWERED:
        return None
    if question.kind == "level":
        return int(answer.value) / MAX_LEVEL
    if question.kind == "choice":
        return _by_id(question.options)[answer.value].value
    return _apply(question.scores[score], question, answer.value)


def has_score(question: Question, score: str = DEFAULT) -> bool:
    """Whether the question has that score at all."""
    if question.kind in ("level", "choice"):
        return score == DEFAULT and question.is_scored
    return score in question.scores


def _by_id(options: Sequence[Option]) -> Mapping[str, Option]:
    return {option.id: option for option in options}


def _apply(rule: ScoreRule, question: Question, value: Any) -> float | None:
    if rule.rule == "mean":
        parts = rule.of if isinstance(rule.of, tuple) else ()
        found = [v for part in parts if (v := _apply(part, question, value)) is not None]
        return math.fsum(found) / len(found) if found else None
    if rule.rule in ("share", "one_minus_share"):
        share = _share(rule, question, value)
        return share if rule.rule == "share" else 1 - share
    if rule.rule == "shares":
        return _weighted_shares(rule, value)
    if rule.rule == "rows":
        return _rows(rule, value)
    if rule.rule == "field_choice":
        return _field_choice(rule, question, value)
    return _scaled(rule, value)


def _field_choice(rule: ScoreRule, question: Question, value: Any) -> float | None:
    """The worth of one part; none where an exclusive option says there is nothing to do it to."""
    exclusive = {option.id for option in question.options if option.exclusive}
    if exclusive & set(value.get("choices", ())):
        return None
    return rule.values.get(str(value.get(rule.field)))


def _scaled(rule: ScoreRule, value: Any) -> float | None:
    number: float | None
    if rule.rule == "count_rows":
        number = sum(_matches(row, rule.where) for row in value)
    elif rule.rule == "sum_scale":
        number = math.fsum(v for v in value.values() if isinstance(v, (int, float)))
    else:
        number = value.get(rule.field) if isinstance(value, Mapping) else value
    return None if number is None else interpolate(rule.points, float(number), log=rule.log)


def interpolate(points: Points, x: float, *, log: bool = False) -> float:
    """Piecewise linear through ``points``, level outside; ``log`` works on log(x + 1)."""
    if x <= points[0][0]:
        return points[0][1]
    for (x0, v0), (x1, v1) in pairwise(points):
        if x <= x1:
            if log:
                x, x0, x1 = (math.log1p(max(n, 0)) for n in (x, x0, x1))
            return v0 + (v1 - v0) * (x - x0) / (x1 - x0)
    return points[-1][1]


def _share(rule: ScoreRule, question: Question, value: Any) -> float:
    options = _by_id(question.options)
    chosen = [options[i] for i in value["choices"]]
    total = math.fsum(option.value or 0 for option in chosen if not option.exclusive)
    return min(1.0, total / float(rule.of if isinstance(rule.of, (int, float)) else 1))


def _weighted_shares(rule: ScoreRule, value: Mapping[str, float]) -> float | None:
    total = math.fsum(value.get(name, 0) for name in rule.values)
    if total <= 0:
        return None
    return math.fsum(value.get(name, 0) * worth for name, worth in rule.values.items()) / total


def _matches(row: Mapping[str, Any], where: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether each column holds one of the accepted values; an empty cell is the empty text."""
    cells = {column: row.get(column) for column in where}
    texts = {column: "" if cell is None else str(cell) for column, cell in cells.items()}
    return all(texts[column] in accepted for column, accepted in where.items())


def _rows(rule: ScoreRule, rows: Sequence[Mapping[str, Any]]) -> float | None:
    found = []
    matching = [row for row in rows if _matches(row, rule.where)]
    for row in matching or (rows if rule.or_all else ()):
        cells = [_cell(row.get(column), score) for column, score in rule.columns.items()]
        known = [cell for cell in cells if cell is not None]
        if known:
            found.append(math.fsum(known) / len(known))
    return math.fsum(found) / len(found) if found else None


def _cell(cell: Any, score: ColumnScore) -> float | None:
    if "present" in score or "absent" in score:
        worth = score.get("absent" if cell in (None, "") else "present")
        return float(worth) if isinstance(worth, (int, float)) else None
    if cell in (None, ""):
        return None
    scale = score.get("scale")
    if isinstance(scale, tuple):
        return interpolate(scale, float(cell))
    worth = score.get(str(cell))
    return float(worth) if isinstance(worth, (int, float)) else None

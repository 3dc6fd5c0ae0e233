"""An answer in words, for reasons, risks and reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assessments.domain.answers import Answer, AnswerState
from guide.model import AnswerField, Option, Question


def answer_in_words(question: Question, answer: Answer) -> str:
    """What was answered, as a short text; a level and a choice in the guide's own words."""
    if answer.state is AnswerState.UNKNOWN:
        return "we don't know"
    if answer.state is AnswerState.NOT_APPLICABLE:
        return f"does not apply: {answer.reason}"
    if answer.state is AnswerState.UNANSWERED:
        return "not answered yet"
    if question.kind == "level":
        return question.levels[int(answer.value)]
    if question.kind == "choice":
        return _label(question.options, answer.value)
    if question.kind == "choices":
        return _choices(question, answer.value)
    if question.kind == "record":
        return _parts(question.fields, answer.value) or "nothing entered"
    if question.kind == "table":
        return f"{len(answer.value)} rows"
    unit = question.number.unit if question.number else ""
    return f"{answer.value} {unit}".strip()


def _label(options: Sequence[Option], option_id: str) -> str:
    return next((option.label for option in options if option.id == option_id), option_id)


def _choices(question: Question, value: Mapping[str, Any]) -> str:
    chosen = ", ".join(_label(question.options, i) for i in value["choices"]) or "none chosen"
    extra = _parts(question.fields, value)
    return f"{chosen} ({extra})" if extra else chosen


def _parts(fields: Sequence[AnswerField], value: Mapping[str, Any]) -> str:
    return ", ".join(_part(field, value[field.id]) for field in fields if field.id in value)


def _part(field: AnswerField, value: Any) -> str:
    if field.kind == "choice":
        value = _label(field.options, value)
    elif field.kind == "choices":
        value = ", ".join(_label(field.options, item) for item in value)
    return f"{field.label}: {value} {field.unit}".strip()

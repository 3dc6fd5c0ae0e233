"""Answers as a person would say them: labels for codes, units for numbers, counts for tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assessments.domain.answers import Answer, AnswerState
from guide.model import AnswerField, Option, Question


def answer_in_words(question: Question, answer: Answer, longest: int | None = None) -> str:
    """The answer in a line of text, cut between words at ``longest`` characters.

    A level and a choice speak in the guide's own words; nothing answered is an empty text.
    """
    if answer.state is AnswerState.UNKNOWN:
        return "we don't know"
    if answer.state is AnswerState.NOT_APPLICABLE:
        return f"not applicable: {answer.reason}" if answer.reason else "not applicable"
    if answer.state is not AnswerState.ANSWERED:
        return ""
    return _shorten(_value_in_words(question, answer.value), longest)


def _value_in_words(question: Question, value: Any) -> str:
    if question.kind == "level":
        return question.levels[int(value)]
    if question.kind == "choice":
        return _label(question.options, value)
    if question.kind == "choices":
        chosen = ", ".join(_label(question.options, part) for part in value.get("choices", ()))
        return "; ".join(part for part in (chosen, parts_in_words(question.fields, value)) if part)
    if question.kind == "record":
        return parts_in_words(question.fields, value)
    if question.kind == "table":
        return f"{len(value)} entries" if len(value) != 1 else "1 entry"
    if question.kind == "number" and question.number is not None:
        return f"{_number(value)} {question.number.unit}".strip()
    return str(value)


def parts_in_words(fields: Sequence[AnswerField], value: Mapping[str, Any]) -> str:
    """The parts of a record, or the cells of a row, that are filled."""
    return "; ".join(
        f"{field.label}: {_cell(field, value[field.id])}"
        for field in fields
        if value.get(field.id) not in (None, "", [])
    )


def _cell(field: AnswerField, cell: Any) -> str:
    if field.kind == "choice":
        return _label(field.options, cell)
    if field.kind == "choices":
        return ", ".join(_label(field.options, part) for part in cell)
    if field.kind == "number":
        return f"{_number(cell)} {field.unit}".strip()
    return str(cell)


def _label(options: Sequence[Option], option_id: Any) -> str:
    return next((o.label for o in options if o.id == option_id), str(option_id))


def _number(value: Any) -> str:
    return f"{value:,.10g}" if isinstance(value, (int, float)) else str(value)


def _shorten(text: str, longest: int | None) -> str:
    if longest is None or len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"

"""An answer in words, for reviews, side-by-side views and explanations."""

from collections.abc import Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.domain.answers import Answer, AnswerState
from guide.model import AnswerField, Option, Question


def answer_lines(question: Question, answer: Answer) -> list[str]:
    """What was answered, one line for each part of it."""
    if answer.state is AnswerState.UNANSWERED:
        return [_("Not answered yet")]
    if answer.state is AnswerState.UNKNOWN:
        return [_("We don't know")]
    if answer.state is AnswerState.NOT_APPLICABLE:
        if answer.reason:
            return [_("Not applicable: %s") % answer.reason]
        return [_("Not applicable, no reason given yet")]
    return _value_lines(question, answer.value)


def _value_lines(question: Question, value: Any) -> list[str]:
    try:
        if question.kind == "level":
            return [_("Level %(level)s: %(text)s") % _level(question, value)]
        if question.kind == "choice":
            return [_label(question.options, value)]
        if question.kind == "choices":
            chosen = [_label(question.options, option) for option in value.get("choices", [])]
            return (chosen or [_("None of these")]) + _field_lines(question.fields, value)
        if question.kind == "record":
            return _field_lines(question.fields, value) or [_("Nothing filled in")]
        if question.kind == "table":
            return _table_lines(question, value)
        if question.kind == "number" and question.number:
            return [_with_unit(value, question.number.unit)]
    except (TypeError, ValueError, IndexError, AttributeError):
        pass  # typed but no answer yet: show it as it was typed
    return [str(value)]


def _level(question: Question, value: Any) -> dict[str, Any]:
    return {"level": int(value), "text": question.levels[int(value)]}


def _label(options: Sequence[Option], option_id: str) -> str:
    return next((o.label for o in options if o.id == option_id), str(option_id))


def _with_unit(value: Any, unit: str) -> str:
    text = number_format(value) if isinstance(value, (int, float)) else str(value)
    return f"{text} {unit}".strip()


def cell_text(field: AnswerField, value: Any) -> str:
    """One field or cell in words; empty when it is not filled in."""
    if value in (None, "", []):
        return ""
    if field.kind == "choice":
        return _label(field.options, value)
    if field.kind == "choices" and isinstance(value, list):
        return ", ".join(_label(field.options, part) for part in value)
    return _with_unit(value, field.unit)


def _field_lines(fields: Sequence[AnswerField], value: dict[str, Any]) -> list[str]:
    texts = [(field.label, cell_text(field, value.get(field.id))) for field in fields]
    return [
        _("%(label)s: %(text)s") % {"label": label, "text": text} for label, text in texts if text
    ]


def _table_lines(question: Question, rows: list[dict[str, Any]]) -> list[str]:
    if not rows:
        return [_("Nothing to list")]
    count = ngettext("%s row", "%s rows", len(rows)) % number_format(len(rows))
    label = question.row_label or question.columns[0].id
    names = [str(row[label]) for row in rows if row.get(label)]
    shown = ", ".join(names[:8]) + ("…" if len(names) > 8 else "")
    return [f"{count}: {shown}" if shown else count]

"""What the assessments' templates say in words."""

from typing import Any

from django import template
from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from assessments.answer_text import answer_lines, cell_text
from assessments.forms import QuestionForm
from assessments.models import Answer
from assessments.queries import question_url as url_of_question
from assessments.questionnaire import sources_of
from assessments.scorecard_page import band_name as name_of_band
from guide.model import AnswerField, Guide, Question, Source

register = template.Library()
SHOWN_COLUMNS = 4


@register.filter
def band_name(band: str | None) -> Any:
    return name_of_band(band)


@register.filter
def score_number(number: float | None) -> str:
    """A score of 0-100 without decimals; a dash where there is none."""
    return "–" if number is None else number_format(round(number), decimal_pos=0)


@register.filter
def than_usual(number: float | None) -> str:
    """How far an exposure stands from what is usual."""
    if number is None:
        return ""
    whole = round(number)
    if whole == 0:
        return _("as usual")
    text = _("%s above usual") if whole > 0 else _("%s below usual")
    return text % abs(whole)


@register.filter
def points(number: float) -> str:
    return number_format(number, decimal_pos=1)


@register.filter
def weight(number: float) -> str:
    return number_format(number, decimal_pos=0 if float(number).is_integer() else 1)


@register.filter
def percent(fraction: float | None) -> str:
    return "–" if fraction is None else _("%s%%") % number_format(round(100 * fraction))


@register.filter
def saved_when(answer: Answer) -> str:
    """When an answer was saved: the time today, the date before."""
    local = timezone.localtime(answer.updated_at)
    if local.date() == timezone.localdate():
        return local.strftime("%H:%M")
    return _("%(date)s, %(time)s") % {
        "date": date_format(local, "SHORT_DATE_FORMAT"),
        "time": local.strftime("%H:%M"),
    }


@register.simple_tag
def sources_for(guide: Guide, question: Question) -> list[Source]:
    return list(sources_of(guide, question))


@register.simple_tag
def question_url(assessment: Model, question: Question, slug: str) -> str:
    return url_of_question(assessment, question, slug)  # type: ignore[arg-type]


@register.simple_tag
def typed_lines(form: QuestionForm) -> list[str]:
    """What the form holds, in words."""
    return answer_lines(form.question, form.answer)


@register.simple_tag
def stored_lines(form: QuestionForm) -> list[str]:
    """What is stored, in words."""
    return answer_lines(form.question, form.stored.to_domain()) if form.stored else []


@register.simple_tag
def table_view(form: QuestionForm) -> dict[str, Any]:
    """The rows with the columns worth showing: the label and the first ones filled anywhere."""
    question = form.question
    label = question.row_label or question.columns[0].id
    filled = [c for c in question.columns if c.id != label and any(c.id in r for r in form.rows)]
    columns = filled[: SHOWN_COLUMNS - 1]
    first = next(column for column in question.columns if column.id == label)
    return {
        "first": first,
        "columns": columns,
        "total": len(question.columns),
        "rows": [
            {
                "number": number,
                "title": cell_text(first, row.get(label)) or _("Row %s") % (number + 1),
                "cells": [
                    _Cell(column, cell_text(column, row.get(column.id))) for column in columns
                ],
                "filled": len(row),
            }
            for number, row in enumerate(form.rows)
        ],
    }


class _Cell:
    def __init__(self, column: AnswerField, text: str) -> None:
        self.column = column
        self.text = text

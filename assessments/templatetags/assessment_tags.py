"""What the assessments' templates say in words."""

from typing import Any

from django import template
from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from assessments.answer_text import answer_lines
from assessments.forms.questions import QuestionForm
from assessments.models import Answer
from assessments.pages.questionnaire import sources_of
from assessments.pages.scorecard.words import band_name as name_of_band
from assessments.pages.tables import TableShown, table_shown
from assessments.pictures.diagram import draws_flows as question_draws_flows
from assessments.queries import question_url as url_of_question
from guide.model import Guide, Question, Source

register = template.Library()


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
    # Formatting alone would cut digits off instead of rounding.
    return number_format(round(number, 1), decimal_pos=1)


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
def offered_lines(form: QuestionForm) -> list[str]:
    """What an earlier round answered, in words."""
    offered = form.aside.suggestion
    return answer_lines(form.question, offered.to_domain()) if offered else []


@register.simple_tag
def table_view(form: QuestionForm) -> TableShown:
    """The first rows, with the columns worth showing."""
    return table_shown(form.question, form.rows)


@register.filter
def draws_flows(question: Question) -> bool:
    """Whether the table's rows can be drawn as systems and flows."""
    return question_draws_flows(question)

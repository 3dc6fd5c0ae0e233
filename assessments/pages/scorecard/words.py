"""The names of bands and of what was answered, as pages say them."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.domain.answers import Value
from guide.model import Question

BAND_NAMES = {
    "starting": gettext_lazy("Starting"),
    "developing": gettext_lazy("Developing"),
    "established": gettext_lazy("Established"),
    "leading": gettext_lazy("Leading"),
    "low": gettext_lazy("Low"),
    "moderate": gettext_lazy("Moderate"),
    "high": gettext_lazy("High"),
    "severe": gettext_lazy("Severe"),
}


def band_name(band: str | None) -> Any:
    return BAND_NAMES.get(band or "", "")


def rung_name(question: Question, value: Value) -> str:
    """A level by its number, a choice by its label; None is “we don't know”."""
    if value is None:
        return _("we don’t know")
    if question.kind == "level":
        return _("level %s") % value
    return next((o.label for o in question.options if o.id == value), str(value))


def rung_meaning(question: Question, value: Value) -> str:
    """What a level means in the guide's words; a choice says it by its label already."""
    return question.levels[int(value)] if question.kind == "level" else ""


def shortened(text: str, limit: int = 42) -> str:
    """A label that fits beside its bar; the table behind the chart has it in full."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"

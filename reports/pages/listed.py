"""The list of reports: what tells two of the same day and kind apart."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.choices import Choices
from reports.enums import Audience, Detail, Document, Form, PageSize


def choices_told(choices: Choices) -> list[str]:
    """What is not as usual, in words."""
    told = []
    if choices.unit:
        told.append(_("for %s") % choices.unit)
    if choices.audience != Audience.LEADERS:
        told.append(_word(Audience, choices.audience))
    if choices.detail != Detail.USUAL:
        told.append(_word(Detail, choices.detail))
    if choices.page_size != PageSize.A4:
        told.append(_word(PageSize, choices.page_size))
    if choices.sections:
        number = len(choices.sections)
        words = ngettext("%s section, chosen", "%s sections, chosen", number)
        told.append(words % number)
    return told


def file_named(choices: Choices) -> str:
    """Which document it is, and in which form where that is not PDF."""
    document = _word(Document, choices.document)
    return document if choices.form == Form.PDF else f"{document} · {_word(Form, choices.form)}"


def _word(enum: type[TextChoices], value: str) -> str:
    """A value that is no longer known stays as it is."""
    return str(dict(enum.choices).get(value, value))

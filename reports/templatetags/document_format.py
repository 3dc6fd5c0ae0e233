"""How board paper, clinician's page and auditor's trace write money, months and hashes."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils import formats
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.documents import auditor_words

register = template.Library()

HASH_GROUP = 8


@register.filter
def money(value: float, currency: str) -> str:
    """A sum with its currency, rounded to hundreds from ten thousand on: it is an estimate."""
    whole = round(value, -2) if abs(value) >= 10_000 else round(value)
    number = formats.number_format(int(whole), use_l10n=True, force_grouping=True)
    return f"{number} {currency}".strip()


@register.filter
def month(value: date) -> str:
    return formats.date_format(value, pgettext("date format month and year", "M Y"))


@register.filter
def months(first: date, last: date) -> str:
    """From a month to a month, each named once."""
    return month(first) if month(first) == month(last) else f"{month(first)} – {month(last)}"


@register.filter
def hash_groups(value: str) -> list[str]:
    """A digest in groups that can be read aloud and that lines may break between."""
    return [value[i : i + HASH_GROUP] for i in range(0, len(value), HASH_GROUP)]


@register.filter
def shown(value: object) -> str:
    """What nobody recorded is said to be so, never left blank."""
    return str(value) if value not in (None, "", ()) else _("not shown")


@register.filter
def whole_or_first(text: str, most: int) -> str:
    """Cut after so many characters, with a sign of it; 0 prints all of it."""
    return Truncator(text).chars(most) if most else text


@register.filter
def sentence(text: str) -> str:
    """Ended by a full stop, so that what follows is not read as its end."""
    text = text.strip()
    return text if not text or text[-1] in ".!?…:;" else f"{text}."


@register.filter
def audited(code: str, family: str) -> str | Promise:
    """A code of an auditor's trace in words: `standing|audited:"STANDINGS"`. An empty one stays."""
    return getattr(auditor_words, family).get(code, code)

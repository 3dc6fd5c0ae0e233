"""How the report writes numbers, ranges and names."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import template
from django.utils import formats
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi, ngettext, pgettext
from django.utils.translation import gettext as _

from reports import words
from reports.files.office.texts import is_right_to_left
from reports.frozen.snapshot import Days, InitiativeEntry

register = template.Library()


@register.filter
def amount(value: float) -> str:
    """A number of days: whole from ten on, else one decimal where there is one."""
    if value >= 10 or float(value).is_integer():
        return formats.number_format(round(value), use_l10n=True, force_grouping=True)
    return formats.number_format(round(value, 1), use_l10n=True)


@register.filter
def day_range(effort: Days) -> str:
    """Low to high person-days, without the unit."""
    low, high = amount(effort.low), amount(effort.high)
    return low if low == high else f"{low}–{high}"


@register.filter
def effort(value: Days) -> str:
    """An effort in words, always as a range where it is one."""
    if amount(value.low) == amount(value.high):
        return _("%(days)s person-days") % {"days": amount(value.likely)}
    return _("%(range)s person-days, likely %(likely)s") % {
        "range": day_range(value),
        "likely": amount(value.likely),
    }


@register.filter
def score(value: float | None) -> str:
    """A score as a whole number; a dash where nothing was assessed."""
    return "–" if value is None else formats.number_format(round(value), use_l10n=True)


@register.filter
def signed(value: float | None) -> str:
    """A difference with its sign (a true minus)."""
    if value is None:
        return "–"
    whole = round(value)
    return f"+{whole}" if whole > 0 else f"−{-whole}" if whole < 0 else "0"


@register.filter
def percent(value: float) -> str:
    """A share of 1 as per cent."""
    return _("%(number)s%%") % {"number": round(value * 100)}


@register.filter
def weeks(value: tuple[float, float]) -> str:
    low, high = amount(value[0]), amount(value[1])
    if low == high:
        return ngettext("%(n)s week", "%(n)s weeks", round(value[1])) % {"n": high}
    return _("%(low)s–%(high)s weeks") % {"low": low, "high": high}


@register.filter
def times(value: float, factor: float) -> float:
    return value * factor


@register.filter
def direction(text: str) -> str:
    """ "rtl" or "ltr", by the first letter that has one: printing knows no `dir="auto"`."""
    return "rtl" if is_right_to_left(text) else "ltr"


@register.filter
def named(code: str | int, family: str) -> str | Promise:
    """A code in words: `band|named:"READINESS_BANDS"`. An unknown code stays as it is."""
    return getattr(words, family).get(code, str(code))


@register.filter
def add_number(value: float, other: float) -> str:
    """A sum for a place in a drawing, in the form SVG reads (never a decimal comma)."""
    return f"{float(value) + float(other):.2f}".rstrip("0").rstrip(".")


@register.filter
def day(value: date | None) -> str:
    """A date with the month in words; a dash where there is none."""
    if value is None:
        return "–"
    return formats.date_format(value, "SHORT_DATE_FORMAT")


@register.filter
def span(start: date, finish: date) -> str:
    """From a first to a last day, the year once where it is the same."""
    if start == finish:
        return day(start)
    short = pgettext("date format without year", "j M")
    # A month in Hebrew or Arabic letters between two numbers would turn them round.
    is_short = start.year == finish.year and not get_language_bidi()
    first = formats.date_format(start, short) if is_short else day(start)
    return f"{first} – {day(finish)}"


@register.filter
def held_by(item: InitiativeEntry) -> str:
    """Why an initiative does not start a day earlier."""
    words = {
        "start": _("as soon as the plan allows"),
        "fixed": _("on a day that was fixed"),
        "role": _("when %(what)s has time"),
        "limit": _("when fewer initiatives run at the same time"),
        "freeze": _("after a freeze window"),
        "order": _("in the order of the plan; a day earlier would be possible"),
        "predecessor": _("when %(what)s is done"),
    }
    what = item.bound_what.title if item.bound_what else ""
    return words.get(item.bound_by, item.bound_by) % {"what": what}


@register.filter
def money(value: float, currency: str) -> str:
    """Whole units with their currency: an estimate has no cents."""
    number = formats.number_format(round(value), use_l10n=True, force_grouping=True)
    return f"{number} {currency}".strip()


@register.filter
def at(mapping: Mapping[str, Any], key: str) -> Any:
    return mapping.get(key)


@register.filter
def first_of(items: Sequence[Any], most: int) -> Sequence[Any]:
    return items[:most]


@register.filter
def length_over(items: Sequence[Any], most: int) -> int:
    """How many there are beyond the most that are shown."""
    return max(0, len(items) - most)


@register.filter
def for_print(svg: str, font: str) -> SafeString:
    """A picture of our own for the printed page: with its letters and its name.

    It was written by `assessments.pictures.graphviz`, which keeps shapes and escaped text alone.
    """
    title = escape(_("Map of the data flows between systems; every flow is in the table."))
    opening = svg.index(">") + 1
    head = re.sub(r' (?:aria-\w+|role)="[^"]*"', "", svg[: opening - 1])
    drawn = svg[opening:].replace("<text ", f'<text font-family="{escape(font)}" ')
    return mark_safe(f"{head}><title>{title}</title>{drawn}")

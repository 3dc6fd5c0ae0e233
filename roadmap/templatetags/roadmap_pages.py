from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def lookup(mapping: Mapping[str, Any], key: str) -> Any:
    """The value under a key that is itself a variable; the key when there is none."""
    return mapping.get(key, key)


@register.filter
def days(amount: float) -> str:
    """Person-days: whole above ten, else with one decimal where it says something."""
    whole = amount >= 10 or float(amount).is_integer()
    return number_format(round(amount, 0 if whole else 1), 0 if whole else 1, use_l10n=True)


@register.filter
def typed(value: Any) -> str:
    """A field's value as an input takes it: what was typed as it is, a number in no language."""
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, int | float) else str(value)

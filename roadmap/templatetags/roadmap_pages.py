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

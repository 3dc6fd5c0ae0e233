from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.formats import number_format

from roadmap.models import Roadmap

register = template.Library()


@register.inclusion_tag("roadmap/parts/replaced.html", takes_context=True)
def replaced_notice(context: template.Context, pk: int) -> dict[str, Any]:
    """Says on a page of an earlier roadmap which one people work by; one query where the view
    has not looked itself (`replaced_by`).
    """
    access = context["access"]
    if "replaced_by" in context:
        return {"present": context["replaced_by"], "access": access}
    newest = access.scope(Roadmap).only("name", "organization_id", "created_at").first()
    is_old = newest is not None and newest.pk != int(pk)
    return {"present": newest if is_old else None, "access": access}


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

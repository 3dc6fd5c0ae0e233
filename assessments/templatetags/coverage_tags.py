"""Standings of controls in words and colours."""

from django import template

from assessments.domain.compliance import Standing
from assessments.pages.coverage import STANDING_BADGES, STANDING_HINTS, STANDING_NAMES

register = template.Library()


@register.filter
def standing_name(standing: Standing) -> str:
    return str(STANDING_NAMES[standing])


@register.filter
def standing_hint(standing: Standing) -> str:
    return str(STANDING_HINTS[standing])


@register.filter
def standing_badge(standing: Standing) -> str:
    """The badge's class for its colour; the words carry the meaning."""
    name = STANDING_BADGES[standing]
    return f"wm-badge wm-badge--{name}" if name else "wm-badge"

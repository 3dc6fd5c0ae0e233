"""Figures of records in words."""

from django import template

from delivery.pages.wording import duration

register = template.Library()


@register.filter
def in_time(minutes: float | None) -> str:
    return "–" if minutes is None else duration(minutes)

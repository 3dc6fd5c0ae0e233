"""What the charts of plans say in words: chances, never certainties."""

import math

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

register = template.Library()

# From this share of the runs on, in falling order.
CHANCES = (
    (0.975, gettext_lazy("more than 19 chances in 20")),
    (0.925, gettext_lazy("about 19 chances in 20")),
    (0.85, gettext_lazy("about nine chances in ten")),
    (0.775, gettext_lazy("about four chances in five")),
    (0.71, gettext_lazy("about three chances in four")),
    (0.6, gettext_lazy("about two chances in three")),
    (0.45, gettext_lazy("about an even chance")),
    (0.29, gettext_lazy("about one chance in three")),
    (0.225, gettext_lazy("about one chance in four")),
    (0.15, gettext_lazy("about one chance in five")),
    (0.075, gettext_lazy("about one chance in ten")),
    (0.025, gettext_lazy("about one chance in 20")),
    (0.0, gettext_lazy("less than one chance in 40")),
)


@register.filter
def chance_words(share: float | None) -> str:
    """A part of the runs (0 to 1) as people say it."""
    if share is None:
        return _("not in the plan")
    return str(next(words for limit, words in CHANCES if share >= limit))


@register.filter
def percent(share: float) -> str:
    """A part of the runs (0 to 1) as a whole percentage."""
    return _("%(number)s%%") % {"number": number_format(math.floor(100 * share + 0.5))}


@register.filter
def unlocalized(number: float) -> str:
    """A number as attributes want it, whatever the language."""
    return f"{number:g}"

"""What the pages of scores, targets and what-if say in words."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django import template
from django.utils.formats import number_format

from assessments.domain.sensitivity import Move

register = template.Library()
MINUS = "−"


@register.filter
def signed(number: float | None, decimals: int = 0) -> str:
    """A difference with its sign: +7, −3, 0; a dash where there is none."""
    if number is None:
        return "–"
    rounded = round(number, decimals)
    if not rounded:
        return number_format(0, decimal_pos=0)
    sign = "+" if rounded > 0 else MINUS
    return f"{sign}{number_format(abs(rounded), decimal_pos=decimals)}"


@register.filter
def moves_query(moves: Iterable[Move]) -> str:
    """The moves as the query of the what-if page."""
    return urlencode({move.question: move.to_value for move in moves})


@register.filter
def move_query(move: Move) -> str:
    return moves_query([move])

"""The order of the cards of a column: each has a number, and a moved card gets one in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

STEP = 1024.0
# Below this, halves of the gap would soon be equal as numbers.
SMALLEST_GAP = 1e-6


@dataclass(frozen=True)
class Place:
    """`position` of the moved card; `others`: new numbers for the rest of the column, if any."""

    position: float
    others: dict[str, float] = field(default_factory=dict)


def place_between(column: Sequence[tuple[str, float]], index: int) -> Place:
    """The number for a card that comes before `column[index]` (at the end: `len(column)`).

    `column`: the other cards in their order with their numbers, which may be equal where nobody
    ever moved them. Then all get new numbers, in the order they have.
    """
    index = min(max(index, 0), len(column))
    numbers = [number for _name, number in column]
    inside = 0 < index < len(numbers)
    if not inside or numbers[index] - numbers[index - 1] > SMALLEST_GAP:
        return Place(_between(numbers, index))
    others = {name: STEP * (at + 1 + (at >= index)) for at, (name, _n) in enumerate(column)}
    return Place(STEP * (index + 1), others)


def _between(numbers: Sequence[float], index: int) -> float:
    if not numbers:
        return STEP
    if index == 0:
        return numbers[0] - STEP
    if index == len(numbers):
        return numbers[-1] + STEP
    return (numbers[index - 1] + numbers[index]) / 2

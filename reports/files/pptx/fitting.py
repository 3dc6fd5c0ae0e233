"""How much text a box holds: reckoned without a font, a little on the careful side. Pure."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass

from reports.files.office.texts import shortened

POINTS = 72
LETTER = 0.54
"""Width of a usual letter, as a part of the size of the type: wider than in the type named, as not
every reader has it."""

WIDE = 1.05
LINE = 1.22


@dataclass(frozen=True)
class Fitted:
    """`is_cut`: the whole text stands in the notes."""

    text: str
    size: float
    is_cut: bool = False


def width_of(text: str, size: float) -> float:
    """Inches of one line."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return ((len(text) - wide) * LETTER + wide * WIDE) * size / POINTS


def lines_of(text: str, width: float, size: float) -> int:
    """Words move as a whole to the next line: a line is hardly ever full."""
    room = max(0.1, width * 0.94)
    return sum(max(1, math.ceil(width_of(part, size) / room)) for part in text.split("\n") or [""])


def height_of(text: str, width: float, size: float) -> float:
    return lines_of(text, width, size) * size * LINE / POINTS


def fit(text: str, width: float, height: float, size: float, least: float) -> Fitted:
    """The text in the largest type that fits, cut where even the least is too large."""
    tried = size
    while tried > least and height_of(text, width, tried) > height:
        tried -= 1
    tried = max(tried, least)
    if height_of(text, width, tried) <= height:
        return Fitted(text, tried)
    lines = max(1, int(height / (tried * LINE / POINTS)))
    return Fitted(cut(text, width, tried, lines), tried, is_cut=True)


def cut(text: str, width: float, size: float, lines: int) -> str:
    """At most so many lines of it."""
    most = len(text)
    while most > 8 and lines_of(shortened(text, most), width, size) > lines:
        most = max(8, int(most * 0.9))
    return shortened(text, most)

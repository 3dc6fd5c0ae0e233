"""Texts that people typed, made fit for the places an Office file has for them."""

from __future__ import annotations

import re
import unicodedata

from reports.files.texts import for_xml

MOST_IN_A_CELL = 32_767
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_SPACES = re.compile(r"\s+")


def plain(text: str) -> str:
    """Any text as XML can hold it, line ends kept."""
    return for_xml(text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))


def one_line(text: str) -> str:
    return _SPACES.sub(" ", plain(text)).strip()


def in_cell(text: str) -> str:
    """For a worksheet: `_x0041_` is read as an A there unless its underscore is escaped."""
    return _ESCAPED.sub("_x005F_", plain(text)[: MOST_IN_A_CELL - 100])


def shortened(text: str, most: int) -> str:
    """One line of at most so many characters, ended at a word where one is near."""
    line = one_line(text)
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    space = cut.rfind(" ")
    if space > most * 0.6:
        cut = cut[:space]
    # Half a letter is none: what combines goes with what it combines with.
    while cut and unicodedata.combining(line[len(cut)]):
        cut = cut[:-1]
    return cut.rstrip(" ,;:–-") + "…"


def is_right_to_left(text: str) -> bool:
    """By its first letter that has a direction."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return False


def is_all_right_to_left(text: str) -> bool:
    """Whether no letter of it runs the other way."""
    return is_right_to_left(text) and not any(unicodedata.bidirectional(a) == "L" for a in text)

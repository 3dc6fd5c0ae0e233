"""Who is named in a text by @Name or @address. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def named_in(text: str, names: Mapping[int, Iterable[str]]) -> set[int]:
    """The people whose name or address stands after an @, whatever the case.

    The longest name that fits wins, so "@Ann Lee" is not also "@Ann"; a name that two people
    bear names both. An @ inside a word, as in an address, names nobody.
    """
    lower = text.casefold()
    known: dict[str, set[int]] = {}
    for person, spellings in names.items():
        for spelling in spellings:
            if spelling.strip():
                known.setdefault(spelling.strip().casefold(), set()).add(person)
    longest_first = sorted(known, key=len, reverse=True)
    found: set[int] = set()
    place = lower.find("@")
    while place != -1:
        rest = lower[place + 1 :]
        if place == 0 or not lower[place - 1].isalnum():
            fits = (name for name in longest_first if _begins_with_word(rest, name))
            name = next(fits, None)
            if name is not None:
                found |= known[name]
        place = lower.find("@", place + 1)
    return found


def _begins_with_word(text: str, word: str) -> bool:
    return text.startswith(word) and not text[len(word) : len(word) + 1].isalnum()

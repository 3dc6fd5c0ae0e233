"""What taking in the rows of a file would do to a table.

Rows are recognized by their first columns (the label, and up to two more), as far as those tell
them apart on both sides; else only a row that is the same in every cell is recognized. A wrong
pairing would overwrite something, so in doubt a row counts as new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from guide.model import Question

Row = Mapping[str, Any]
MOST_KEY_COLUMNS = 3


class TakeIn(StrEnum):
    """Beside the rows that are there, or instead of them."""

    ADD = "add"
    REPLACE = "replace"


@dataclass(frozen=True)
class ChangedRow:
    before: Row
    after: Row

    def columns(self, question: Question) -> list[str]:
        """The ids of the columns that change."""
        return [c.id for c in question.columns if self.before.get(c.id) != self.after.get(c.id)]


@dataclass(frozen=True)
class Changes:
    """`rows` is the table as it would be."""

    rows: tuple[dict[str, Any], ...]
    key: tuple[str, ...]
    added: tuple[Row, ...]
    changed: tuple[ChangedRow, ...]
    same: int
    # Rows that the file does not have: kept when adding, gone when replacing.
    others: tuple[Row, ...]


def changes(
    question: Question,
    there: Sequence[Row],
    given: Sequence[Row],
    columns: Sequence[str],
    how: TakeIn,
) -> Changes:
    """`columns` are those the file has. When adding, a row keeps every cell that the file
    leaves empty.
    """
    key = _key(question, there, given, columns)
    pairs = _pairs(there, given, columns, key)
    taken = set(pairs.values())
    after: dict[int, dict[str, Any]] = {}
    for number, place in pairs.items():
        new = dict(given[number])
        after[place] = _merged(question, there[place], new) if how == "add" else new
    added = [dict(row) for number, row in enumerate(given) if number not in pairs]
    changed = [ChangedRow(there[p], row) for p, row in sorted(after.items()) if row != there[p]]
    if how is TakeIn.ADD:
        rows = [after.get(place, dict(row)) for place, row in enumerate(there)] + added
    else:
        rows = [dict(row) for row in given]
    return Changes(
        rows=tuple(rows),
        key=key,
        added=tuple(added),
        changed=tuple(changed),
        same=len(pairs) - len(changed),
        others=tuple(row for place, row in enumerate(there) if place not in taken),
    )


def _merged(question: Question, old: Row, new: Row) -> dict[str, Any]:
    """An empty cell of the file says nothing: it takes nothing away."""
    both = {**old, **new}
    return {c.id: both[c.id] for c in question.columns if c.id in both}


def _key(
    question: Question, there: Sequence[Row], given: Sequence[Row], columns: Sequence[str]
) -> tuple[str, ...]:
    """The fewest first columns that tell all named rows apart; none where they don't."""
    label = question.row_label or question.columns[0].id
    if label not in columns:
        return ()
    order = [label, *(c.id for c in question.columns if c.id != label and c.id in columns)]
    for size in range(1, min(MOST_KEY_COLUMNS, len(order)) + 1):
        key = tuple(order[:size])
        if all(_are_told_apart([_name(row, key) for row in rows]) for rows in (there, given)):
            return key
    return ()


def _are_told_apart(names: list[tuple[str, ...] | None]) -> bool:
    named = [name for name in names if name]
    return len(named) == len(set(named))


def _name(row: Row, key: Sequence[str]) -> tuple[str, ...] | None:
    """What the row is called, whatever the case; None without its label."""
    name = tuple(" ".join(str(row.get(column, "")).casefold().split()) for column in key)
    return name if name and name[0] else None


def _pairs(
    there: Sequence[Row], given: Sequence[Row], columns: Sequence[str], key: Sequence[str]
) -> dict[int, int]:
    """For each row of the file that is recognized, the place of its row in the table."""
    places: dict[Any, list[int]] = {}
    for place, row in reversed(list(enumerate(there))):
        places.setdefault(_called(row, columns, key), []).append(place)
    found = {}
    for number, row in enumerate(given):
        same = places.get(_called(row, columns, key))
        if same:
            found[number] = same.pop()
    return found


def _called(row: Row, columns: Sequence[str], key: Sequence[str]) -> Any:
    name = _name(row, key)
    if name:
        return name
    return "cells", tuple(repr(row.get(column)) for column in columns)

"""Bad cells of a file, alike ones put together; of tables of answers and of records alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol


class Problem(Protocol):
    """`row` counts as spreadsheets do: from 1, the heading included."""

    @property
    def row(self) -> int: ...
    @property
    def column(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def message(self) -> str: ...


@dataclass(frozen=True)
class BadCells:
    """The same bad text in one column, with all the rows it stands in."""

    column: str
    value: str
    message: str
    rows: str
    count: int


def bad_cells(problems: Iterable[Problem]) -> list[BadCells]:
    """The problems in the order of their first row, alike ones in one line."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for problem in problems:
        key = (problem.column, problem.value, problem.message)
        found.setdefault(key, []).append(problem.row)
    return [
        BadCells(
            column,
            value if len(value) <= 80 else f"{value[:80]}…",
            message,
            row_spans(rows),
            len(rows),
        )
        for (column, value, message), rows in found.items()
    ]


def row_spans(rows: Sequence[int]) -> str:
    """Row numbers as people write them: 2–5, 9."""
    spans: list[list[int]] = []
    for row in rows:
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    shown = [str(a) if a == b else f"{a}–{b}" for a, b in spans[:20]]
    return ", ".join(shown) + (", …" if len(spans) > 20 else "")

"""What the pages of an import show of what would change."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.answer_text import cell_text
from assessments.domain.answers import MAX_ROWS
from assessments.domain.table_changes import ChangedRow, Changes, Row, TakeIn
from assessments.services.tables import too_many_rows
from guide.model import Question

# Lines of bad cells and of rows that a page shows; their numbers are told in full.
MOST_LINES = 200
MOST_ROWS_LISTED = 50


@dataclass(frozen=True)
class CellChange:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class RowChange:
    title: str
    cells: tuple[CellChange, ...]


@dataclass(frozen=True)
class Choice:
    """One way to take the rows in, and what it would do."""

    how: TakeIn
    changes: Changes
    refused: str

    @property
    def total(self) -> int:
        return len(self.changes.rows)

    @property
    def is_replacing(self) -> bool:
        return self.how is TakeIn.REPLACE


def choice_of(how: TakeIn, found: Changes) -> Choice:
    count = len(found.rows)
    return Choice(how, found, too_many_rows(count) if count > MAX_ROWS else "")


def row_titles(question: Question, rows: Sequence[Row]) -> list[str]:
    """The labels of some rows, and what else tells them apart."""
    label = question.row_label or question.columns[0].id
    return [_title(question, row, label) for row in rows[:MOST_ROWS_LISTED]]


def _title(question: Question, row: Row, label: str) -> str:
    order = sorted(question.columns, key=lambda column: column.id != label)
    texts = [text for column in order if (text := cell_text(column, row.get(column.id)))]
    return " · ".join(text if len(text) <= 60 else f"{text[:60]}…" for text in texts[:4])


def row_changes(question: Question, changed: Sequence[ChangedRow]) -> list[RowChange]:
    """Some changed rows, cell by cell."""
    columns = {column.id: column for column in question.columns}
    label = question.row_label or question.columns[0].id
    return [
        RowChange(
            title=cell_text(columns[label], row.before.get(label)),
            cells=tuple(
                CellChange(
                    columns[name].label,
                    cell_text(columns[name], row.before.get(name)),
                    cell_text(columns[name], row.after.get(name)),
                )
                for name in row.columns(question)
            ),
        )
        for row in changed[:MOST_ROWS_LISTED]
    ]

"""The rows of a table question as pages show them: some rows, and the columns worth showing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from assessments.answer_text import cell_text
from guide.model import AnswerField, Question

# On the page of a step, which must stay light; a table's own page shows as many at a time.
SHOWN_ROWS = 100
SHOWN_COLUMNS = 4
COLUMNS_OF_OWN_PAGE = 7


@dataclass(frozen=True)
class CellShown:
    column: AnswerField
    text: str


@dataclass(frozen=True)
class RowShown:
    number: int
    title: str
    cells: tuple[CellShown, ...]
    filled: int


@dataclass(frozen=True)
class TableShown:
    """`total` counts the columns there are, `count` the rows."""

    first: AnswerField
    columns: tuple[AnswerField, ...]
    rows: tuple[RowShown, ...]
    total: int
    count: int

    @property
    def is_cut(self) -> bool:
        return len(self.rows) < self.count


def table_shown(
    question: Question,
    rows: Sequence[Mapping[str, Any]],
    *,
    start: int = 0,
    most_columns: int = SHOWN_COLUMNS,
) -> TableShown:
    """The label and the first columns that are filled anywhere, for the rows from `start` on."""
    label = question.row_label or question.columns[0].id
    filled = {name for row in rows for name in row}
    columns = [c for c in question.columns if c.id != label and c.id in filled]
    columns = columns[: most_columns - 1]
    first = next(column for column in question.columns if column.id == label)
    part = rows[start : start + SHOWN_ROWS]
    return TableShown(
        first=first,
        columns=tuple(columns),
        total=len(question.columns),
        count=len(rows),
        rows=tuple(
            RowShown(
                number=number,
                title=cell_text(first, row.get(label)) or _("Row %s") % (number + 1),
                cells=tuple(CellShown(c, cell_text(c, row.get(c.id))) for c in columns),
                filled=len(row),
            )
            for number, row in enumerate(part, start)
        ),
    )

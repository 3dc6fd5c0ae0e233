"""For the CSV import of Azure Boards: a tree of epics (phases) and features (initiatives).

Source: Microsoft Learn, "Import, update, and export bulk work items with CSV files in Azure
Boards": the columns Work Item Type and Title are needed, Title 1, Title 2 make a tree, an ID or a
state must not be given, at most 1,000 rows a file. Features with start and target dates exist in
the processes Agile, Scrum and CMMI; in Basic, replace Feature by Issue.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import translation
from django.utils.html import escape, linebreaks

from reports.choices import Choices
from reports.files.backlogs.items import LABEL, Backlog, backlog, importable
from reports.files.csv_files import zipped
from reports.files.forms import Made, Tell
from reports.frozen.snapshot import ReportSnapshot

HEAD = (
    "Work Item Type",
    "Title 1",
    "Title 2",
    "Description",
    "Start Date",
    "Target Date",
    "Effort",
    "Tags",
)
MOST_ROWS = 1_000


def make(snapshot: ReportSnapshot, choices: Choices, tell: Tell) -> Made:
    """A zip, as a long plan needs more files than one."""
    with translation.override(snapshot.language):
        parts = list(_parts(backlog(snapshot)))
    files = {
        f"azure-boards-{number}.csv": importable([HEAD, *rows])
        for number, rows in enumerate(parts, start=1)
    }
    return Made(zipped(files, snapshot))


Row = tuple[str | float, ...]


def _parts(found: Backlog) -> Iterator[list[Row]]:
    """Lots of rows that fit into a file; each begins with the epic of its first feature."""
    rows: list[Row] = []
    for epic in found.epics:
        head: Row = (
            "Epic",
            epic.title,
            "",
            _html(epic.text),
            epic.start.isoformat(),
            epic.finish.isoformat(),
            "",
            LABEL,
        )
        if len(rows) + 2 > MOST_ROWS:
            yield rows
            rows = []
        rows.append(head)
        for item in (item for item in found.items if item.epic == epic.id):
            if len(rows) == MOST_ROWS:
                yield rows
                rows = [head]
            rows.append(
                (
                    "Feature",
                    "",
                    item.title,
                    _html(item.text),
                    item.start.isoformat(),
                    item.finish.isoformat(),
                    round(item.days, 2),
                    "; ".join(item.labels),
                )
            )
    yield rows


def _html(text: str) -> str:
    """The description is HTML there: what was typed must stay text."""
    return linebreaks(escape(text)) if text else ""

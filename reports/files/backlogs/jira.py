"""For Jira's CSV import: an epic for each phase, a task for each open initiative.

Source: Atlassian, "Keep work parent-child relationships during CSV import to Jira Cloud" (columns
Issue Type, Issue ID, Summary, Parent; epics above what belongs to them) and "Create issues using
the CSV importer" (repeated columns for more values of a field; estimates in seconds). Jira asks for
each column which field it is; the names here are those of the fields. "Blocks" is mapped to the
link of this name.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import translation

from reports.choices import Choices
from reports.files.backlogs.items import HOURS, LABEL, Backlog, backlog, importable
from reports.files.forms import Made, Tell
from reports.frozen.snapshot import ReportSnapshot

HEAD = (
    "Issue Type",
    "Issue ID",
    "Parent",
    "Summary",
    "Description",
    "Start date",
    "Due date",
    "Original Estimate",
)
LABELS = 3
SECONDS = 3600


def make(snapshot: ReportSnapshot, choices: Choices, tell: Tell) -> Made:
    with translation.override(snapshot.language):
        return Made(importable(_rows(backlog(snapshot))))


def _rows(found: Backlog) -> Iterator[list[str | int]]:
    # What a task blocks is what follows it.
    blocks: dict[str, list[str]] = {item.id: [] for item in found.items}
    for item in found.items:
        for before in item.after:
            blocks[before].append(item.id)
    links = max((len(ids) for ids in blocks.values()), default=0)
    yield [*HEAD, *["Labels"] * LABELS, *["Blocks"] * links]
    numbers = {one.id: n for n, one in enumerate([*found.epics, *found.items], start=1)}
    for epic in found.epics:
        yield [
            "Epic",
            numbers[epic.id],
            "",
            epic.title,
            epic.text,
            epic.start.isoformat(),
            epic.finish.isoformat(),
            "",
            *_padded([LABEL], LABELS),
            *_padded([], links),
        ]
    for item in found.items:
        yield [
            "Task",
            numbers[item.id],
            numbers[item.epic],
            item.title,
            item.text,
            item.start.isoformat(),
            item.finish.isoformat(),
            round(item.days * HOURS * SECONDS),
            *_padded(list(item.labels), LABELS),
            *_padded([numbers[id] for id in blocks[item.id]], links),
        ]


def _padded(values: list[str] | list[int], length: int) -> list[str | int]:
    return [*values, *[""] * (length - len(values))]

"""For GitLab's import of issues from CSV.

Source: GitLab Docs, "Importing issues from CSV": the columns title and description come first, then
due_date and milestone (the title of a milestone that exists); quick actions at the end of a
description are carried out, here for labels and the estimate. Links between issues cannot be
imported: what comes before stands in the description.
"""

from __future__ import annotations

from django.utils import translation

from reports.choices import Choices
from reports.files.backlogs.items import HOURS, Epic, Item, backlog, importable, unmentioned
from reports.files.forms import Made, Tell
from reports.frozen.snapshot import ReportSnapshot

HEAD = ("title", "description", "due_date", "milestone")


def make(snapshot: ReportSnapshot, choices: Choices, tell: Tell) -> Made:
    with translation.override(snapshot.language):
        found = backlog(snapshot)
    epics = {epic.id: epic for epic in found.epics}
    rows = [_row(item, epics[item.epic]) for item in found.items]
    return Made(importable([HEAD, *rows]))


def _row(item: Item, epic: Epic) -> tuple[str, str, str, str]:
    labels = " ".join(f'~"{name}"' for name in item.labels)
    actions = [f"/label {labels}", f"/estimate {round(item.days * HOURS)}h"]
    # A line of the text that begins with a slash would be carried out as well.
    text = "\n".join(f" {line}" if line.startswith("/") else line for line in item.text.split("\n"))
    description = "\n\n".join([unmentioned(text), "\n".join(actions)])
    return item.title, description, item.finish.isoformat(), epic.title

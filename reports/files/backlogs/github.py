"""For GitHub, which imports no files: a JSON of milestones and issues, and how to send it.

Source: GitHub Docs, "REST API endpoints for milestones" (title, description, due_on) and "REST API
endpoints for issues" (title, body, labels, milestone), and the manual of `gh`, whose
`gh issue create` takes a milestone by its title. The commands are in the README for a person to
read and run; nothing in the archive runs by itself.
"""

from __future__ import annotations

import json
from typing import Any

from django.utils import translation

from reports.choices import Choices
from reports.files.backlogs.items import Backlog, Epic, Item, backlog, unmentioned
from reports.files.csv_files import zipped
from reports.files.forms import Made, Tell
from reports.frozen.snapshot import ReportSnapshot

README = """# Work for GitHub

`backlog.json` holds {milestones} milestones (phases) and {issues} issues (open initiatives).
{left_out} initiatives are finished or dropped and are not in it.

GitHub imports no files. With its command line tool `gh` and with `jq`, once for each repository:

    REPO=your-organization/your-repository

    jq -c '.labels[]' backlog.json | while read -r one; do
      gh api "repos/$REPO/labels" --method POST --input - <<< "$one"
    done
    jq -c '.milestones[]' backlog.json | while read -r one; do
      gh api "repos/$REPO/milestones" --method POST --input - <<< "$one"
    done
    jq -c '.issues[]' backlog.json | while read -r one; do
      gh issue create --repo "$REPO" \\
        --title "$(jq -r .title <<< "$one")" \\
        --body "$(jq -r .body <<< "$one")" \\
        --label "$(jq -r '.labels | join(",")' <<< "$one")" \\
        --milestone "$(jq -r .milestone <<< "$one")"
      sleep 1
    done

Try it on an empty repository first: issues can be closed, but hardly be deleted. GitHub has no due
dates and no estimates for issues: both stand in the text. What comes before stands there as well.
"""


def make(snapshot: ReportSnapshot, choices: Choices, tell: Tell) -> Made:
    with translation.override(snapshot.language):
        found = backlog(snapshot)
    document = json.dumps(_document(found), ensure_ascii=False, indent=1)
    told = README.format(
        milestones=len(found.epics), issues=len(found.items), left_out=found.left_out
    )
    return Made(zipped({"backlog.json": document.encode(), "README.md": told.encode()}, snapshot))


def _document(found: Backlog) -> dict[str, Any]:
    epics = {epic.id: epic for epic in found.epics}
    labels = sorted({name for item in found.items for name in item.labels})
    return {
        "labels": [{"name": name} for name in labels],
        "milestones": [
            {
                "title": epic.title,
                "description": epic.text,
                "due_on": f"{epic.finish.isoformat()}T12:00:00Z",
            }
            for epic in found.epics
        ],
        "issues": [_issue(item, epics[item.epic]) for item in found.items],
    }


def _issue(item: Item, epic: Epic) -> dict[str, Any]:
    return {
        "title": item.title,
        "body": unmentioned(item.text),
        "labels": list(item.labels),
        "milestone": epic.title,
    }

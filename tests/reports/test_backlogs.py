"""The files for trackers and calendars, read back by readers that are not ours."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta

import pytest
from icalendar import Calendar

from reports.choices import Choices
from reports.files import calendar_file
from reports.files.backlogs import azure, github, gitlab, jira
from reports.files.backlogs.items import backlog, label
from reports.frozen.outlook import FreezeEntry
from reports.frozen.snapshot import Progress, Ref, ReportSnapshot
from roadmap.domain.forecasting.ranges import Range
from tests.reports.samples import initiative, small_snapshot

NASTY = '=HYPERLINK("http://evil.example","x")'
LONG = "Übergabe an @anna " + "n" * 400


def tell(percent: int, phrase: str) -> None:
    pass


def rows_of(body: bytes) -> list[list[str]]:
    assert not body.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(body.decode())))


def plan() -> ReportSnapshot:
    """Four initiatives: one is done, one has hard texts; the third follows the second."""
    items = (
        initiative(1, progress=Progress("done", date(2026, 12, 4))),
        initiative(2, title=LONG, what="/close\n@anna: look at a@b.example", predecessors=()),
        initiative(3, title=NASTY, what=NASTY, predecessors=(Ref("A1-02", "x"), Ref("A1-01", "y"))),
        initiative(4, progress=Progress("dropped")),
    )
    phase = replace(small_snapshot().phases[0], title=NASTY, initiatives=tuple(i.id for i in items))
    return small_snapshot(initiatives=items, phases=(phase,))


def test_what_is_over_is_left_out():
    found = backlog(plan())

    assert [item.id for item in found.items] == ["A1-02", "A1-03"]
    assert found.left_out == 2
    assert found.items[1].after == ("A1-02",)


def test_jira_finds_parents_above_their_children_and_links_by_number():
    head, epic, first, second = rows_of(jira.make(plan(), Choices(), tell).body)
    assert head.count("Labels") == 3 and head.count("Blocks") == 1
    at = {name: head.index(name) for name in head}

    assert [row[at["Issue Type"]] for row in (epic, first, second)] == ["Epic", "Task", "Task"]
    assert first[at["Parent"]] == second[at["Parent"]] == epic[at["Issue ID"]]
    assert first[at["Blocks"]] == second[at["Issue ID"]]
    assert first[at["Original Estimate"]] == str(2 * 8 * 3600)
    assert date.fromisoformat(first[at["Due date"]])
    assert all(len(row[at["Summary"]]) <= 255 for row in (epic, first, second))
    labels = [cell for name, cell in zip(head, first, strict=True) if name == "Labels"]
    assert labels == ["waymark", "STEP-1", "A1-02"]


def test_gitlab_carries_out_only_our_own_actions():
    head, first, second = rows_of(gitlab.make(plan(), Choices(), tell).body)

    assert head == ["title", "description", "due_date", "milestone"]
    lines = first[1].splitlines()
    assert [line for line in lines if line.startswith("/")] == [
        '/label ~"waymark" ~"STEP-1" ~"A1-02"',
        "/estimate 16h",
    ]
    assert "@anna" not in first[1] and "a@b.example" in first[1]
    assert first[3] == second[3] and len(first[0]) <= 255


def test_azure_gets_a_tree_without_ids_and_states_in_lots_of_a_thousand():
    many = tuple(initiative(n, predecessors=(), gate=None) for n in range(1, 1203))
    phase = replace(small_snapshot().phases[0], initiatives=tuple(i.id for i in many))
    body = azure.make(small_snapshot(initiatives=many, phases=(phase,)), Choices(), tell).body

    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        files = [rows_of(archive.read(name)) for name in archive.namelist()]
    assert [len(rows) - 1 for rows in files] == [1_000, 204]
    for head, *rows in files:
        assert not {"ID", "State", "Assigned To"} & set(head)
        assert rows[0][:2] == ["Epic", "Phase: Assess"]
        assert {row[0] for row in rows[1:]} == {"Feature"}
        assert all(row[2] and not row[1] for row in rows[1:])


def test_azure_descriptions_hold_no_html_of_others():
    snapshot = small_snapshot(initiatives=(initiative(1, what="<img src=x onerror=alert(1)>"),))
    body = azure.make(snapshot, Choices(), tell).body

    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        text = archive.read("azure-boards-1.csv").decode()
    assert "<img" not in text and "&lt;img" in text


def test_github_issues_name_milestones_and_labels_that_are_made_before():
    body = github.make(plan(), Choices(), tell).body

    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        found = json.loads(archive.read("backlog.json"))
        told = archive.read("README.md").decode()
    titles = {one["title"] for one in found["milestones"]}
    labels = {one["name"] for one in found["labels"]}
    assert all(one["milestone"] in titles for one in found["issues"])
    assert all(set(one["labels"]) <= labels for one in found["issues"])
    assert "2 issues" in told and "2 initiatives are finished or dropped" in told


@pytest.mark.parametrize("form", [jira, gitlab])
def test_no_cell_is_a_formula(form):
    for row in rows_of(form.make(plan(), Choices(), tell).body):
        assert not any(cell[:1] in ("=", "+", "-", "@", "\t", "\r") for cell in row)


@pytest.mark.parametrize("form", [jira, gitlab, azure, github, calendar_file])
@pytest.mark.parametrize("snapshot", [plan(), small_snapshot(initiatives=(), phases=(), gates=())])
def test_same_plan_same_bytes_also_when_empty(form, snapshot):
    assert form.make(snapshot, Choices(), tell) == form.make(snapshot, Choices(), tell)


@pytest.mark.parametrize(
    ("text", "expected"), [("STEP-1", "STEP-1"), ("a b/c", "a-b-c"), (" ⚕ ", "waymark")]
)
def test_label_is_one_word(text, expected):
    assert label(text) == expected


def test_calendar_is_read_back():
    freeze = FreezeEntry(date(2026, 12, 21), date(2027, 1, 3), "Holidays")
    snapshot = small_snapshot(
        freezes=(freeze,),
        initiatives=(
            initiative(1, likely=Range(*(date(2027, 1, n) for n in (4, 8, 15)))),
            initiative(2, progress=Progress("done", date(2026, 12, 9)), title="Ü, ; \\ מרפאה"),
            initiative(3, progress=Progress("dropped")),
        ),
    )

    read = Calendar.from_ical(calendar_file.make(snapshot, Choices(), tell).body)

    events = {str(event["uid"]).split("-", 1)[1]: event for event in read.walk("VEVENT")}
    assert set(events) == {
        "A1-01@waymark",
        "A1-02@waymark",
        "gate-G1@waymark",
        "freeze-20261221-20270103@waymark",
    }
    one = snapshot.initiatives[0]
    assert events["A1-01@waymark"].decoded("dtstart") == one.start
    assert events["A1-01@waymark"].decoded("dtend") == one.finish + timedelta(days=1)
    assert "2027-01-08" in str(events["A1-01@waymark"]["description"])
    done = events["A1-02@waymark"]
    assert str(done["summary"]) == "A1-02 Ü, ; \\ מרפאה"
    assert done.decoded("dtend") == date(2026, 12, 10)
    assert str(events["freeze-20261221-20270103@waymark"]["summary"]).endswith("Holidays")

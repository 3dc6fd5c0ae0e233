"""The plan as files for other programs, each read back."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator

from reports.choices import Choices
from reports.files import csv_files, mspdi, plan_json
from reports.files.schema import plan_schema
from reports.frozen.snapshot import Progress, ReportSnapshot, from_json
from reports.frozen.working_time import CalendarEntry, CapacityEntry
from tests.reports.samples import initiative, small_snapshot

NASTY = '=HYPERLINK("http://evil.example","x")'
SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "plan-schema.json"
SPACE = {"p": mspdi.NAMESPACE}


def tell(percent: int, phrase: str) -> None:
    pass


def read_csv(body: bytes, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        text = archive.read(f"{name}.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def project(snapshot: ReportSnapshot) -> ElementTree.Element:
    return ElementTree.fromstring(mspdi.make(snapshot, Choices(), tell).body)


def texts(parent: ElementTree.Element, path: str) -> list[str]:
    return [found.text or "" for found in parent.findall(path, SPACE)]


def test_json_is_read_back_as_the_same_record():
    snapshot = small_snapshot(organization="Müller ⚕ مستشفى")

    read = json.loads(plan_json.make(snapshot, Choices(), tell).body)

    Draft202012Validator(plan_schema()).validate(read)
    assert from_json(read["plan"]) == snapshot


def test_the_schema_in_the_docs_is_the_one_of_the_records():
    assert json.loads(SCHEMA.read_text()) == plan_schema()


def test_csv_holds_every_initiative_and_no_formula():
    snapshot = small_snapshot(initiatives=(initiative(1, title=NASTY), initiative(2)))

    body = csv_files.make(snapshot, Choices(), tell).body

    rows = read_csv(body, "initiatives")
    assert [row["Id"] for row in rows] == ["A1-01", "A1-02"]
    assert rows[0]["Initiative"] == f"'{NASTY}"
    assert rows[1]["After"] == "A1-01"
    assert body == csv_files.make(snapshot, Choices(), tell).body


def test_csv_tells_what_was_reported_and_what_was_agreed_first():
    done = Progress(
        "in_progress",
        percent=40,
        started_on=date(2026, 11, 3),
        baseline=(date(2026, 10, 1), date(2026, 12, 1)),
    )
    snapshot = small_snapshot(initiatives=(initiative(1, progress=done), initiative(2)))

    told, untold = read_csv(csv_files.make(snapshot, Choices(), tell).body, "initiatives")

    columns = ("Started on", "Percent done, as reported", "Agreed start", "Agreed finish")
    assert [told[name] for name in columns] == ["2026-11-03", "40", "2026-10-01", "2026-12-01"]
    assert [untold[name] for name in columns] == ["", "0", "", ""]


def test_project_keeps_dates_links_people_and_days_off():
    snapshot = small_snapshot(
        calendar=CalendarEntry((0, 1, 2, 3), (date(2026, 12, 1),)),
        capacity=(CapacityEntry("OPS", "IT operations", 0.5),),
    )

    root = project(snapshot)

    tasks = root.findall("p:Tasks/p:Task", SPACE)
    second = next(t for t in tasks if "A1-02" in (t.findtext("p:Name", "", SPACE)))
    assert second.findtext("p:Start", "", SPACE) == "2026-12-07T08:00:00"
    # Friday is no working day here.
    assert second.findtext("p:Duration", "", SPACE) == "PT32H0M0S"
    first = next(t for t in tasks if "A1-01" in (t.findtext("p:Name", "", SPACE)))
    # Neither is the holiday.
    assert first.findtext("p:Duration", "", SPACE) == "PT24H0M0S"
    link = second.findtext("p:PredecessorLink/p:PredecessorUID", "", SPACE)
    assert link == first.findtext("p:UID", "", SPACE)
    assert texts(root, "p:Resources/p:Resource/p:Name") == ["IT operations", "Sponsor"]
    assert texts(root, "p:Resources/p:Resource/p:MaxUnits") == ["0.5", "1"]
    assert texts(root, "p:Calendars/p:Calendar/p:WeekDays/p:WeekDay/p:DayWorking") == list(
        "0111100"
    )
    milestones = [t for t in tasks if t.findtext("p:Milestone", "", SPACE) == "1"]
    assert len(milestones) == len(snapshot.gates)


def test_project_holds_what_xml_cannot():
    others = small_snapshot().initiatives[1:]
    snapshot = small_snapshot(initiatives=(initiative(1, title="a\x00b\ud800 <&> c"), *others))

    assert "A1-01 a\ufffdb\ufffd <&> c" in texts(project(snapshot), "p:Tasks/p:Task/p:Name")


@pytest.mark.parametrize("maker", [csv_files, mspdi, plan_json])
def test_an_empty_plan_makes_a_file(maker):
    empty = replace(small_snapshot(), initiatives=(), phases=(), gates=(), risks=(), load=())

    assert maker.make(empty, Choices(), tell).body

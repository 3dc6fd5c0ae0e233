"""The Microsoft Project file as mpxj reads it, which knows how MS Project means it."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from reports.choices import Choices
from reports.files import mspdi
from reports.frozen.snapshot import Progress
from reports.frozen.working_time import CalendarEntry, CapacityEntry
from tests.reports.samples import initiative, small_snapshot
from tests.servers import ROOT

HARD = "Übergabe <b>&amp; מרפאה\x07"


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    items = (
        initiative(1, progress=Progress("done", date(2026, 12, 4))),
        initiative(2, title=HARD),
        initiative(3, kind="review", title="Hold gate G1"),
        initiative(
            4,
            progress=Progress(
                "in_progress",
                percent=40,
                started_on=date(2026, 12, 23),
                baseline=(date(2026, 11, 30), date(2026, 12, 4)),
            ),
        ),
    )
    snapshot = small_snapshot(
        initiatives=items,
        calendar=CalendarEntry(holidays=(date(2026, 12, 25),)),
        capacity=(CapacityEntry("OPS", "IT operations", 1.5),),
    )
    everything = tuple(item.id for item in items)
    snapshot = replace(snapshot, phases=(replace(snapshot.phases[0], initiatives=everything),))
    snapshot = replace(snapshot, gates=(replace(snapshot.gates[0], planned_on=items[2].finish),))
    path = tmp_path_factory.mktemp("mspdi") / "plan.xml"
    path.write_bytes(mspdi.make(snapshot, Choices(), lambda percent, phrase: None).body)
    done = subprocess.run(
        [sys.executable, "-m", "tests.reports.mpxj_reader", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def task(read: dict[str, Any], start: str) -> dict[str, Any]:
    return next(one for one in read["tasks"] if one["name"].startswith(start))


def test_phases_hold_their_work_and_gates_are_milestones(read):
    assert [one["outline"] for one in read["tasks"] if one["outline"] != "0"] == [
        "1",
        "1.1",
        "1.2",
        "1.3",
        "1.4",
        "1.5",
    ]
    assert task(read, "Assess")["summary"]
    gate = task(read, "G1 ")
    assert gate["milestone"] and gate["after"] == ["A1-03 Hold gate G1"]


def test_links_dates_and_what_is_done_arrive(read):
    second = task(read, "A1-02")
    assert second["after"] == ["A1-01 Initiative number 1"]
    assert (second["start"], second["finish"]) == ("2026-12-07T08:00", "2026-12-11T17:00")
    assert second["baseline"] == "2026-12-11T17:00"
    assert second["constraint"] == "START_NO_EARLIER_THAN"
    assert task(read, "A1-01")["percent"] == 100
    assert "Estimated effort: 1 to 5.5 person-days" in second["notes"]


def test_work_under_way_says_how_far_it_is_and_what_was_agreed_first(read):
    fourth, first = task(read, "A1-04"), task(read, "A1-01")

    assert (fourth["percent"], fourth["actual_start"][:10]) == (40, "2026-12-23")
    assert fourth["start"] == "2026-12-23T08:00"
    assert fourth["baseline"] == "2026-12-04T17:00"
    assert first["actual_finish"] == first["finish"] == "2026-12-04T17:00"
    assert first["baseline"] == "2026-12-04T17:00"


def test_people_and_their_calendar_arrive(read):
    assert {"name": "IT operations", "units": 150.0} in read["resources"]
    work = [one for one in read["assignments"] if one["task"].startswith("A1-02")]
    assert {(one["resource"], one["hours"]) for one in work} == {
        ("IT operations", 12.0),
        ("Sponsor", 4.0),
    }
    assert not read["works_on_25_december"] and not read["works_on_sundays"]
    assert read["works_on_23_december"]
    assert read["company"] == "Mercy Hospital"


def test_hard_texts_stay_texts(read):
    assert task(read, "A1-02")["name"] == "A1-02 Übergabe <b>&amp; מרפאה\ufffd"

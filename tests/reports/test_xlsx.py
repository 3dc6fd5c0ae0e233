"""The plan as an Excel workbook, read by openpyxl and worked out by LibreOffice."""

import io
import math
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook

from reports.choices import Choices
from reports.files.xlsx import workbook
from reports.frozen.snapshot import Progress, ReportSnapshot
from reports.frozen.trace import ControlTrace
from tests.reports.office_files import (
    FORMULA,
    HEBREW,
    LONG,
    SNAPSHOTS,
    body_of,
    made,
    opened,
    outside_links,
    pages_of,
    rich_snapshot,
    tell,
)

SHEETS = [
    "Summary",
    "Readiness",
    "Challenges",
    "Plan",
    "Load",
    "Cost",
    "Compliance",
    "Gates",
    "Metrics",
    "Assumptions",
]
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")


def read(snapshot: ReportSnapshot, *, values: bool = True) -> Workbook:
    body = workbook.make(snapshot, Choices(), tell).body
    return openpyxl.load_workbook(io.BytesIO(body), data_only=values)


def cells(book: Workbook, kind: str) -> list:
    return [
        (sheet.title, cell.coordinate)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == kind
    ]


def test_every_sheet_is_there_with_a_frozen_head():
    book = read(rich_snapshot())

    assert book.sheetnames == SHEETS
    assert book["Plan"].freeze_panes == "C5"
    assert [cell.value for cell in book["Plan"]["A"][4:7]] == ["A1-01", "A1-02", "A1-03"]
    assert set(book.defined_names) == {"PlanStart", "PlanFinish", "Holidays"}


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_libreoffice_works_out_the_same_figures(shared: Path, name: str):
    folder = opened(shared)
    ours = openpyxl.load_workbook(folder / "asked" / f"xlsx-{name}.xlsx", data_only=True)
    theirs = openpyxl.load_workbook(folder / f"xlsx-{name}.xlsx", data_only=True)
    formulas = cells(openpyxl.load_workbook(folder / "asked" / f"xlsx-{name}.xlsx"), "f")

    assert len(formulas) > 10
    for sheet, place in formulas:
        expected, found = ours[sheet][place].value, theirs[sheet][place].value
        if isinstance(expected, (int, float)):
            assert math.isclose(expected, found, abs_tol=1e-6), (sheet, place)
        else:
            assert (found or "") == (expected or ""), (sheet, place)


def test_cost_is_days_times_rate_and_comes_to_what_the_plan_says():
    snapshot = rich_snapshot()
    cost = read(snapshot)["Cost"]

    rows = {row[0].value: [cell.value for cell in row] for row in cost.iter_rows(min_row=5)}
    # 3 weeks of 2 likely days: three quarters operations, a quarter the sponsor.
    assert rows["IT operations"][1:8] == [400, 2.25, 4.5, 12.375, 900, 1800, 4950]
    assert rows["Own people, whole plan"][6] == 1800 + 750
    assert rows["Security – Review"][6] == 900
    assert rows["All together, likely"][6] == snapshot.prices.total


def test_capacity_is_people_times_working_days():
    load = read(rich_snapshot())["Load"]

    november, december = ([cell.value for cell in row] for row in load["A5:H6"])
    # From Monday 23 to 30 November: six working days.
    assert november[2:7] == [pytest.approx(2.5 / 6), 6, 2.5, 1.5, 1]
    # Until Friday 18 December without the day off.
    assert december[3] == 13
    assert december[6] == pytest.approx(3.8 - 4.5)


def test_texts_stay_texts():
    book = read(SNAPSHOTS["nasty"], values=False)

    texts = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert FORMULA in texts
    assert LONG.strip() in {str(text).strip() for text in texts}
    for sheet, place in cells(book, "f"):
        assert "HYPERLINK" not in book[sheet][place].value
    (cell,) = (c for c in book["Plan"]["B"] if c.value == FORMULA)
    assert cell.quotePrefix
    assert not any(sheet._hyperlinks for sheet in book)


def test_plan_tells_what_was_reported_and_what_was_agreed_first():
    first, *others = rich_snapshot().initiatives
    days = (datetime(2026, 11, 3), datetime(2026, 10, 1), datetime(2026, 12, 1))
    started, *agreed = (day.date() for day in days)
    told = replace(
        first, progress=Progress(percent=40, started_on=started, baseline=(agreed[0], agreed[1]))
    )
    sheet = read(rich_snapshot(initiatives=(told, *others)))["Plan"]

    head = [cell.value for cell in sheet[4]]
    row = dict(zip(head, (cell.value for cell in sheet[5]), strict=True))
    columns = ("Started on", "Percent done", "Agreed start", "Agreed finish")
    assert [row[name] for name in columns] == [days[0], 40, *days[1:]]
    # Beside them, what cost is worked out from stays where the formulas look for it.
    assert next(value for name, value in row.items() if name.startswith("Cost")) > 0


def test_nothing_leads_out_of_the_file():
    assert outside_links(body_of("xlsx", "nasty")) == []


def test_same_input_gives_the_same_bytes():
    assert made("xlsx") == body_of("xlsx")


def test_work_that_is_done_counts_for_its_provision():
    done = [
        replace(item, progress=replace(item.progress, status="done"))
        for item in rich_snapshot().initiatives
    ]
    sheet = read(rich_snapshot(initiatives=tuple(done)))["Compliance"]

    assert [cell.value for cell in sheet[5]][5:] == [
        "A1-01, A1-02, A1-03",
        "",
        3,
        3,
        "Work done, not shown yet",
    ]


@pytest.mark.parametrize(
    ("name", "text"), [("rich", "Mercy Hospital"), ("empty", "no work in this plan")]
)
def test_libreoffice_shows_it(shared: Path, name: str, text: str):
    pages = pages_of(opened(shared) / f"xlsx-{name}.pdf")

    assert len(pages) >= len(SHEETS)
    assert text in " ".join(pages)


def test_names_from_right_to_left_are_kept():
    assert read(SNAPSHOTS["hebrew"])["Summary"]["A1"].value == HEBREW


def test_what_is_shown_needs_no_work():
    shown = ControlTrace("C-1", "HIPAA", "164.308", "Analysis", standing="shown")
    missing = ControlTrace("C-2", "HIPAA", "164.310", "Doors", standing="missing")
    sheet = read(rich_snapshot(controls=(shown, missing)))["Compliance"]

    states = [row[9].value for row in sheet["A5:J6"]]
    assert states == ["Shown with evidence or confirmed", "Nothing planned"]


@pytest.mark.parametrize(("language", "turned"), [("en", None), ("he", True)])
def test_sheets_run_the_way_the_language_is_read(language: str, turned: bool | None):
    sheets = read(rich_snapshot(language=language)).worksheets

    assert {sheet.sheet_view.rightToLeft for sheet in sheets} == {turned}

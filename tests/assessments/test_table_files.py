"""Rows of tables out to CSV and Excel and back, and every kind of file that is none."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.domain.answers import clean_row
from assessments.domain.table_file import TableFileError, cells_of, find_column, heading, read_table
from assessments.tables.csv_file import read_csv, write_csv
from assessments.tables.excel_file import read_excel, write_excel
from assessments.tables.upload import MAX_BYTES, ReadFile, read_upload
from guide.model import Question
from guide.registry import current_guide
from tests.strategies import values

SYSTEMS = current_guide().question("T1")
FLOWS = current_guide().question("T5")
LIMITS = current_guide().question("Q1.12")
SKILLS = current_guide().question("T7")


def read(content: bytes | str, question: Question = SYSTEMS, name: str = "rows.csv") -> ReadFile:
    return read_upload(content.encode() if isinstance(content, str) else content, name, question)


def refusal(content: bytes | str, name: str = "rows.csv") -> str:
    with pytest.raises(TableFileError) as caught:
        read(content, name=name)
    return str(caught.value)


def rows_of(content: bytes | str, question: Question = SYSTEMS, name: str = "rows.csv") -> Any:
    found = read(content, question, name).table
    assert found.problems == ()
    return list(found.rows)


def workbook(rows: list[list[Any]], *, title: str = "Rows", more: dict[str, Any] | None = None):
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for name, further in (more or {}).items():
        for row in further:
            (book[name] if name in book.sheetnames else book.create_sheet(name)).append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


# Out and back

TEXTS = st.text(
    st.one_of(
        st.sampled_from("=+-@'\t\r\n\";,|_x0D 1٣אé😀\x01\x1f＝"),
        st.characters(codec="utf-8", exclude_characters="\x00"),
    ),
    min_size=1,
    max_size=12,
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[Question, list[dict[str, Any]]]:
    """A table of the guide with rows as they are stored, its texts at will."""
    question = draw(st.sampled_from(list(current_guide().tables.values())))
    texts = [column.id for column in question.columns if column.kind == "text"]
    rows = [
        {**row, **{name: draw(TEXTS) for name in texts[:3] if draw(st.booleans())}}
        for row in draw(values(question))
    ]
    stored = [clean_row(question, row) for row in rows]
    full = [{name: cell for name, cell in row.items() if cell != ""} for row in stored]
    return question, [row for row in full if row]


@given(tables())
@settings(deadline=None, max_examples=50)
def test_rows_come_back_from_csv_as_they_went(table: tuple[Question, list[Any]]) -> None:
    question, rows = table
    if rows:
        assert rows_of(write_csv(cells_of(question, rows)), question) == rows


@given(tables())
@settings(deadline=None, max_examples=25)
def test_rows_come_back_from_excel_as_they_went(table: tuple[Question, list[Any]]) -> None:
    question, rows = table
    if rows:
        assert rows_of(write_excel(question, rows), question, "rows.xlsx") == rows


@pytest.mark.parametrize("question", current_guide().tables.values(), ids=lambda q: q.id)
def test_each_heading_and_choice_written_is_read_as_itself(question: Question) -> None:
    for column in question.columns:
        assert find_column(question, heading(question, column)) is column
        assert find_column(question, f" {column.id.upper()} ") is column
        for option in column.options:
            assert rows_of(write_csv(cells_of(question, [{column.id: option.id}])), question) == [
                {column.id: option.id}
            ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "'=1", "''+1"])
def test_formulas_leave_as_text_and_come_back(text: str) -> None:
    rows = [{"name": text}]
    csv_bytes, excel = write_csv(cells_of(SYSTEMS, rows)), write_excel(SYSTEMS, rows)

    assert f"'{text}".encode() in csv_bytes
    from openpyxl import load_workbook

    cell = load_workbook(io.BytesIO(excel))["Rows"]["A2"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert rows_of(csv_bytes) == rows_of(excel, name="rows.xlsx") == rows


def test_template_offers_the_choices_as_lists() -> None:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(write_excel(SYSTEMS, [])))
    tier = [c.id for c in SYSTEMS.columns].index("tier")
    rules = {
        str(rule.sqref): rule.formula1 for rule in book["Rows"].data_validations.dataValidation
    }

    assert book.sheetnames == ["Rows", "Columns", "Choices"]
    assert rules[f"{'ABCDEFG'[tier]}2:{'ABCDEFG'[tier]}2001"] == "='Choices'!$A$2:$A$5"
    assert book["Choices"]["A1"].value == "Tier"
    assert len(book["Columns"]["A"]) >= len(SYSTEMS.columns)


# What people send


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encoding_and_separator_are_found_out(encoding: str, separator: str) -> None:
    text = separator.join(["System", "Tier"]) + "\r\n" + separator.join(["Praxis Müller", "2"])

    assert rows_of(text.encode(encoding)) == [{"name": "Praxis Müller", "tier": "2"}]


def test_guessed_encoding_is_told() -> None:
    found = read("System,Tier\nMüller,2".encode("cp1252"))

    assert any("Windows-1252" in note for note in found.notes)


@pytest.mark.parametrize(
    "header",
    ["System,Tier,Interfaces", "interfaces;TIER;name", "sep=,\nName,tier,INTERFACES"],
)
def test_columns_come_in_any_order_and_case(header: str) -> None:
    mark = ";" if ";" in header else ","
    row = mark.join(
        {"i": "3", "t": "1"}.get(h[0].lower(), "EHR") for h in header.split("\n")[-1].split(mark)
    )

    assert rows_of(f"{header}\n{row}") == [{"name": "EHR", "tier": "1", "interfaces": 3}]


def test_quoted_newlines_stay_in_their_cell() -> None:
    assert rows_of('System,Used for\n"EHR","first\nsecond, ""third"""\n') == [
        {"name": "EHR", "function": 'first\nsecond, "third"'}
    ]


@pytest.mark.parametrize(
    ("cell", "number"),
    [("2,5", 2.5), ("1.234,5", 1234.5), ("1.234.567", 1234567), ("0,125", 0.125), ("12", 12)],
)
def test_decimal_commas_are_read_where_semicolons_separate(cell: str, number: float) -> None:
    pilots = current_guide().question("T3")

    assert rows_of(f"Candidate;Users\nPortal;{cell}\n", pilots)[0]["users"] == number


@pytest.mark.parametrize("cell", ["1.234", "1,234"])
def test_number_with_two_readings_is_asked_about(cell: str) -> None:
    (problem,) = read(f"Role;People\nOps;{cell}\n", SKILLS).table.problems

    assert (problem.row, problem.column, problem.value) == (2, "People", cell)
    assert "write 1234, or" in problem.message


def test_every_bad_cell_is_told_with_row_column_value_and_what_to_do() -> None:
    found = read(
        "Vendor,Notice (days),API,Data agreement\nA,soon,Y,2026-01-02\nB,7,maybe,5.1.26\n", LIMITS
    )

    told = [(p.row, p.column, p.value) for p in found.table.problems]
    assert told == [
        (2, "Notice (days)", "soon"),
        (3, "API", "maybe"),
        (3, "Data agreement", "5.1.26"),
    ]
    messages = " ".join(p.message for p in found.table.problems)
    assert "Give a number" in messages
    assert "use one of these words" in messages.lower()
    assert "YYYY-MM-DD" in messages


def test_unknown_and_missing_columns_are_told_and_nothing_is_lost_silently() -> None:
    found = read("System,Teir,Comment\nEHR,1,old\n")

    text = " ".join(found.notes)
    assert found.table.rows == ({"name": "EHR"},)
    assert "“Teir”" in text and "Did you mean “Tier”?" in text
    assert "“Comment”" in text
    assert "no column for: Used for" in text


def test_cell_too_many_means_that_the_others_shifted() -> None:
    (problem,) = read("System,Tier\nEHR,1\nA, b,1,x\n").table.problems

    assert (problem.row, problem.value) == (3, "1")
    assert "4 cells and the heading 2" in problem.message


def test_lines_above_the_heading_and_empty_rows_are_skipped() -> None:
    found = read("Our systems 2026,\n,\nSystem,Tier\n\nEHR,1\n,\n")

    assert found.table.rows == ({"name": "EHR", "tier": "1"},)
    assert found.table.lines_above == 1


# Files that are none


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "empty"),
        (b"\n ,\n", "empty"),
        (b"System,Tier\n", "no rows below"),
        (b"a,b\n1,2\n", "names the columns"),
        (b"System,System\nEHR,x\n", "mean the same column"),
        (b'System,Tier\n"EHR,1\n', "Row 2 has a quotation mark"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "old Excel workbook"),
        (b"%PDF-1.7", "PDF"),
        (b"System" + b"," * 600, "more than 500 columns"),
        (b"System\n" + b"\n" * 50_000, "50,000 rows"),
        (b"<html><table>", "web page"),
        (b"\x00\x01\x02\x03" * 9, "no text"),
        (b"System,Tier\n\x81\x8d,1", "encoding"),
        (b"PK\x03\x04 not really", "damaged"),
    ],
)
def test_bad_file_is_refused_with_what_to_do(content: bytes, expected: str) -> None:
    assert expected in refusal(content)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, "OpenDocument"),
        ({"xl/workbook.bin": b""}, ".xlsb"),
        ({"xl/workbook.xml": b"", "xl/vbaProject.bin": b""}, "macros"),
        ({"word/document.xml": b""}, "no Excel workbook"),
        ({"[Content_Types].xml": b"<!DOCTYPE x>", "xl/workbook.xml": b""}, "no workbook needs"),
        ({"[Content_Types].xml": b"", "xl/workbook.xml": b"<workbook"}, "can’t be read"),
        ({f"{n}.xml": b"" for n in range(600)}, "too large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_zip_that_is_no_plain_workbook_is_refused(parts: dict[str, bytes], expected: str) -> None:
    assert expected in refusal(zipped(parts), "rows.xlsx")


def test_zip_bomb_is_refused_before_it_unpacks_whether_it_lies_or_not() -> None:
    bomb = zipped(
        {"[Content_Types].xml": b"", "xl/workbook.xml": b"", "xl/media/a": bytes(45_000_000)}
    )
    size = (45_000_000).to_bytes(4, "little")
    lying = bomb.replace(size, (10).to_bytes(4, "little"))

    assert "too large" in refusal(bomb, "rows.xlsx")
    assert refusal(lying, "rows.xlsx")
    assert len(bomb) < 100_000 and lying != bomb


@pytest.mark.parametrize(
    "inside",
    [
        b"<row>" + b"<c/>" * 600 + b"</row>",
        (b"<row>" + b"<c/>" * 60 + b"</row>") * 2_000,
        b"<x:row/>" * 60_000,
        b" " * 17_000_000,
    ],
    ids=["wide", "cells", "rows", "long"],
)
def test_sheet_that_would_take_minutes_to_read_is_refused_at_once(inside: bytes) -> None:
    parts = {
        "[Content_Types].xml": b"",
        "xl/workbook.xml": b"",
        "xl/worksheets/sheet1.xml": b"<worksheet><sheetData>" + inside + b"</sheetData>",
    }

    assert "too large" in refusal(zipped(parts), "rows.xlsx")


def test_content_decides_and_a_name_that_lies_is_told() -> None:
    excel, text = workbook([["System"], ["EHR"]]), "System,Tier\nEHR,1"

    for content, name in ((excel, "rows.csv"), (text, "rows.xlsx")):
        found = read(content, name=name)
        assert found.table.rows[0]["name"] == "EHR"
        assert any("name says another kind" in note for note in found.notes)


def test_more_rows_than_a_table_holds_are_refused_clearly() -> None:
    many = [["System"], *([f"S{n}"] for n in range(2_001))]

    for content, name in (
        ("\n".join(row[0] for row in many).encode(), "rows.csv"),
        (workbook(many), "rows.xlsx"),
    ):
        assert "more than 2,000 rows" in refusal(content, name)
    assert len(rows_of("\n".join(row[0] for row in many[:-1]))) == 2_000


def test_file_over_the_size_is_refused() -> None:
    assert "larger than 5 MB" in refusal(b"x" * (MAX_BYTES + 1))


# Excel's own ways


def test_excel_values_are_read_as_they_look() -> None:
    from datetime import date, datetime

    content = workbook(
        [
            ["Vendor", "Notice (days)", "Data agreement", "Next upgrade"],
            ["A", 7.0, datetime(2026, 1, 2), date(2026, 5, 1)],
            [12, 7.5, "2026-01-02", True],
        ]
    )

    assert rows_of(content, LIMITS, "a.xlsx") == [
        {"vendor": "A", "notice": 7, "baa": "2026-01-02", "next_upgrade": "2026-05-01"},
        {"vendor": "12", "notice": 7.5, "baa": "2026-01-02", "next_upgrade": "true"},
    ]


def test_formula_is_never_calculated_and_told() -> None:
    found = read(workbook([["System", "Interfaces"], ["=A1&1", "=1+1"]]), name="a.xlsx")

    assert found.table.rows == ({"name": "=A1&1"},)
    (problem,) = found.table.problems
    assert (problem.column, problem.value) == ("Interfaces", "=1+1")
    assert any("2 cells hold formulas" in note for note in found.notes)


def test_sheet_with_the_table_is_found_and_others_are_told() -> None:
    content = workbook(
        [["Notes"], ["x"]], title="Read me", more={"Data": [["System", "Tier"], ["EHR", 1]]}
    )

    found = read(content, name="a.xlsx")

    assert found.table.rows == ({"name": "EHR", "tier": "1"},)
    assert any("“Data” was read, not: Read me" in note for note in found.notes)


def test_sheet_that_lies_about_its_size_is_read_anyway() -> None:
    content = workbook([["System"], ["EHR"]])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"')

    assert read_excel(zipped(parts), SYSTEMS).cells == [["System"], ["EHR"]]


# What it costs


def test_reading_a_full_table_takes_its_time_once() -> None:
    """Alike cells are judged once, so 2,000 rows stay far from the patience of a request."""
    cells = read_csv(
        write_csv(cells_of(FLOWS, [{"id": f"F{n}", "phi": "full"} for n in range(2_000)])), FLOWS
    )

    assert len(read_table(FLOWS, cells.cells).rows) == 2_000

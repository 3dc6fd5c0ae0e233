"""The pages of a table question: all rows, files out and in, the preview and its word."""

import html
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import AuditEntry
from assessments.models import TableUpload
from assessments.services import row_save
from assessments.tables.upload import read_upload
from tests.assessments.factories import save_answer
from tests.factories import make_member, make_user

EHR = {"name": "EHR", "tier": "1", "vendor": "Acme"}
LAB = {"name": "Laboratory", "tier": "2"}
GOOD = b"System,Tier\nEHR,2\nPACS,2\n"


def text_of(response) -> str:
    return " ".join(html.unescape(response.content.decode()).split())


def send(visitor, content: bytes = GOOD, name: str = "systems.csv"):
    return visitor.client.post(
        visitor.page("table_upload", "T1"), {"file": SimpleUploadedFile(name, content)}
    )


@pytest.fixture
def with_rows(visitor):
    save_answer(visitor.assessment, "T1", [EHR, LAB], note="From the audit")
    return visitor


@pytest.fixture
def previewed(with_rows):
    """The visitor with a good file sent; the address of its preview is `preview`."""
    with_rows.preview = send(with_rows).headers["Location"]
    return with_rows


def many(count: int) -> list[dict]:
    return [{"name": f"System {number}", "tier": "3"} for number in range(count)]


def test_file_dropped_for_its_size_is_called_too_large(visitor, settings):
    settings.WAYMARK_UPLOAD_BYTES = 20

    response = send(visitor)

    assert response.status_code == 422
    assert "larger than 5 MB" in text_of(response)


def test_heading_with_a_nul_is_kept_without_it(visitor):
    response = send(visitor, "System,Tier,Rem\x00arks\nEHR,2,old\n".encode("utf-16"))

    assert response.status_code == 302
    notes = "".join(TableUpload.objects.get().content["notes"])
    assert "“Remarks”" in notes


# All rows


def test_step_page_shows_the_first_rows_and_leads_to_all(visitor):
    save_answer(visitor.assessment, "T1", many(250))

    page = text_of(visitor.client.get(visitor.page("step", 1)))

    assert "System 99" in page and "System 100<" not in page
    assert "All 250 rows" in page
    assert visitor.page("table", "T1") in page


def test_all_rows_come_a_hundred_at_a_time(visitor):
    save_answer(visitor.assessment, "T1", many(250))

    third = text_of(visitor.client.get(visitor.page("table", "T1") + "?page=3"))
    beyond = text_of(visitor.client.get(visitor.page("table", "T1") + "?page=999"))

    assert "Rows 201 to 250 of 250" in third
    assert "Rows 201 to 250 of 250" in beyond
    assert "System 249" in third and "System 199" not in third
    assert visitor.page("row", "T1", 249) + "?from=table" in third


def test_row_changed_from_the_table_leads_back_to_its_place(visitor):
    save_answer(visitor.assessment, "T1", many(150))
    address = visitor.page("row", "T1", 120)
    form = visitor.client.get(address + "?from=table").content.decode()
    was = form.partition('name="was" value="')[2].partition('"')[0]

    sent = visitor.client.post(address, {"T1-row-name": "Renamed", "was": was, "from": "table"})

    assert 'name="from" value="table"' in form
    assert sent.headers["Location"] == visitor.page("table", "T1") + "?page=2#row-120"
    assert visitor.stored("T1").value[120] == {"name": "Renamed"}


@pytest.mark.parametrize("file", ["rows.csv", "rows.xlsx", "template.csv", "template.xlsx"])
def test_downloads_hold_what_they_say(with_rows, file):
    response = with_rows.client.get(with_rows.page("table_download", "T1", file))

    question = with_rows.assessment.guide.question("T1")
    assert response.headers["Content-Disposition"].endswith(f'.{file.partition(".")[2]}"')
    if file.startswith("rows"):
        assert list(read_upload(response.content, file, question).table.rows) == [EHR, LAB]
    else:
        assert b"EHR" not in response.content


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("table", ["Q1.01"]),
        ("table", ["T99"]),
        ("table_download", ["T1", "rows.exe"]),
        ("table_upload", ["Q1.01"]),
        ("table_diagram", ["T1"]),
    ],
)
def test_what_is_no_table_is_not_found(visitor, name, arguments):
    assert visitor.client.get(visitor.page(name, *arguments)).status_code == 404


# Import


def test_good_file_is_previewed_and_changes_nothing_yet(with_rows):
    sent = send(with_rows)
    page = text_of(with_rows.client.get(sent.headers["Location"]))

    assert sent.status_code == 302
    assert "systems.csv has 2 rows" in page
    assert "1 added, 1 changed, 0 the same" in page
    assert "PACS" in page and "1 Critical" not in page
    assert "Rows are recognized by: System." in page
    assert with_rows.stored("T1").value == [EHR, LAB]


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("add", [{**EHR, "tier": "2"}, LAB, {"name": "PACS", "tier": "2"}]),
        ("replace", [{"name": "EHR", "tier": "2"}, {"name": "PACS", "tier": "2"}]),
    ],
)
def test_word_takes_the_rows_in_and_keeps_the_note(previewed, how, expected):
    done = previewed.client.post(previewed.preview, {"how": how, "version": "1"})

    stored = previewed.stored("T1")
    assert done.headers["Location"] == previewed.page("table", "T1")
    assert (stored.value, stored.note, stored.version) == (expected, "From the audit", 2)
    assert not TableUpload.objects.exists()
    entry = AuditEntry.objects.get(verb="table.imported")
    assert (entry.detail["how"], entry.detail["added"], entry.detail["file"]) == (
        how,
        1,
        "systems.csv",
    )


def test_table_changed_meanwhile_is_said_and_the_file_kept(previewed):
    row_save(
        assessment=previewed.assessment,
        user=make_user(name="Bo"),
        question_id="T1",
        row=None,
        cells={"name": "Portal"},
    )

    refused = previewed.client.post(previewed.preview, {"how": "replace", "version": "1"})
    again = previewed.client.post(previewed.preview, {"how": "replace", "version": "2"})

    page = text_of(refused)
    assert refused.status_code == 409
    assert "Bo changed this table in the meantime" in page
    assert 'name="version" value="2"' in page
    assert again.status_code == 302
    assert len(previewed.stored("T1").value) == 2


@pytest.mark.parametrize(
    "data", [{}, {"how": "", "version": "1"}, {"how": "add"}, {"how": "add", "version": "x" * 30}]
)
def test_word_that_is_none_keeps_the_file(previewed, data):
    refused = previewed.client.post(previewed.preview, data)

    assert refused.status_code == 422
    assert "Choose what to do" in text_of(refused)
    assert TableUpload.objects.count() == 1


def test_file_can_be_withdrawn_and_pressing_twice_does_no_harm(previewed):
    first = previewed.client.post(previewed.preview, {"withdraw": "1"})
    second = previewed.client.post(previewed.preview, {"how": "add", "version": "1"}, follow=True)

    assert first.status_code == 302
    assert "already taken in, or withdrawn" in text_of(second)
    assert previewed.stored("T1").value == [EHR, LAB]


def test_bad_cells_are_shown_and_nothing_is_kept(with_rows):
    refused = send(with_rows, b"System,Tier,Interfaces\nEHR,high,many\nLab,high,3\n")

    page = text_of(refused)
    assert refused.status_code == 422
    assert "Nothing was imported: 3 cells need mending" in page
    assert "The file has 2 rows; 2 of them hold a cell" in page
    assert "2–3" in page and "high" in page and "many" in page
    assert not TableUpload.objects.exists()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "Choose a file"),
        (b"a,b\n1,2", "names the columns"),
        (b"System\n" + b"EHR\n" * 5_000, "more than 2,000 rows"),
    ],
)
def test_file_that_cannot_be_read_is_refused(with_rows, content, expected):
    refused = (
        send(with_rows, content)
        if content
        else with_rows.client.post(with_rows.page("table_upload", "T1"))
    )

    assert refused.status_code == 422
    assert expected in text_of(refused)


def test_adding_beyond_what_a_table_holds_is_refused_at_the_choice(visitor):
    save_answer(visitor.assessment, "T1", many(1_999))
    address = send(visitor, b"System\nA\nB\n").headers["Location"]

    page = text_of(visitor.client.get(address))
    refused = visitor.client.post(address, {"how": "add", "version": "1"})

    assert "would have 2,001 rows" in page
    assert refused.status_code == 422
    assert len(visitor.stored("T1").value) == 1_999


def test_only_the_sender_sees_the_preview(previewed):
    previewed.client.force_login(make_member(previewed.organization).user)

    assert previewed.client.get(previewed.preview).status_code == 302
    assert TableUpload.objects.count() == 1


def test_names_and_cells_that_look_like_markup_stay_text(visitor):
    address = send(visitor, b"System\n<script>alert(1)</script>\n", "<b>.csv").headers["Location"]

    page = visitor.client.get(address).content.decode()

    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_file_that_looks_like_patient_data_is_pointed_out(visitor):
    address = send(visitor, b"System,Vendor\nEHR,SSN 219-09-9999\n").headers["Location"]

    assert "look like patient data" in text_of(visitor.client.get(address))


# What it costs


@pytest.mark.parametrize("count", [1, 2_000])
def test_pages_of_tables_stay_within_their_queries(visitor, django_assert_max_num_queries, count):
    save_answer(visitor.assessment, "T1", many(count))
    content = "System,Tier\n" + "\n".join(f"Other {number},2" for number in range(count))

    with django_assert_max_num_queries(15):
        assert visitor.client.get(visitor.page("step", 1)).status_code == 200
    with django_assert_max_num_queries(9):
        page = visitor.client.get(visitor.page("table", "T1"))
    with django_assert_max_num_queries(12):
        sent = send(visitor, content.encode())
    with django_assert_max_num_queries(9):
        shown = visitor.client.get(sent.headers["Location"])
    with django_assert_max_num_queries(18):
        done = visitor.client.post(sent.headers["Location"], {"how": "replace", "version": "1"})

    assert (page.status_code, shown.status_code, done.status_code) == (200, 200, 302)
    assert len(visitor.stored("T1").value) == count
    for response in (page, shown):
        assert len(response.content) < 250_000


def test_excel_file_goes_all_the_way(visitor):
    save_answer(visitor.assessment, "T1", [EHR])
    file = visitor.client.get(visitor.page("table_download", "T1", "rows.xlsx")).content

    sent = visitor.client.post(
        visitor.page("table_upload", "T1"), {"file": io.BytesIO(file)}, follow=True
    )

    assert "0 added, 0 changed, 1 the same" in text_of(sent)

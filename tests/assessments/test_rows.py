"""The rows of a table question over HTTP."""

import html

import pytest

from assessments.services import row_fingerprint, row_save
from tests.factories import make_user


@pytest.fixture
def with_ehr(visitor):
    visitor.client.post(
        visitor.page("row", "T1", "new"), {"T1-row-name": "EHR", "T1-row-tier": "1"}
    )
    return visitor


WAS_EHR = row_fingerprint({"name": "EHR", "tier": "1"})


def test_row_without_script_is_added_on_a_page_of_its_own(visitor):
    page = visitor.client.get(visitor.page("row", "T1", "new"))
    sent = visitor.client.post(visitor.page("row", "T1", "new"), {"T1-row-name": "EHR"})

    assert page.status_code == 200
    assert 'name="T1-row-name"' in page.content.decode()
    assert "hx-post" not in page.content.decode()  # there is no question to swap here
    assert sent.headers["Location"] == visitor.page("step", 1) + "#T1"
    assert visitor.stored("T1").value == [{"name": "EHR"}]


def test_row_with_script_gives_the_whole_question_back(visitor):
    headers = {"HX-Request": "true"}

    form = visitor.client.get(visitor.page("row", "T1", "new"), headers=headers)
    sent = visitor.client.post(
        visitor.page("row", "T1", "new"), {"T1-row-name": "EHR"}, headers=headers
    )

    for response in (form, sent):
        assert response.content.decode().lstrip().startswith('<section class="wm-question"')
    assert "EHR" in sent.content.decode()


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "script"])
def test_refused_row_marks_and_focuses_the_wrong_field(visitor, headers):
    sent = visitor.client.post(
        visitor.page("row", "T1", "new"),
        {"T1-row-name": "EHR", "T1-row-interfaces": "many"},
        headers=headers,
    )

    text = sent.content.decode()
    marked = [tag for tag in text.split("<") if "autofocus" in tag or 'aria-invalid="true"' in tag]
    assert sent.status_code == 422
    assert len(marked) == 1
    assert 'name="T1-row-interfaces"' in marked[0]
    assert "autofocus" in marked[0]
    assert 'aria-invalid="true"' in marked[0]


def test_row_is_changed_and_removed(with_ehr):
    row = with_ehr.page("row", "T1", 0)

    with_ehr.client.post(row, {"T1-row-name": "EHR 2", "was": WAS_EHR})
    changed = list(with_ehr.stored("T1").value)
    asked = with_ehr.client.get(row + "?remove").content.decode()
    with_ehr.client.post(row, {"remove": "1", "was": row_fingerprint({"name": "EHR 2"})})

    assert changed == [{"name": "EHR 2"}]
    assert "Remove “EHR 2”?" in html.unescape(asked)
    assert with_ehr.stored("T1").state == "unanswered"


def test_row_changed_by_someone_else_keeps_what_was_typed_as_a_new_row(with_ehr):
    row_save(
        assessment=with_ehr.assessment,
        user=make_user(name="Bo"),
        question_id="T1",
        row=0,
        cells={"name": "EHR by Bo"},
        was=WAS_EHR,
    )

    response = with_ehr.client.post(
        with_ehr.page("row", "T1", 0), {"T1-row-name": "EHR by Ada", "was": WAS_EHR}
    )

    content = html.unescape(response.content.decode())
    assert response.status_code == 409
    assert "Bo changed or removed this row" in content
    assert 'value="EHR by Ada"' in content
    assert f'action="{with_ehr.page("row", "T1", "new")}"' in content
    assert with_ehr.stored("T1").value == [{"name": "EHR by Bo"}]


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"T1-row-tier": "9"},
        {"T1-row-interfaces": "lots"},
        {"T1-row-interfaces": "-4"},
        {"T1-row-name": "x" * 501},
    ],
)
def test_row_that_is_none_is_refused(visitor, cells):
    response = visitor.client.post(visitor.page("row", "T1", "new"), cells)

    assert response.status_code == 422
    assert visitor.stored("T1") is None


@pytest.mark.parametrize(
    ("question_id", "row"), [("Q1.01", "new"), ("T1", "7"), ("T1", "first"), ("T1", "9" * 30)]
)
def test_row_that_cannot_be_is_not_found(visitor, question_id, row):
    assert visitor.client.get(visitor.page("row", question_id, row)).status_code == 404


def test_note_of_a_table_leaves_its_rows_alone(with_ehr):
    version = with_ehr.stored("T1").version

    with_ehr.answer("T1", note="From the audit", version=str(version))

    stored = with_ehr.stored("T1")
    assert (stored.value, stored.note) == ([{"name": "EHR", "tier": "1"}], "From the audit")


def test_unknown_for_a_table_with_rows_wants_the_rows_gone_first(with_ehr):
    page = with_ehr.client.get(with_ehr.page("step", 1)).content.decode()

    assert 'name="T1-state"' not in page
    assert 'name="Q1.12-state"' in page

"""Evidence on the page of a question: added, fetched, removed, and who may."""

import os
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.enums import Role
from accounts.models import AuditEntry
from assessments.evidence_files import store
from assessments.evidence_files.pieces import MAX_PIECES, EvidenceInvalid, clean_link
from assessments.models import Assignment, Evidence
from assessments.queries import answer_rows
from assessments.services import assessment_submit
from assessments.services.evidence import (
    evidence_add_link,
    evidence_files_sweep,
)
from tests.assessments import evidence_samples as samples
from tests.assessments.factories import add_file, add_link, save_answer
from tests.factories import PASSWORD, make_member

TODAY = date(2026, 11, 22)


def add(visitor, question_id="Q1.01", *, client=None, **data):
    address = visitor.page("evidence_add", question_id)
    return (client or visitor.client).post(address, data)


def upload(body: bytes, name: str) -> SimpleUploadedFile:
    # What the browser says about the type counts for nothing.
    return SimpleUploadedFile(name, body, content_type="image/png")


def member(visitor, role):
    client = Client()
    client.force_login(make_member(visitor.organization, role).user)
    return client


def test_link_is_added_and_counts_for_the_answer(visitor):
    save_answer(visitor.assessment, "Q1.01", 4)

    response = add(visitor, url=" https://wiki.example.org/policy?v=2 ", title="  Policy\n2026 ")

    assert response.status_code == 302
    assert response.headers["Location"] == visitor.page("question", "Q1.01") + "#evidence"
    piece = Evidence.objects.get()
    assert (piece.url, piece.title) == ("https://wiki.example.org/policy?v=2", "Policy 2026")
    assert answer_rows(visitor.assessment)["Q1.01"].to_domain().evidence == 1
    assert AuditEntry.objects.filter(verb="evidence.added", actor=visitor.user).count() == 1
    assert "Policy 2026" in visitor.client.get(visitor.page("question", "Q1.01")).content.decode()


def test_file_is_fetched_as_it_was_and_can_run_nowhere(visitor):
    add(visitor, file=upload(samples.PDF, 'Pläne "2026".png'))
    piece = Evidence.objects.get()

    response = visitor.client.get(visitor.page("evidence_file", piece.pk))

    assert b"".join(response.streaming_content) == samples.PDF
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''Pl%C3%A4ne%202026.pdf"
    )
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert {"private", "no-store"} <= set(response.headers["Cache-Control"].split(", "))
    assert (
        piece.stored_name
        not in visitor.client.get(visitor.page("question", "Q1.01")).content.decode()
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({}, "Give the address of a link"),
        ({"url": "javascript:alert(1)"}, "begins with https"),
        ({"url": "data:text/html,x"}, "begins with https"),
        ({"url": "//example.org/x"}, "begins with https"),
        ({"url": "https://"}, "begins with https"),
        ({"url": "https://example.org:99999/"}, "begins with https"),
        ({"url": "https://exa mple.org/"}, "begins with https"),
        ({"url": 'https://example.org/"><script>'}, "begins with https"),
        ({"url": "https://ada:geheim@example.org/"}, "carries a password"),
        ({"url": "https://example.org/x?access_token=1"}, "carries a password"),
        ({"url": f"https://example.org/{'x' * 1000}"}, "1,000 characters"),
        ({"url": "https://example.org/", "expires_on": "2020-01-31"}, "This day is past"),
        ({"url": "https://example.org/", "expires_on": "31.12.2027"}, "year-month-day"),
        ({"file": upload(samples.EXE, "report.pdf")}, "This is a program"),
        ({"file": upload(samples.HTML, "notes.txt")}, "markup"),
        ({"file": upload(samples.bomb(), "plan.docx")}, "larger unpacked"),
        ({"file": upload(b"", "plan.docx")}, "empty"),
        ({"file": upload(b"a", "a.txt"), "url": "https://example.org/"}, "not both"),
    ],
)
def test_bad_evidence_is_refused_and_nothing_typed_is_lost(visitor, data, says):
    response = add(visitor, title="Minutes of May", **data)

    text = response.content.decode()
    assert response.status_code == 422
    assert says in text
    assert 'value="Minutes of May"' in text
    assert not Evidence.objects.exists()


def test_file_that_is_too_large_is_dropped_on_its_way_and_the_form_comes_back(visitor, settings):
    settings.WAYMARK_UPLOAD_BYTES = 100_000

    response = add(visitor, file=upload(b"a" * 300_000, "a.txt"), title="Minutes")

    assert response.status_code == 422
    assert "larger than 0 MB" in response.content.decode()
    assert 'value="Minutes"' in response.content.decode()


def test_text_that_looks_like_patient_data_is_warned_about(visitor):
    body = b"Jane Doe, date of birth 04/05/1961, was moved to ward 3."

    response = visitor.client.post(
        visitor.page("evidence_add", "Q1.01"), {"file": upload(body, "a.txt")}, follow=True
    )

    assert "looks as if it held patient data" in response.content.decode()


def test_removed_evidence_counts_no_more_and_its_file_is_swept(visitor):
    save_answer(visitor.assessment, "Q1.01", 4)
    piece = add_file(visitor.assessment, samples.PDF, "a.pdf")
    path = store.path_of(piece.stored_name)
    long_ago = path.stat().st_mtime - 2 * store.SWEEP_AFTER_SECONDS
    os.utime(path, (long_ago, long_ago))
    evidence_files_sweep()
    assert path.exists()

    asked = visitor.client.get(visitor.page("evidence_remove", piece.pk))
    first = visitor.client.post(visitor.page("evidence_remove", piece.pk))
    second = visitor.client.post(visitor.page("evidence_remove", piece.pk))

    assert (asked.status_code, first.status_code, second.status_code) == (200, 302, 302)
    assert answer_rows(visitor.assessment)["Q1.01"].to_domain().evidence == 0
    assert AuditEntry.objects.filter(verb="evidence.removed").count() == 1
    assert visitor.client.get(visitor.page("evidence_file", piece.pk)).status_code == 404
    assert evidence_files_sweep() == 1
    assert not path.exists()


def test_files_of_a_deleted_assessment_are_swept(visitor):
    piece = add_file(visitor.assessment, b"Minutes")
    path = store.path_of(piece.stored_name)
    long_ago = path.stat().st_mtime - 2 * store.SWEEP_AFTER_SECONDS
    os.utime(path, (long_ago, long_ago))

    visitor.assessment.delete()
    evidence_files_sweep()

    assert not path.exists()


def test_missing_file_is_told_and_no_crash(visitor):
    piece = add_file(visitor.assessment, b"Minutes")
    store.remove(piece.stored_name)

    response = visitor.client.get(visitor.page("evidence_file", piece.pk), follow=True)

    assert "missing from the server" in response.content.decode()


def test_contributor_adds_where_they_may_fill_and_removes_their_own_only(visitor):
    theirs = add_link(visitor.assessment)
    contributor = make_member(visitor.organization, Role.CONTRIBUTOR).user
    Assignment.objects.create(
        assessment=visitor.assessment, scope="question", target="Q1.01", assignee=contributor
    )
    client = Client()
    client.force_login(contributor)

    added = add(visitor, client=client, url="https://example.org/mine")
    elsewhere = add(visitor, "Q2.01", client=client, url="https://example.org/mine")
    own = Evidence.objects.get(added_by=contributor)

    assert (added.status_code, elsewhere.status_code) == (302, 404)
    assert client.post(visitor.page("evidence_remove", theirs.pk)).status_code == 403
    assert client.post(visitor.page("evidence_remove", own.pk)).status_code == 302


def test_viewer_sees_evidence_and_no_way_to_add_or_remove(visitor):
    add_link(visitor.assessment, title="Policy")

    page = member(visitor, Role.VIEWER).get(visitor.page("question", "Q1.01")).content.decode()

    assert "Policy" in page
    assert "/evidence/" not in page


def test_submitted_assessment_takes_no_evidence_but_gives_it_up(visitor):
    piece = add_link(visitor.assessment)
    assessment_submit(assessment=visitor.assessment, user=None)

    assert add(visitor, url="https://example.org/late").status_code == 409
    assert visitor.client.post(visitor.page("evidence_remove", piece.pk)).status_code == 302


def test_a_question_holds_so_many_pieces_and_no_more(visitor):
    Evidence.objects.bulk_create(
        Evidence(assessment=visitor.assessment, question_id="Q1.01", kind="link", title="x")
        for _ in range(MAX_PIECES)
    )

    with pytest.raises(EvidenceInvalid, match="50 pieces"):
        evidence_add_link(
            assessment=visitor.assessment,
            user=visitor.user,
            question_id="Q1.01",
            url="https://example.org/",
        )


def test_evidence_past_its_date_counts_no_more(visitor):
    save_answer(visitor.assessment, "Q1.01", 4)
    piece = add_link(visitor.assessment)
    Evidence.objects.filter(pk=piece.pk).update(expires_on=TODAY - timedelta(days=30))

    answer = answer_rows(visitor.assessment)["Q1.01"].to_domain()

    assert (answer.evidence, answer.expired) == (0, True)
    page = visitor.client.get(visitor.page("question", "Q1.01")).content.decode()
    assert "All evidence for this answer is past its date" in page


def test_session_that_ended_keeps_the_link_that_was_typed(visitor):
    visitor.client.logout()

    refused = add(visitor, url="https://example.org/kept", title="Policy")
    visitor.client.post(
        refused.headers["Location"], {"login": visitor.user.email, "password": PASSWORD}
    )
    back = visitor.client.get(visitor.page("evidence_add", "Q1.01"), follow=True)

    assert back.redirect_chain[-1][0] == visitor.page("question", "Q1.01") + "#evidence"
    assert 'value="https://example.org/kept"' in back.content.decode()


@pytest.mark.parametrize("number", [1, 40])
def test_page_of_a_question_asks_the_same_however_much_is_there(
    visitor, django_assert_max_num_queries, number
):
    save_answer(visitor.assessment, "Q1.01", 4)
    for count in range(number):
        add_link(visitor.assessment, title=f"Piece {count}")

    with django_assert_max_num_queries(20):
        response = visitor.client.get(visitor.page("question", "Q1.01"))

    assert response.status_code == 200


def test_link_keeps_its_fragment_and_its_odd_letters():
    assert clean_link("http://wiki/ä?q=1#part-2") == "http://wiki/ä?q=1#part-2"


def test_form_that_names_its_draft_is_told_when_it_was_saved(visitor):
    saved = add(visitor, url="https://example.org/", draft_id="7f-a")
    refused = add(visitor, url="javascript:x", draft_id="7f-b")
    made_up = add(visitor, url="https://example.org/", draft_id="草稿; path=/")
    visitor.client.logout()
    signed_out = add(visitor, url="https://example.org/", draft_id="7f-c")

    assert saved.cookies["wm_saved"].value == "7f-a"
    assert "wm_saved" not in made_up.cookies
    assert "wm_saved" not in refused.cookies
    assert "wm_saved" not in signed_out.cookies


def test_question_swapped_in_alone_keeps_what_stands_beside_it(visitor):
    save_answer(visitor.assessment, "Q1.01", 4)
    add_link(visitor.assessment)

    response = visitor.client.get(visitor.page("answer", "Q1.01"), headers={"HX-Request": "true"})

    text = response.content.decode()
    assert "1 piece of evidence" in text
    # What needs queries of its own is left in place by the browser.
    assert 'id="Q1-01-beside" hx-preserve' in text

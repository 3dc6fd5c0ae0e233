"""Answering over HTTP: with script and without, and everything that can go wrong."""

import html

import pytest
from django.test import Client

from accounts.enums import Role
from assessments.services import assessment_submit
from assessments.views.typed import KEY
from tests.assessments.factories import save_answer
from tests.factories import PASSWORD, make_member, make_user

HOSTILE = '<script>alert("x")</script><b>bold</b> 🏥 שלום مرحبا'


def text_of(response) -> str:
    return html.unescape(response.content.decode())


def test_answer_without_script_saves_and_returns_to_the_question(visitor):
    response = visitor.answer("Q1.01", value="3", note="Seen", basis="document", version="0")

    assert response.status_code == 302
    assert response.headers["Location"] == visitor.page("step", 1) + "#Q1-01"
    stored = visitor.stored("Q1.01")
    assert (stored.value, stored.note, stored.basis) == (3, "Seen", "document")
    assert stored.updated_by == visitor.user


def test_answer_with_script_gets_the_save_state_and_the_progress(visitor):
    response = visitor.answer("Q1.01", htmx=True, value="3", version="0")

    assert response.status_code == 200
    content = response.content.decode()
    assert 'name="Q1.01-version" value="1"' in content
    assert "Saved" in content
    assert 'id="step-progress" hx-swap-oob="true"' in content
    assert "<html" not in content


@pytest.mark.parametrize(
    ("question_id", "parts", "state", "value"),
    [
        ("Q1.01", {"value": "0"}, "answered", 0),
        ("Q1.01", {"value": "~unknown"}, "unknown", None),
        ("Q1.01", {"value": "~not_applicable", "reason": "None here"}, "not_applicable", None),
        ("Q1.01", {"note": "Ask Ada"}, "unanswered", None),
        ("P.05", {"value": "vendor_hosts", "version": "1"}, "answered", "vendor_hosts"),
        ("Q1.06", {"value": ["vendor_patch"], "count": "9"}, "answered", None),
        ("Q3.08", {"state": "~nothing"}, "answered", {"choices": []}),
        ("Q1.11", {"value": " 1.5 "}, "answered", 1.5),
        ("Q1.11", {"state": "~unknown"}, "unknown", None),
        ("T1", {"state": "~nothing"}, "answered", []),
        ("T1", {"state": "~unknown"}, "unknown", None),
        ("P.04", {"it_ops": "2", "developers": "0", "version": "1"}, "answered", None),
    ],
)
def test_answer_of_every_kind_is_stored(visitor, question_id, parts, state, value):
    response = visitor.answer(question_id, **{"version": "0", **parts})

    assert response.status_code == 302, text_of(response)
    stored = visitor.stored(question_id)
    assert stored.state == state
    if value is not None:
        assert stored.value == value


def test_choices_with_a_count_are_stored_together(visitor):
    visitor.answer("Q1.06", value=["vendor_patch", "interface_breakage"], count="9", version="0")

    assert visitor.stored("Q1.06").value == {
        "choices": ["interface_breakage", "vendor_patch"],
        "count": 9,
    }


@pytest.mark.parametrize(
    ("question_id", "parts"),
    [
        ("Q1.01", {"value": "5"}),
        ("Q1.01", {"value": "-1"}),
        ("Q1.01", {"value": "three"}),
        ("Q1.01", {"value": "3", "basis": "rumour"}),
        ("Q1.11", {"value": "140"}),
        ("Q1.11", {"value": "nan"}),
        ("Q1.11", {"value": "1e999"}),
        ("Q1.11", {"value": "40", "state": "~unknown"}),
        ("Q1.11", {"state": ["~unknown", "~not_applicable"]}),
        ("Q1.14", {"value": ["made_up"]}),
        ("P.02", {"value": ["none", "card_merchant"], "version": "1"}),
        ("P.05", {"value": "spaceship", "version": "1"}),
        ("P.04", {"it_ops": "many", "version": "1"}),
        ("Q1.01", {"value": "1", "note": "x" * 10_001}),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_answer_that_is_none_is_refused_and_kept_in_the_form(visitor, question_id, parts, htmx):
    before = visitor.stored(question_id)

    response = visitor.answer(question_id, htmx=htmx, **{"version": "0", **parts})

    assert response.status_code == 422
    assert "Not saved" in text_of(response) or "not saved yet" in text_of(response)
    after = visitor.stored(question_id)
    assert (after and after.value) == (before and before.value)


def test_refused_answer_without_script_shows_summary_and_what_was_typed(visitor):
    note = "Zeile " * 2000

    response = visitor.answer("Q1.11", value="140", note=note, version="0")

    text = text_of(response)
    assert 'href="#Q1-11-value"' in text
    assert 'value="140"' in text
    assert note in text
    assert "<title>Error:" in " ".join(text.split())


def test_note_of_exactly_the_limit_is_saved(visitor):
    note = "n" * 10_000

    response = visitor.answer("Q1.01", value="1", note=note, version="0")

    assert response.status_code == 302
    assert visitor.stored("Q1.01").note == note


def test_line_ends_of_a_browser_do_not_count_twice(visitor):
    response = visitor.answer("Q1.01", value="1", note="a\r\n" * 5_000, version="0")

    assert response.status_code == 302
    assert len(visitor.stored("Q1.01").note) == 9_999


def test_markup_in_every_field_is_shown_as_text(visitor):
    visitor.answer("Q1.01", value="~not_applicable", reason=HOSTILE, note=HOSTILE, version="0")
    visitor.answer("P.03", patients=HOSTILE, data=HOSTILE, version="0")
    visitor.client.post(visitor.page("row", "T1", "new"), {"T1-row-name": HOSTILE})

    for name, arguments in [("step", (1,)), ("profile", ()), ("review", ()), ("scorecard", ())]:
        content = visitor.client.get(visitor.page(name, *arguments)).content.decode()
        assert "<script>alert" not in content
    assert HOSTILE in text_of(visitor.client.get(visitor.page("review")))


@pytest.mark.parametrize("htmx", [True, False])
def test_stale_answer_shows_both_and_overwrites_nothing(visitor, htmx):
    colleague = make_user(name="Bo Colleague")
    save_answer(visitor.assessment, "Q1.01", 1, user=colleague, note="From Bo")

    response = visitor.answer("Q1.01", htmx=htmx, value="4", note="From Ada", version="0")

    text = text_of(response)
    assert response.status_code == 409
    assert "Bo Colleague answered this question too" in text
    assert "From Bo" in text and "From Ada" in text
    assert visitor.stored("Q1.01").value == 1


def test_only_keep_mine_overwrites_the_newer_answer(visitor):
    save_answer(visitor.assessment, "Q1.01", 1, user=make_user())
    refused = visitor.answer("Q1.01", htmx=True, value="4", version="0").content.decode()
    assert 'type="hidden" name="Q1.01-version" value="0"' in refused
    assert 'name="Q1.01-version" value="1">' in refused

    # A change that saves itself still carries the old version; the button adds the newer one.
    again = visitor.answer("Q1.01", htmx=True, value="3", version="0")
    kept = visitor.answer("Q1.01", htmx=True, value="3", version=["0", "1"])

    assert (again.status_code, kept.status_code) == (409, 200)
    assert visitor.stored("Q1.01").value == 3


def test_take_theirs_gives_the_stored_question(visitor):
    save_answer(visitor.assessment, "Q1.01", 1, user=make_user(name="Bo"))

    response = visitor.client.get(
        visitor.page("answer", "Q1.01") + "?discard", headers={"HX-Request": "true"}
    )

    content = response.content.decode()
    assert 'id="Q1-01-value-1" name="Q1.01-value" value="1" checked' in content
    assert "by Bo" in text_of(response)


def test_clear_takes_the_answer_back_and_gives_the_whole_question(visitor):
    save_answer(visitor.assessment, "Q1.01", 3)

    response = visitor.client.post(
        visitor.page("answer", "Q1.01"),
        {"Q1.01-value": "3", "Q1.01-version": "1", "clear": "Q1.01"},
        headers={"HX-Request": "true"},
    )

    assert response.headers["HX-Retarget"] == "#Q1-01"
    assert visitor.stored("Q1.01").state == "unanswered"


def test_patient_data_is_warned_about_but_saved(visitor):
    note = "Patient Jane Doe, date of birth 03/04/1950"

    response = visitor.answer("Q1.01", htmx=True, value="1", note=note, version="0")

    assert "Is this patient data?" in text_of(response)
    assert visitor.stored("Q1.01").note == note


def test_answer_that_changes_other_questions_says_so(visitor):
    visitor.answer("P.05", value="vendor_hosts", version="1")

    response = visitor.answer("P.06", htmx=True, value="none", version="1")

    assert "changes which questions are asked" in text_of(response)


def test_questions_not_asked_are_listed_with_the_reason(visitor):
    visitor.answer("P.05", value="vendor_hosts", version="1")
    visitor.answer("P.06", value="none", version="1")

    text = text_of(visitor.client.get(visitor.page("step", 3)))

    question = visitor.assessment.guide.question("Q3.02")
    assert f"Not asked: {question.not_asked}" in " ".join(text.split())
    assert 'name="Q3.02-value"' not in text


@pytest.mark.parametrize("question_id", ["Q9.99", "x", "Q1.01%00", "T99"])
def test_unknown_question_is_not_found(visitor, question_id):
    response = visitor.client.post(
        visitor.page("detail") + f"answers/{question_id}/", {f"{question_id}-value": "1"}
    )

    assert response.status_code == 404


@pytest.mark.parametrize("version", ["", "-1", "abc", "9" * 40, "1.5"])
def test_nonsense_versions_never_overwrite(visitor, version):
    save_answer(visitor.assessment, "Q1.01", 1, user=make_user())

    response = visitor.answer("Q1.01", value="4", version=version)

    assert response.status_code == 409
    assert visitor.stored("Q1.01").value == 1


@pytest.mark.parametrize(("htmx", "words"), [(True, "submitted"), (False, "submitted")])
def test_answer_to_a_submitted_assessment_is_explained(visitor, htmx, words):
    assessment_submit(assessment=visitor.assessment, user=None)

    answered = visitor.answer("Q1.01", htmx=htmx, value="4", version="0")
    row = visitor.client.post(visitor.page("row", "T1", "new"), {"T1-row-name": "EHR"})

    assert (answered.status_code, row.status_code) == (409, 409)
    assert words in text_of(answered)
    assert visitor.stored("Q1.01") is None
    assert visitor.stored("T1") is None


def test_viewer_may_read_but_not_answer(visitor):
    viewer = make_member(visitor.organization, Role.VIEWER).user
    client = Client()
    client.force_login(viewer)

    page = client.get(visitor.page("step", 1))
    saved = client.post(visitor.page("answer", "Q1.01"), {"Q1.01-value": "1"})

    assert (page.status_code, saved.status_code) == (200, 403)
    assert "disabled" in page.content.decode()
    assert "hx-post" not in page.content.decode()


def test_ended_session_with_script_answers_401_and_saves_nothing(visitor):
    visitor.client.logout()

    response = visitor.answer("Q1.01", htmx=True, value="1", version="0")

    assert response.status_code == 401
    assert visitor.stored("Q1.01") is None


def test_ended_session_without_script_brings_the_text_back_after_login(visitor):
    visitor.client.logout()

    sent = visitor.answer("Q1.01", value="2", note="Long text 🏥", version="0")
    visitor.client.post(
        sent.headers["Location"], {"login": visitor.user.email, "password": PASSWORD}
    )
    back = visitor.client.get(visitor.page("answer", "Q1.01"), follow=True)

    text = text_of(back)
    assert "Not saved yet" in text
    assert "Long text 🏥" in text
    assert 'id="Q1-01-value-2" name="Q1.01-value" value="2" checked' in text
    assert visitor.stored("Q1.01") is None


def test_text_kept_over_a_login_goes_when_it_is_saved(visitor):
    visitor.client.logout()
    sent = visitor.answer("Q1.01", value="2", version="0")
    visitor.client.post(
        sent.headers["Location"], {"login": visitor.user.email, "password": PASSWORD}
    )

    visitor.answer("Q1.01", value="2", version="0")

    assert visitor.client.session[KEY] == {}
    assert "Not saved yet" not in text_of(visitor.client.get(visitor.page("step", 1)))


def test_text_kept_over_a_login_is_not_shown_in_another_organization(visitor):
    visitor.client.logout()
    visitor.answer("Q1.01", value="2", note="Only ours", version="0")
    stranger = make_user()

    visitor.client.force_login(stranger)
    response = visitor.client.get(visitor.page("step", 1))

    assert response.status_code == 404
    assert "Only ours" not in text_of(response)

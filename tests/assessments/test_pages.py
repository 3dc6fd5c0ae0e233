"""The way through an assessment: list, create, task list, review, submit, confirmation."""

import html
from datetime import date

import pytest
from django.test import Client

from accounts.enums import Role
from assessments.domain.answers import Answer, AnswerState
from assessments.models import Assessment, Snapshot
from assessments.queries import answer_set
from assessments.services import assessment_import, assessment_submit
from tests.assessments.factories import make_assessment, save_answer
from tests.factories import PASSWORD, make_member, make_organization


def text_of(response) -> str:
    return " ".join(html.unescape(response.content.decode()).split())


def as_role(visitor, role: str) -> Client:
    client = Client()
    client.force_login(make_member(visitor.organization, role).user)
    return client


def test_list_without_assessments_says_what_to_do(visitor):
    empty = make_organization(slug="empty")
    make_member(empty, Role.OWNER, user=visitor.user)

    text = text_of(visitor.client.get("/o/empty/assessments/"))

    assert "No assessment yet" in text
    assert 'href="/o/empty/assessments/new/"' in text


def test_list_offers_viewers_nothing_they_may_not_do(visitor):
    text = text_of(as_role(visitor, Role.VIEWER).get(visitor.url("list")))

    assert "Autumn review" in text
    assert visitor.url("create") not in text


def test_list_shows_only_the_organizations_own(visitor):
    make_assessment(name="Somebody else's")

    assert "Somebody else's" not in text_of(visitor.client.get(visitor.url("list")))


def test_list_shows_the_score_of_a_submitted_assessment(visitor):
    save_answer(visitor.assessment, "Q1.01", 2)
    assessment_submit(assessment=visitor.assessment, user=None)

    assert "Overall readiness 50 of 100" in text_of(visitor.client.get(visitor.url("list")))


def test_list_has_the_newest_first(visitor):
    make_assessment(organization=visitor.organization, name="Newer one")

    text = text_of(visitor.client.get(visitor.url("list")))

    assert text.index("Newer one") < text.index("Autumn review")


def test_create_starts_a_draft_with_its_profile(visitor):
    response = visitor.client.post(
        visitor.url("create"),
        {"name": " Spring ", "P.01-value": "lab", "P.04-it_ops": "2.5", "P.02-state": "~unknown"},
    )

    created = Assessment.objects.exclude(pk=visitor.assessment.pk).get()
    assert response.headers["Location"] == visitor.url("detail", created.pk)
    assert created.name == "Spring"
    assert answer_set(created) == {
        "P.01": Answer(AnswerState.ANSWERED, "lab"),
        "P.02": Answer(AnswerState.UNKNOWN),
        "P.04": Answer(AnswerState.ANSWERED, {"it_ops": 2.5}),
    }


def test_create_is_prefilled_from_the_newest_assessment(visitor):
    text = text_of(visitor.client.get(visitor.url("create")))

    assert "come from your newest assessment" in text
    assert 'name="P.01-value" value="hospital" checked' in text
    assert 'name="P.04-it_ops" value="6"' in text


def test_first_create_is_prefilled_with_the_kind_of_the_organization(visitor):
    clinics = make_organization(slug="clinics", kind="clinic_group")
    make_member(clinics, Role.OWNER, user=visitor.user)

    text = text_of(visitor.client.get("/o/clinics/assessments/new/"))

    assert 'name="P.01-value" value="clinic_group" checked' in text
    assert "come from your newest assessment" not in text


def test_create_with_errors_shows_all_of_them_and_creates_nothing(visitor):
    response = visitor.client.post(
        visitor.url("create"),
        {"name": "", "P.01-value": "spaceship", "P.04-it_ops": "many", "P.08-value": "both"},
    )

    text = text_of(response)
    assert response.status_code == 422
    assert all(f'href="#{target}"' in text for target in ("id_name", "P-01-value-0", "P-04-it_ops"))
    assert 'value="many"' in text
    assert 'name="P.08-value" value="both" checked' in text
    assert Assessment.objects.count() == 1


def test_create_keeps_what_was_typed_over_an_ended_session(visitor):
    visitor.client.logout()

    sent = visitor.client.post(visitor.url("create"), {"name": "Typed", "P.01-value": "lab"})
    visitor.client.post(
        sent.headers["Location"], {"login": visitor.user.email, "password": PASSWORD}
    )
    text = text_of(visitor.client.get(visitor.url("create")))

    assert 'value="Typed"' in text
    assert 'name="P.01-value" value="lab" checked' in text


def test_create_says_so_when_what_was_typed_is_too_long_to_keep(visitor):
    visitor.client.logout()

    sent = visitor.client.post(visitor.url("create"), {"name": "x" * 200_001}, follow=True)

    assert "too long to keep" in text_of(sent)


def test_detail_counts_what_is_answered(visitor):
    save_answer(visitor.assessment, "Q1.01", 2)
    save_answer(visitor.assessment, "Q1.02", None, state="unknown")

    text = text_of(visitor.client.get(visitor.page("detail")))

    asked = len(visitor.assessment.guide.steps[0].questions)
    assert f"2 of {asked} answered" in text
    assert "Not started" in text


def test_assessment_without_a_profile_begins_with_it(visitor):
    empty = make_assessment(organization=visitor.organization, profile={})
    profile = f'href="{visitor.url("profile", empty.pk)}">Begin with the profile'

    assert profile in text_of(visitor.client.get(visitor.url("detail", empty.pk)))
    assert profile in text_of(visitor.client.get("/o/north/"))
    assert "Begin with the profile" not in text_of(visitor.client.get(visitor.page("detail")))


def test_detail_leads_back_to_where_the_person_left_off(visitor):
    save_answer(visitor.assessment, "Q1.01", 2, user=visitor.user)
    save_answer(visitor.assessment, "Q2.01", 2, user=visitor.user)
    save_answer(visitor.assessment, "Q3.01", 2, user=make_member(visitor.organization).user)

    text = text_of(visitor.client.get(visitor.page("detail")))

    assert f'href="{visitor.page("step", 2)}#Q2-01">Continue where you left off' in text


@pytest.mark.parametrize("number", [0, 7, 99])
def test_step_that_is_none_is_not_found(visitor, number):
    assert visitor.client.get(visitor.page("step", number)).status_code == 404


def test_step_says_why_sources_and_caps(visitor):
    text = text_of(visitor.client.get(visitor.page("step", 1)))

    guide = visitor.assessment.guide
    question = guide.question("Q1.01")
    source = guide.source(question.sources[0])
    assert question.why in text
    assert source.author in text and source.title in text
    assert all(level in text for level in question.levels)
    assert "This one can hold the step’s band down" in text


def test_review_lists_what_is_missing_by_kind(visitor):
    save_answer(visitor.assessment, "Q1.01", None, state="unknown")
    save_answer(visitor.assessment, "Q1.02", None, state="not_applicable")

    text = text_of(visitor.client.get(visitor.page("review")))

    assert "say why these do not apply" in text
    assert "1 “we don’t know”" in text
    assert f'href="{visitor.page("step", 1)}#Q1-02"' in text


def test_submit_without_a_reason_is_refused_with_the_way_there(visitor):
    save_answer(visitor.assessment, "Q1.02", None, state="not_applicable")

    asked = visitor.client.get(visitor.page("submit"))
    sent = visitor.client.post(visitor.page("submit"))

    assert (asked.status_code, sent.status_code) == (422, 422)
    assert f'href="{visitor.page("step", 1)}#Q1-02"' in text_of(sent)
    assert not Snapshot.objects.exists()


def test_submit_asks_freezes_and_says_what_happens_next(visitor):
    save_answer(visitor.assessment, "Q1.01", 2)

    asked = visitor.client.get(visitor.page("submit"))
    sent = visitor.client.post(visitor.page("submit"))
    again = visitor.client.post(visitor.page("submit"))
    shown = text_of(visitor.client.get(visitor.page("submitted")))

    assert "answers become final" in text_of(asked)
    assert sent.headers["Location"] == again.headers["Location"] == visitor.page("submitted")
    assert Snapshot.objects.count() == 1
    assert "What happens next" in shown
    assert visitor.page("scorecard") in shown


def test_contributor_of_an_open_assessment_answers_but_does_not_submit(visitor):
    Assessment.objects.update(is_open_to_contributors=True)
    client = as_role(visitor, Role.CONTRIBUTOR)

    review = text_of(client.get(visitor.page("review")))

    assert "An editor or owner submits" in review
    assert client.post(visitor.page("submit")).status_code == 403


def test_pages_of_a_submitted_assessment_are_for_reading(visitor):
    save_answer(visitor.assessment, "Q1.01", 2)
    assessment_submit(assessment=visitor.assessment, user=None)

    step = text_of(visitor.client.get(visitor.page("step", 1)))

    assert "answers are final" in step
    assert "hx-post" not in step
    assert "Save this answer" not in step


def test_export_and_import_give_the_same_answers(visitor):
    save_answer(visitor.assessment, "Q1.01", 2, note="Grüße 🏥", basis="document")
    save_answer(visitor.assessment, "Q1.02", None, state="not_applicable", reason="None: here")
    save_answer(visitor.assessment, "T1", [{"name": "EHR", "tier": "1"}])
    save_answer(visitor.assessment, "Q1.03", None, state="unanswered", note="ask Bo")
    visitor.assessment.answers.filter(question_id="Q1.01").update(expires_on=date(2030, 1, 31))

    exported = visitor.client.get(visitor.page("export"))
    sent = visitor.client.post(
        visitor.url("import"), {"name": "Copy", "file": upload(exported.content)}
    )

    copy = Assessment.objects.get(name="Copy")
    assert exported.headers["Content-Disposition"].endswith('.yaml"')
    assert sent.headers["Location"] == visitor.url("detail", copy.pk)
    assert answer_set(copy) == answer_set(visitor.assessment)
    assert copy.answers.get(question_id="Q1.01").expires_on == date(2030, 1, 31)


def test_import_of_answers_to_another_version_says_so(visitor):
    file = b'version: "0.0.1"\nanswers: {Q1.01: 2, Q1.03: {unanswered: true, note: x}}\n'

    sent = visitor.client.post(
        visitor.url("import"), {"name": "Old", "file": upload(file)}, follow=True
    )

    assert "written for version 0.0.1 of the guide" in text_of(sent)
    assert "1 answer was read" in text_of(sent)


def upload(content: bytes):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("answers.yaml", content)


def test_import_of_a_bad_file_names_every_line_and_imports_nothing(visitor):
    bad = b"guide: healthcare-devops\nanswers:\n  Q1.01: 9\n  Q9.99: 1\n  T1: 2\n"

    response = visitor.client.post(visitor.url("import"), {"name": "Bad", "file": upload(bad)})

    text = text_of(response)
    assert response.status_code == 422
    assert "Nothing was imported: the file has 3 errors" in text
    assert all(f"Line {line}:" in text for line in (3, 4, 5))
    assert not Assessment.objects.filter(name="Bad").exists()


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"", b"x" * 2_100_000, b"- a\n- b", b"<html>", b"a: &x [*x]"]
)
def test_import_of_what_is_no_answers_file_is_refused(visitor, content):
    response = visitor.client.post(visitor.url("import"), {"name": "Bad", "file": upload(content)})

    assert response.status_code == 422
    assert Assessment.objects.count() == 1


def test_answers_file_dropped_for_its_size_is_called_too_large(visitor, settings):
    settings.WAYMARK_UPLOAD_BYTES = 20

    response = visitor.client.post(
        visitor.url("import"), {"name": "Large", "file": upload(b"answers: {Q1.01: 2, Q1.02: 3}")}
    )

    assert response.status_code == 422
    assert "larger than 2 MB" in text_of(response)


def test_scorecard_of_nothing_says_what_to_do(visitor):
    text = text_of(visitor.client.get(visitor.page("scorecard")))

    assert "No score yet" in text


def test_scorecard_explains_every_score(visitor):
    save_answer(visitor.assessment, "Q1.01", 0)
    save_answer(visitor.assessment, "Q1.02", 4)

    text = text_of(visitor.client.get(visitor.page("scorecard")))

    assert "overall readiness of 100" in text
    assert "the band will be held down by:" in text
    assert f'href="{visitor.page("step", 1)}#Q1-01"' in text
    assert "50.0" in text  # half of the points of step 1 are lost to Q1.01
    assert "What these numbers are, and are not" in text


def test_scorecard_says_where_patient_data_weighs_extra(visitor):
    for question in visitor.assessment.guide.steps[2].questions:
        if question.kind == "level":
            save_answer(visitor.assessment, question.id, 0)

    text = text_of(visitor.client.get(visitor.page("scorecard")))

    assert "above usual, +8 for patient data" in text


def test_scorecard_of_a_submitted_assessment_comes_from_its_snapshot(visitor):
    save_answer(visitor.assessment, "Q1.01", 4)
    assessment_submit(assessment=visitor.assessment, user=None)
    visitor.assessment.answers.filter(question_id="Q1.01").update(value=0)

    text = text_of(visitor.client.get(visitor.page("scorecard")))

    assert '<span class="wm-figure__value">100</span>' in text


def test_home_page_shows_the_newest_assessment(visitor):
    text = text_of(visitor.client.get("/o/north/"))

    assert "“Autumn review”" in text
    assert visitor.page("detail") in text


def test_imported_assessment_keeps_long_and_foreign_names(visitor):
    name = "مراجعة الخريف 🏥 " + "x" * 90
    assessment_import(organization=visitor.organization, user=None, name=name, answers={})

    assert name in html.unescape(visitor.client.get(visitor.url("list")).content.decode())

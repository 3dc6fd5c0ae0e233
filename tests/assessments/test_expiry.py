"""The day to ask again: kept with the answer, guarded like it, and told when it has passed."""

from datetime import date, timedelta

import pytest
from django.core import mail as django_mail
from django.utils import timezone

from accounts.enums import Role
from assessments.models import Answer, Evidence, ExpiryNotice
from assessments.queries import answer_rows
from assessments.services import (
    AnswerInvalid,
    StaleAnswer,
    assessment_submit,
    expiry,
    row_save,
)
from jobs.models import Job
from jobs.tasks import run_job
from tests.assessments.factories import add_link, save_answer
from tests.factories import make_member, make_user


def days(number: int) -> date:
    return timezone.localdate() + timedelta(days=number)


def expire(assessment, question_id="Q1.01", *, days_ago=3) -> None:
    Answer.objects.filter(assessment=assessment, question_id=question_id).update(
        expires_on=days(-days_ago)
    )


def test_day_to_ask_again_is_saved_shown_and_taken_back(visitor):
    visitor.answer("Q1.01", value="3", version="0", expires=days(30).isoformat())
    assert visitor.stored("Q1.01").expires_on == days(30)
    page = visitor.client.get(visitor.page("step", 1)).content.decode()
    assert f'name="Q1.01-expires" value="{days(30).isoformat()}"' in page

    visitor.answer("Q1.01", value="3", version="1", expires="")

    assert visitor.stored("Q1.01").expires_on is None
    assert visitor.stored("Q1.01").version == 2


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("2020-01-31", "The day to ask again is past"),
        ("31.12.2027", "as in 2027-06-30"),
        ("9999-12-31", "within ten years"),
    ],
)
def test_day_that_is_none_is_refused_and_what_was_typed_stays(visitor, typed, says):
    response = visitor.answer("Q1.01", value="3", note="Seen", version="0", expires=typed)

    assert response.status_code == 422
    assert says in response.content.decode()
    assert f'value="{typed}"' in response.content.decode()
    assert visitor.stored("Q1.01") is None


def test_forms_without_the_day_leave_it_alone(visitor):
    save_answer(visitor.assessment, "Q1.01", 3, expires_on=days(30))

    visitor.answer("Q1.01", value="4", version="1")

    assert visitor.stored("Q1.01").expires_on == days(30)


def test_answer_past_its_day_is_expired_until_it_is_given_anew(visitor):
    save_answer(visitor.assessment, "Q1.01", 3)
    expire(visitor.assessment)
    past = days(-3).isoformat()
    assert answer_rows(visitor.assessment)["Q1.01"].is_expired
    assert "Past its date" in visitor.client.get(visitor.page("step", 1)).content.decode()

    visitor.answer("Q1.01", value="3", note="A typo mended", version="1", expires=past)
    assert answer_rows(visitor.assessment)["Q1.01"].is_expired
    response = visitor.answer("Q1.01", htmx=True, value="2", version="2", expires=past)

    assert visitor.stored("Q1.01").expires_on is None
    # The form itself comes back, or it would go on showing the old day.
    assert response.headers["HX-Retarget"] == "#Q1-01"
    assert 'name="Q1.01-expires" value=""' in response.content.decode()


def test_later_day_renews_an_answer(visitor):
    save_answer(visitor.assessment, "Q1.01", 3)
    expire(visitor.assessment)

    visitor.answer("Q1.01", value="3", version="1", expires=days(90).isoformat())

    assert not answer_rows(visitor.assessment)["Q1.01"].is_expired


def test_second_person_sees_both_days_and_chooses(visitor):
    save_answer(visitor.assessment, "Q1.01", 3, expires_on=days(30))

    refused = visitor.answer(
        "Q1.01", htmx=True, value="3", version="0", expires=days(60).isoformat()
    )

    text = refused.content.decode()
    assert refused.status_code == 409
    assert days(30).isoformat() in text
    assert days(60).isoformat() in text
    kept = visitor.answer("Q1.01", value="3", version="1", expires=days(60).isoformat())
    assert kept.status_code == 302
    assert visitor.stored("Q1.01").expires_on == days(60)


def test_same_answer_and_day_twice_changes_nothing(visitor):
    first = save_answer(visitor.assessment, "Q1.01", 3, expires_on=days(30))
    again = save_answer(visitor.assessment, "Q1.01", 3, expires_on=days(30))

    assert (first.version, again.version) == (1, 1)
    with pytest.raises(StaleAnswer):
        save_answer(visitor.assessment, "Q1.01", 3, expires_on=days(31))
    with pytest.raises(AnswerInvalid):
        save_answer(visitor.assessment, "Q1.01", 3, expires_on=days(-1), version=1)


def test_row_given_anew_takes_a_past_day_off_its_table(visitor):
    common = {"assessment": visitor.assessment, "user": visitor.user, "question_id": "T1"}
    row_save(**common, row=None, cells={"name": "EHR"})
    expire(visitor.assessment, "T1")

    row_save(**common, row=None, cells={"name": "PACS"})

    assert visitor.stored("T1").expires_on is None


def test_save_with_a_day_stays_within_its_queries(visitor, django_assert_max_num_queries):
    save_answer(visitor.assessment, "Q1.01", 3)
    add_link(visitor.assessment)
    with django_assert_max_num_queries(10):
        response = visitor.answer(
            "Q1.01", htmx=True, value="4", version="1", expires=days(9).isoformat()
        )

    text = response.content.decode()
    assert 'id="Q1-01-proof" hx-swap-oob="true"' in text
    assert "1 piece of evidence" in text
    assert "Unconfirmed" not in text
    Evidence.objects.update(removed_at=timezone.now())
    text = visitor.answer("Q1.01", htmx=True, value="3", version="2", expires="").content.decode()
    assert "Unconfirmed" in text


def test_high_answer_given_for_the_first_time_asks_for_proof(visitor):
    text = visitor.answer("Q1.01", htmx=True, value="4", version="0").content.decode()

    assert "Needs proof" in text


@pytest.fixture
def morning(monkeypatch):
    """Every hour is morning: the tests run at any."""
    monkeypatch.setattr(expiry, "MORNING", 0)


def send_mails() -> list[str]:
    for job in Job.objects.filter(kind="mail", state="queued"):
        run_job(job.pk)
    return [f"{', '.join(mail.to)}: {mail.subject}" for mail in outbox()]


def outbox():
    return django_mail.outbox


def test_expired_answers_are_told_once_to_who_gave_them(visitor, morning):
    for question_id in ("Q1.01", "Q1.02", "Q1.03"):
        save_answer(visitor.assessment, question_id, 3, user=visitor.user)
    expire(visitor.assessment, "Q1.01")
    add_link(visitor.assessment, "Q1.02")
    Evidence.objects.update(expires_on=days(-5))

    asked = expiry.expired_answers_tell()
    again = expiry.expired_answers_tell()
    sent = send_mails()

    assert (asked, again) == (1, 0)
    assert sent == [
        f"{visitor.user.email}: Past their dates: 2 answers of yours in “Autumn review”"
    ]
    body = outbox()[0].body
    assert "Q1.01" in body
    assert "Q1.02" in body
    assert "Q1.03" not in body
    assert "/o/north/assessments/" in body
    Answer.objects.filter(question_id="Q1.01").update(expires_on=days(-1))
    assert expiry.expired_answers_tell() == 1


def test_expired_answer_of_someone_who_left_goes_to_an_owner(visitor, morning):
    owner = make_member(visitor.organization, Role.OWNER).user
    save_answer(visitor.assessment, "Q1.01", 3, user=make_user())
    expire(visitor.assessment)

    expiry.expired_answers_tell()

    assert ExpiryNotice.objects.get().recipient == owner


def test_answer_renewed_before_the_mail_leaves_needs_none(visitor, morning):
    save_answer(visitor.assessment, "Q1.01", 3, user=visitor.user)
    expire(visitor.assessment)
    expiry.expired_answers_tell()

    Answer.objects.filter(question_id="Q1.01").update(expires_on=days(30))

    assert send_mails() == []


def test_submitted_answers_return_to_nobody(visitor, morning):
    save_answer(visitor.assessment, "Q1.01", 3, user=visitor.user)
    expire(visitor.assessment)
    assessment_submit(assessment=visitor.assessment, user=None)

    assert expiry.expired_answers_tell() == 0


def test_nobody_is_told_at_night(visitor, monkeypatch):
    monkeypatch.setattr(expiry, "MORNING", 24)
    save_answer(visitor.assessment, "Q1.01", 3, user=visitor.user)
    expire(visitor.assessment)

    assert expiry.expired_answers_tell() == 0
    assert not ExpiryNotice.objects.exists()


def test_day_of_a_table_is_not_saved_over_a_colleagues_row(visitor):
    common = {"assessment": visitor.assessment, "user": visitor.user, "question_id": "T1"}
    row_save(**common, row=None, cells={"name": "EHR"})
    row_save(**common, row=None, cells={"name": "PACS"})

    refused = visitor.answer("T1", htmx=True, version="1", note="", expires=days(30).isoformat())

    assert refused.status_code == 409
    assert visitor.stored("T1").expires_on is None
    assert len(visitor.stored("T1").value) == 2

"""E-mails as jobs: what a worker's death, a takeover and a refused address do to them."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from accounts.enums import Role
from jobs import claiming, mailing
from jobs.enums import JobState
from jobs.models import Job
from jobs.tasks import run_job
from jobs.work import Work
from tests.factories import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def job() -> Job:
    member = make_member(role=Role.CONTRIBUTOR)
    return mailing.mail_request(
        organization=member.organization,
        user=None,
        to=member.user,
        template="assignment_reminder",
        context={"open_questions": 2, "parts": [], "url": "https://waymark.example.org/"},
    )


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Templates get the context as it is: this is about jobs, not about assignments."""
    monkeypatch.setattr(mailing, "_kinds", {})


def lease_runs_out(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_request_sends_nothing_itself(job: Job) -> None:
    assert mail.outbox == []
    assert job.state == JobState.QUEUED


def test_worker_that_lost_its_claim_sends_nothing(job: Job) -> None:
    claimed = claiming.claim(job.pk)
    assert claimed
    lease_runs_out(job)
    run_job(job.pk)

    with pytest.raises(claiming.LeaseLost):
        mailing.mail(Work(*claimed))
    assert len(mail.outbox) == 1


def test_mail_of_a_worker_killed_before_the_commit_is_sent_again_as_a_copy(job: Job) -> None:
    claimed = claiming.claim(job.pk)
    assert claimed
    mailing.mail(Work(*claimed))  # sent; the worker dies before it says so
    lease_runs_out(job)
    run_job(job.pk)

    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert Job.objects.get().state == JobState.DONE


def test_refused_address_ends_the_job_with_words_and_is_not_tried_again(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: object, messages: object) -> None:
        raise SMTPRecipientsRefused({})

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    run_job(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "refused the address" in job.error
    assert mailing.mails_retry() == 0


def test_mail_that_nobody_would_want_any_more_is_not_tried_again(job: Job) -> None:
    Job.objects.update(
        state=JobState.FAILED,
        error=mailing.gave_up(),
        created_at=timezone.now() - timedelta(days=2),
    )

    assert mailing.mails_retry() == 0

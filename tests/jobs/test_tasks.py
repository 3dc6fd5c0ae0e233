from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from jobs import registry, services
from jobs.enums import JobState
from jobs.failures import JobFailed
from jobs.models import Job
from jobs.tasks import run_job, sweep
from jobs.work import Work
from tests.factories import make_organization, make_user

pytestmark = pytest.mark.django_db

KIND = "test"


@pytest.fixture
def do() -> Iterator[Callable[[registry.Handler], registry.Handler]]:
    """Registers what a job of the kind "test" does, for one test."""
    yield registry.handler(KIND)
    registry._handlers.pop(KIND, None)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What went to the broker, instead of the broker."""
    ids: list[int] = []
    monkeypatch.setattr(run_job, "apply_async", lambda args, **options: ids.extend(args))
    return ids


def make_job(**fields: Any) -> Job:
    return Job.objects.create(organization=make_organization(), kind=KIND, **fields)


def mark(work: Work) -> registry.Effect:
    organization = work.job.organization
    return lambda: AuditEntry.objects.create(organization=organization, verb="test.done")


def test_run_job_twice_has_one_effect(do: Any) -> None:
    do(mark)
    job = make_job()

    run_job(job.pk)
    run_job(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert job.attempts == 1
    assert AuditEntry.objects.filter(verb="test.done").count() == 1


def test_run_job_hands_over_payload_and_keeps_progress(do: Any) -> None:
    seen: list[Any] = []

    @do
    def watch(work: Work) -> registry.Effect:
        work.progress(40, "Counting")
        seen.append((work.payload, Job.objects.get().progress, Job.objects.get().phrase))
        return lambda: None

    run_job(make_job(payload={"roadmap": 7}).pk)

    assert seen == [({"roadmap": 7}, 40, "Counting")]


def test_run_job_keeps_the_reason_of_a_failure(do: Any) -> None:
    @do
    def refuse(work: Work) -> registry.Effect:
        raise JobFailed("The roadmap is empty.")

    job = make_job()
    run_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, "The roadmap is empty.")


def test_run_job_tries_again_and_then_gives_up(do: Any, sent: list[int], settings: Any) -> None:
    settings.JOB_MAX_ATTEMPTS = 2

    @do
    def stumble(work: Work) -> registry.Effect:
        raise RuntimeError("disk full")

    job = make_job()
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    sweep()
    assert sent == [job.pk]

    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, services.gave_up())
    assert "2 times" in job.error


def test_run_job_of_an_unknown_kind_fails_in_the_end(settings: Any) -> None:
    settings.JOB_MAX_ATTEMPTS = 1
    job = make_job()

    run_job(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.FAILED


def test_run_job_stops_when_it_was_cancelled(do: Any) -> None:
    @do
    def cancelled_meanwhile(work: Work) -> registry.Effect:
        assert services.job_cancel(job=work.job)
        work.progress(50)
        return mark(work)

    job = make_job()
    run_job(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert not AuditEntry.objects.exists()


def test_run_job_has_no_effect_when_another_worker_took_over(do: Any) -> None:
    @do
    def slow(work: Work) -> registry.Effect:
        Job.objects.filter(pk=work.job.pk).update(token="somebody else")
        return mark(work)

    job = make_job()
    run_job(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.RUNNING
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_job_request_sends_after_the_commit(sent: list[int]) -> None:
    user = make_user()

    job = services.job_request(
        organization=make_organization(), user=user, kind=KIND, payload={"a": 1}, input_hash="f00"
    )

    assert sent == [job.pk]
    assert (job.state, job.requested_by, job.input_hash) == (JobState.QUEUED, user, "f00")


@pytest.mark.django_db(transaction=True)
def test_job_request_survives_a_broker_that_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr(run_job, "apply_async", refuse)

    job = services.job_request(organization=make_organization(), user=None, kind=KIND, payload={})

    job.refresh_from_db()
    assert (job.state, job.sent_at) == (JobState.QUEUED, None)


@pytest.mark.parametrize(
    ("state", "sent_ago", "lease_left", "is_sent"),
    [
        (JobState.QUEUED, None, None, True),
        (JobState.QUEUED, 1, None, False),
        (JobState.QUEUED, 60, None, True),
        (JobState.RUNNING, 60, 30, False),
        (JobState.RUNNING, 60, -1, True),
        (JobState.DONE, 60, None, False),
        (JobState.FAILED, None, None, False),
        (JobState.CANCELLED, None, None, False),
    ],
)
def test_sweep_sends_what_nobody_took(
    sent: list[int], state: str, sent_ago: int | None, lease_left: int | None, is_sent: bool
) -> None:
    now = timezone.now()
    job = make_job(
        state=state,
        sent_at=None if sent_ago is None else now - timedelta(seconds=sent_ago),
        lease_until=None if lease_left is None else now + timedelta(seconds=lease_left),
    )

    sweep()
    sweep()

    assert sent == ([job.pk] if is_sent else [])


def test_sweep_ends_a_job_whose_workers_keep_dying(sent: list[int], settings: Any) -> None:
    job = make_job(
        state=JobState.RUNNING,
        attempts=settings.JOB_MAX_ATTEMPTS,
        lease_until=timezone.now() - timedelta(seconds=1),
    )

    sweep()

    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, services.gave_up())
    assert sent == []


@pytest.mark.django_db(transaction=True)
def test_job_retry_starts_a_failed_job_afresh(sent: list[int]) -> None:
    job = make_job(state=JobState.FAILED, attempts=5, error="It broke.", progress=70)

    assert services.job_retry(job=job)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.error, job.progress) == (JobState.QUEUED, 0, "", 0)
    assert sent == [job.pk]


def test_job_retry_leaves_a_running_job_alone(sent: list[int]) -> None:
    assert not services.job_retry(job=make_job(state=JobState.RUNNING))


def test_job_cancel_leaves_a_finished_job_alone() -> None:
    assert not services.job_cancel(job=make_job(state=JobState.DONE))

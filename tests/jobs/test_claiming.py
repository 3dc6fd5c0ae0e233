from datetime import timedelta

import pytest
from django.utils import timezone

from jobs import claiming
from jobs.enums import JobState
from jobs.models import Job
from tests.factories import make_organization

pytestmark = pytest.mark.django_db


def make_job(**fields: object) -> Job:
    return Job.objects.create(organization=make_organization(), kind="probe", **fields)


def run_out(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_claim_takes_a_waiting_job() -> None:
    job = make_job()

    claimed = claiming.claim(job.pk)

    job.refresh_from_db()
    assert claimed == (job, job.token)
    assert (job.state, job.attempts) == (JobState.RUNNING, 1)
    assert job.started_at is not None


def test_claim_refuses_a_job_that_someone_holds() -> None:
    job = make_job()
    claiming.claim(job.pk)

    assert claiming.claim(job.pk) is None


@pytest.mark.parametrize("state", [JobState.DONE, JobState.FAILED, JobState.CANCELLED])
def test_claim_refuses_a_job_that_has_ended(state: str) -> None:
    assert claiming.claim(make_job(state=state).pk) is None


def test_claim_refuses_a_job_that_does_not_exist() -> None:
    assert claiming.claim(404) is None


def test_claim_takes_over_when_the_lease_ran_out() -> None:
    job = make_job()
    first = claiming.claim(job.pk)
    run_out(job)

    second = claiming.claim(job.pk)

    assert first and second and first[1] != second[1]
    assert second[0].attempts == 2


def test_claim_refuses_a_job_that_was_tried_too_often(settings: object) -> None:
    settings.JOB_MAX_ATTEMPTS = 3  # type: ignore[attr-defined]

    assert claiming.claim(make_job(attempts=3).pk) is None


def test_renew_prolongs_only_the_claim_that_holds() -> None:
    job = make_job()
    first = claiming.claim(job.pk)
    run_out(job)
    second = claiming.claim(job.pk)
    assert first and second

    assert claiming.renew(job.pk, first[1], progress=50) is False
    assert claiming.renew(job.pk, second[1], progress=60) is True
    job.refresh_from_db()
    assert job.progress == 60


def test_finish_carries_out_the_effect_of_the_holder_only() -> None:
    job = make_job()
    first = claiming.claim(job.pk)
    run_out(job)
    second = claiming.claim(job.pk)
    assert first and second
    effects: list[str] = []

    with pytest.raises(claiming.LeaseLost):
        claiming.finish(job.pk, first[1], lambda: effects.append("first"))
    claiming.finish(job.pk, second[1], lambda: effects.append("second"))

    job.refresh_from_db()
    assert effects == ["second"]
    assert (job.state, job.progress) == (JobState.DONE, 100)


def test_finish_leaves_the_job_unfinished_when_the_effect_fails() -> None:
    job = make_job()
    claimed = claiming.claim(job.pk)
    assert claimed

    def effect() -> None:
        Job.objects.filter(pk=job.pk).update(phrase="half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        claiming.finish(job.pk, claimed[1], effect)

    job.refresh_from_db()
    assert (job.state, job.phrase) == (JobState.RUNNING, "")

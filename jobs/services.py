import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from jobs.enums import OPEN_STATES, JobState
from jobs.models import Job

log = logging.getLogger(__name__)


def job_request(
    *,
    organization: Organization,
    user: User | None,
    kind: str,
    payload: dict[str, Any],
    input_hash: str = "",
    not_before: datetime | None = None,
) -> Job:
    """Write down what is asked, and tell the broker once that is committed.

    With `not_before` in the future nobody is told: the sweep does it when the time has come.
    """
    is_due = not_before is None or not_before <= timezone.now()
    job = Job.objects.create(
        organization=organization,
        requested_by=user,
        kind=kind,
        payload=payload,
        input_hash=input_hash,
        not_before=not_before,
        sent_at=timezone.now() if is_due else None,
    )
    if is_due:
        transaction.on_commit(lambda: job_send(job_id=job.pk))
    return job


def jobs_request(
    *,
    organization: Organization,
    user: User | None,
    kind: str,
    asked: Sequence[tuple[dict[str, Any], datetime | None]],
) -> list[Job]:
    """The same for many at once, each with its payload and `not_before`: one query."""
    now = timezone.now()
    jobs = Job.objects.bulk_create(
        Job(
            organization=organization,
            requested_by=user,
            kind=kind,
            payload=payload,
            not_before=not_before,
            sent_at=now if not_before is None or not_before <= now else None,
        )
        for payload, not_before in asked
    )
    for job in jobs:
        if job.sent_at is not None:
            transaction.on_commit(partial(job_send, job_id=job.pk))
    return jobs


def job_retry(*, job: Job) -> bool:
    """Ask again for a job that failed or was cancelled; False when it is neither."""
    ended = Job.objects.filter(pk=job.pk, state__in=(JobState.FAILED, JobState.CANCELLED))
    is_reset = ended.update(
        state=JobState.QUEUED,
        attempts=0,
        token="",
        error="",
        progress=0,
        phrase="",
        started_at=None,
        finished_at=None,
        sent_at=timezone.now(),
    )
    if is_reset:
        transaction.on_commit(lambda: job_send(job_id=job.pk))
    return bool(is_reset)


def job_cancel(*, job: Job) -> bool:
    """Give a job up; whoever works on it finds its claim lost. False when it has ended already."""
    return bool(
        Job.objects.filter(pk=job.pk, state__in=OPEN_STATES).update(
            state=JobState.CANCELLED, token="", lease_until=None, finished_at=timezone.now()
        )
    )


def job_send(*, job_id: int) -> None:
    """Hint to the workers. No broker, no harm: the sweep sends every job that nobody took."""
    from jobs.tasks import run_job

    try:
        run_job.apply_async((job_id,), retry=False)
    except Exception:
        log.warning(
            "The broker did not take job %s; the sweep will send it.", job_id, exc_info=True
        )
        Job.objects.filter(pk=job_id).update(sent_at=None)


def jobs_sweep() -> int:
    """Send again what nobody took or finished, and end what failed too often.

    Returns how many jobs were sent. Jobs that wait in a long queue are sent more than once; the
    copies find the job taken and do nothing.
    """
    now = timezone.now()
    expired = Q(state=JobState.RUNNING, lease_until__lt=now)
    Job.objects.filter(expired, attempts__gte=settings.JOB_MAX_ATTEMPTS).update(
        state=JobState.FAILED, error=gave_up(), finished_at=now, lease_until=None, token=""
    )
    unanswered = Q(sent_at=None) | Q(
        sent_at__lt=now - timedelta(seconds=settings.JOB_RESEND_SECONDS)
    )
    is_time = Q(not_before=None) | Q(not_before__lte=now)
    due = Job.objects.filter(Q(state=JobState.QUEUED) | expired).filter(unanswered, is_time)
    sent = 0
    for job_id in list(due.order_by("pk").values_list("pk", flat=True)[:200]):
        # Two sweeps may run at once: the one whose update counts sends.
        if due.filter(pk=job_id).update(sent_at=now):
            job_send(job_id=job_id)
            sent += 1
    return sent


def gave_up() -> str:
    return _(
        "This was tried %(count)s times and did not finish. Nothing was changed. "
        "Ask for it again; if it fails again, tell whoever runs this server."
    ) % {"count": settings.JOB_MAX_ATTEMPTS}

"""Who may work on a job: conditional updates on its row, each guarded by the claim's token.

A worker can die at any line, a message can come twice or never, and a slow worker can wake up
after its job was given to another. Every step here is one UPDATE that says what must still be
true, so the row count tells whether it was.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from jobs.enums import JobState
from jobs.models import Job


class LeaseLost(Exception):
    """The job was cancelled, or another worker took it over: stop, and change nothing."""


def claim(job_id: int) -> tuple[Job, str] | None:
    """Take the job if nobody holds it: it waits, or its holder's lease ran out."""
    now = timezone.now()
    token = uuid4().hex
    is_free = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=now)
    is_time = Q(not_before=None) | Q(not_before__lte=now)
    free = Job.objects.filter(is_free, is_time, attempts__lt=settings.JOB_MAX_ATTEMPTS)
    claimed = free.filter(pk=job_id).update(
        state=JobState.RUNNING,
        token=token,
        lease_until=_lease_end(),
        attempts=F("attempts") + 1,
        started_at=Coalesce("started_at", now),
        progress=0,
        phrase="",
    )
    if not claimed:
        return None
    return Job.objects.select_related("organization", "requested_by").get(pk=job_id), token


def renew(job_id: int, token: str, **changes: object) -> bool:
    """Prolong the lease of a claim that still holds."""
    return bool(_held(job_id, token).update(lease_until=_lease_end(), **changes))


def finish(job_id: int, token: str, effect: Callable[[], object]) -> None:
    """Carry out the effect and set the job done: both or neither, and only for the holder."""
    with transaction.atomic():
        # First the row: from here on nobody can claim it until the effect is in as well.
        is_held = _held(job_id, token).update(
            state=JobState.DONE, progress=100, finished_at=timezone.now(), lease_until=None
        )
        if not is_held:
            raise LeaseLost(job_id)
        effect()


def fail(job_id: int, token: str, error: str) -> bool:
    return bool(
        _held(job_id, token).update(
            state=JobState.FAILED, error=error, finished_at=timezone.now(), lease_until=None
        )
    )


def release(job_id: int, token: str) -> bool:
    """Put the job back; the sweep sends it again."""
    return bool(
        _held(job_id, token).update(
            state=JobState.QUEUED, token="", lease_until=None, sent_at=None, progress=0, phrase=""
        )
    )


def _held(job_id: int, token: str) -> QuerySet[Job]:
    return Job.objects.filter(pk=job_id, token=token, state=JobState.RUNNING)


def _lease_end() -> datetime:
    return timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)

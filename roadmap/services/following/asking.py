"""How a roadmap under way is likely to go on: asked for here, made in the worker, stored by day.

Nothing is forecast on a page. What is asked twice is made once, and a result that somebody's newer
report has overtaken is thrown away.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from jobs.enums import JobState
from jobs.models import Job
from jobs.services import job_request, job_send
from roadmap.enums import ForecastCause
from roadmap.models import ProgressForecast, Roadmap

JOB_KIND = "roadmap.follow"
# People report several things in a row: the forecast waits until they have.
AFTER_A_CHANGE = timedelta(seconds=20)


def forecast_ask(*, roadmap: Roadmap, cause: str, user: User | None = None) -> Job | None:
    """Ask for the forecast of the rest; joins a request that still waits.

    One that is being worked on may have read what was true before this change, so it is not
    joined. None: the roadmap is no longer the one people work by, or is gone.
    """
    cause = ForecastCause(cause).value
    with transaction.atomic():
        rows = Roadmap.objects.select_for_update(of=("self",)).defer("plan", "forecast")
        current = rows.select_related("organization").filter(pk=roadmap.pk).first()
        if current is None or not is_current(current):
            return None
        waiting = current.forecast_job
        if waiting is not None and waiting.state == JobState.QUEUED:
            return waiting if cause == ForecastCause.CHANGE else _hurry(waiting, cause)
        soon = timezone.now() + AFTER_A_CHANGE if cause == ForecastCause.CHANGE else None
        current.forecast_job = job_request(
            organization=current.organization,
            user=user,
            kind=JOB_KIND,
            payload={"roadmap": current.pk, "cause": cause},
            not_before=soon,
        )
        current.save(update_fields=["forecast_job"])
    roadmap.forecast_job = current.forecast_job
    return current.forecast_job


def latest_forecast(roadmap: Roadmap) -> ProgressForecast | None:
    """The newest one, whatever has happened since; one query."""
    return ProgressForecast.objects.filter(roadmap=roadmap).first()


def is_current(roadmap: Roadmap) -> bool:
    """Whether it is the one adopted last; the others are history and no longer forecast."""
    newest = Roadmap.objects.filter(organization=roadmap.organization_id).only("pk").first()
    return newest is not None and newest.pk == roadmap.pk


def _hurry(waiting: Job, cause: str) -> Job:
    """Someone waits for it, or it is night: the time given to further changes is over."""
    waiting.payload = {**waiting.payload, "cause": cause}
    waiting.not_before, waiting.sent_at = None, timezone.now()
    still = Job.objects.filter(pk=waiting.pk, state=JobState.QUEUED)
    still.update(payload=waiting.payload, not_before=None, sent_at=waiting.sent_at)
    transaction.on_commit(lambda: job_send(job_id=waiting.pk))
    return waiting

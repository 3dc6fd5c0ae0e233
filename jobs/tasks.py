"""The two things a worker does: run one job, and look for jobs that were forgotten."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from celery import shared_task
from django.conf import settings
from django.db import DatabaseError, connection

from accounts import sealing
from jobs import claiming, mailing, registry, services, turns
from jobs.failures import JobFailed
from jobs.work import Work

log = logging.getLogger(__name__)


@shared_task
def run_job(job_id: int) -> None:
    """Do the job if it is still to be done. Running it twice changes nothing."""
    claimed = claiming.claim(job_id)
    if claimed is None:
        return
    work = Work(*claimed)
    try:
        with _heartbeat(work):
            effect = registry.find_handler(work.job.kind)(work)
        claiming.finish(job_id, work.token, effect)
    except claiming.LeaseLost:
        log.warning("Job %s was taken over or cancelled; this run changed nothing.", job_id)
    except JobFailed as failure:
        claiming.fail(job_id, work.token, str(failure))
    except Exception:
        log.exception("Job %s (%s), attempt %s", job_id, work.job.kind, work.job.attempts)
        _fail_or_release(work)


@shared_task
def sweep() -> None:
    services.jobs_sweep()


@shared_task
def seal_history() -> None:
    sealing.seal_all()


@shared_task
def prune_turns() -> None:
    turns.turns_prune()


@shared_task
def retry_mails() -> None:
    mailing.mails_retry()


def _fail_or_release(work: Work) -> None:
    """What went wrong may pass (a full disk, a database restart): try again, but not for ever."""
    if work.job.attempts < settings.JOB_MAX_ATTEMPTS:
        claiming.release(work.job.pk, work.token)
    else:
        claiming.fail(work.job.pk, work.token, services.gave_up())


@contextmanager
def _heartbeat(work: Work) -> Iterator[None]:
    """Renew the lease beside the handler, which may be silent for long.

    A handler that hangs is ended by Celery's time limit; then the beat ends with it.
    """
    is_over = threading.Event()

    def beat() -> None:
        try:
            while not is_over.wait(settings.JOB_LEASE_SECONDS / 3):
                try:
                    if not work.heartbeat():
                        return
                except DatabaseError:
                    log.warning("Job %s: the lease was not renewed", work.job.pk, exc_info=True)
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"job-{work.job.pk}-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()

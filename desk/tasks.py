"""What the worker does for the desk: thin, and harmless when it runs twice."""

from celery import shared_task

from desk.services import summaries
from desk.services.bulk import acting
from jobs.registry import Effect, handler
from jobs.work import Work


@shared_task
def count_clients() -> None:
    summaries.summaries_recount()


@handler(acting.JOB_KIND)
def act(work: Work) -> Effect:
    """One client after the other; each is acted for and noted in one transaction."""
    return acting.act(work)

"""What the worker does for a hand-over: thin, and harmless when it runs twice."""

from collections.abc import Iterator
from contextlib import contextmanager

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.utils.translation import gettext as _
from django.utils.translation import override

from handover import services
from jobs.failures import JobFailed
from jobs.registry import Effect, handler
from jobs.work import Work


@handler(services.EXPORT_JOB)
def write(work: Work) -> Effect:
    with _told_in_words(work, "export_client"):
        return services.archive_write(work)


@handler(services.IMPORT_JOB)
def bring_in(work: Work) -> Effect:
    with _told_in_words(work, "import_client"):
        return services.arrival_bring_in(work)


@shared_task
def sweep() -> None:
    services.sweep()


@contextmanager
def _told_in_words(work: Work, command: str) -> Iterator[None]:
    """Phrases are written now and read later: in the language of the organization."""
    with override(work.job.organization.language):
        try:
            yield
        except SoftTimeLimitExceeded:
            raise JobFailed(
                _(
                    "This takes longer than the server lets a page’s work take. Whoever runs it "
                    "can do it with “manage %s”."
                )
                % command
            ) from None

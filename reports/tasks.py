"""Background work of the reports app. Heavy libraries are imported inside the functions."""

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from celery import shared_task
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from jobs.claiming import LeaseLost
from jobs.failures import JobFailed
from jobs.registry import Effect, handler
from jobs.services import gave_up
from jobs.work import Work
from reports import brands
from reports.choices import Choices
from reports.models import Batch, BatchItem, Report
from reports.services import batches, failures, making, previews, status_mails
from roadmap.models import Roadmap
from roadmap.services.sharing import links

log = logging.getLogger(__name__)
FULL_DISK = (errno.ENOSPC, errno.EDQUOT)


@handler(making.JOB_KIND)
def report(work: Work) -> Effect:
    """Make the file of a report; twice or by two workers, it ends with one file."""
    found = Report.objects.filter(pk=work.payload["report"]).first()
    if found is None:
        raise JobFailed(_("The report was deleted before it was made."))
    if found.is_ready:
        return lambda: None
    making.report_files_sweep()
    # Phrases are written now and read later: in the language of the report.
    with override(found.snapshot["language"]), told_in_words(f"Report {found.pk}"):
        return making.report_render(report=found, token=work.token, tell=work.progress)


@handler(batches.ITEM_JOB)
def batch_item(work: Work) -> Effect:
    """Make the report of one client of a batch. What goes wrong ends this item and no other."""
    rows = BatchItem.objects.select_related("batch", "client")
    item = rows.filter(pk=work.payload["item"], ended_at=None).first()
    if item is None:
        return lambda: None
    try:
        with override(item.batch.organization.language), told_in_words(f"Batch item {item.pk}"):
            return batches.item_make(item=item, job=work.job, token=work.token, tell=work.progress)
    except (batches.NotMade, JobFailed) as problem:
        words = str(problem)
    except LeaseLost:
        raise
    except Exception:
        # A passing fault is worth another attempt; the last one ends the item.
        if work.job.attempts < settings.JOB_MAX_ATTEMPTS:
            raise
        log.exception("Batch item %s", item.pk)
        words = gave_up()
    return lambda: batches.item_end(item=item, problem=words)


@handler(batches.ZIP_JOB)
def batch_zip(work: Work) -> Effect:
    """Put the files of a batch together."""
    batch = Batch.objects.select_related("organization").filter(pk=work.payload["batch"]).first()
    if batch is None:
        raise JobFailed(_("The batch was deleted before its files were put together."))
    making.report_files_sweep()
    with override(batch.organization.language), told_in_words(f"Zip of batch {batch.pk}"):
        return batches.zip_make(batch=batch, token=work.token, tell=work.progress)


@handler(previews.PREVIEW_JOB)
def preview(work: Work) -> Effect:
    """Draw the pages of what somebody is choosing."""
    previews.previews_sweep()
    roadmap = Roadmap.objects.select_related("organization").get(pk=work.payload["roadmap"])
    choices = Choices.from_json(work.payload["choices"])
    with override(roadmap.organization.language), told_in_words(f"Preview {work.job.pk}"):
        previews.preview_make(
            roadmap=roadmap,
            user=work.job.requested_by,
            choices=choices,
            job_id=work.job.pk,
            tell=work.progress,
        )
    return lambda: None


@handler(links.MAIL_JOB)
def status_mail(work: Work) -> Effect:
    """Send one status report; what was stopped meanwhile is not sent."""
    return status_mails.status_mail(work)


@shared_task
def sweep_batches() -> None:
    batches.batches_sweep()
    failures.failures_told(timezone.now())


@shared_task
def expire_reports() -> None:
    making.reports_expire()
    previews.previews_sweep()
    making.report_files_sweep()
    brands.logos_sweep()


@contextmanager
def told_in_words(what: str) -> Iterator[None]:
    """Failures that trying again does not mend, as words for whoever asked."""
    from reports.printing.pdf import ReportTookTooLong

    try:
        yield
    except ReportTookTooLong:
        log.warning("%s: the time limit was reached", what)
        raise JobFailed(
            _(
                "The report took too long to lay out. Try again; if it fails again, tell whoever "
                "runs this server."
            )
        ) from None
    except OSError as error:
        if error.errno not in FULL_DISK:
            raise
        log.error("%s: the disk is full", what)
        raise JobFailed(
            _("The server has no room left for files. Tell whoever runs it, then try again.")
        ) from None

"""Background work of the reports app. Heavy libraries are imported inside the functions."""

import logging

from django.utils.translation import gettext as _
from django.utils.translation import override

from jobs.failures import JobFailed
from jobs.registry import Effect, handler
from jobs.work import Work
from reports.models import Report
from reports.services import making, status_mails
from roadmap.services.sharing import links

log = logging.getLogger(__name__)


@handler(making.JOB_KIND)
def report(work: Work) -> Effect:
    """Make the PDF of a report; twice or by two workers, it ends with one file."""
    found = Report.objects.filter(pk=work.payload["report"]).first()
    if found is None:
        raise JobFailed(_("The report was deleted before it was made."))
    if found.is_ready:
        return lambda: None
    making.report_files_sweep()
    # Phrases are written now and read later: in the language of the report.
    with override(found.snapshot["language"]):
        return _render(found, work)


@handler(links.MAIL_JOB)
def status_mail(work: Work) -> Effect:
    """Send one status report; what was stopped meanwhile is not sent."""
    return status_mails.status_mail(work)


def _render(found: Report, work: Work) -> Effect:
    from reports.printing.pdf import ReportTookTooLong

    try:
        return making.report_render(report=found, token=work.token, tell=work.progress)
    except ReportTookTooLong:
        log.warning("Report %s: the time limit was reached", found.pk)
        raise JobFailed(
            _(
                "The report took too long to lay out. Try again; if it fails again, tell whoever "
                "runs this server."
            )
        ) from None

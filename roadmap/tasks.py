"""Background work of the roadmap app. Heavy libraries are imported inside the functions."""

import logging

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from jobs.failures import JobFailed
from jobs.registry import Effect, handler
from jobs.work import Work
from roadmap.models import Report
from roadmap.services import reports
from roadmap.services.following import asking, nights, run
from roadmap.services.scenarios import forecast as plan_forecast
from roadmap.services.scenarios import solving
from roadmap.services.sharing import links, status_mails
from roadmap.services.work import due

log = logging.getLogger(__name__)


@handler(reports.JOB_KIND)
def report(work: Work) -> Effect:
    """Make the PDF of a report; twice or by two workers, it ends with one file."""
    found = Report.objects.filter(pk=work.payload["report"]).first()
    if found is None:
        raise JobFailed(_("The report was deleted before it was made."))
    if found.is_ready:
        return lambda: None
    reports.report_files_sweep()
    # Phrases are written now and read later: in the language of the report.
    with override(found.snapshot["language"]):
        return _render(found, work)


@handler(solving.JOB_KIND)
def solve(work: Work) -> Effect:
    """Search for a better plan and forecast it; of a plan that changed meanwhile nothing stays."""
    return solving.solve(work)


@handler(plan_forecast.JOB_KIND)
def forecast(work: Work) -> Effect:
    """Forecast a plan as it stands, for the roadmap it became."""
    return plan_forecast.forecast(work)


@handler(links.MAIL_JOB)
def status_mail(work: Work) -> Effect:
    """Send one status report; what was stopped meanwhile is not sent."""
    return status_mails.status_mail(work)


@shared_task
def send_status_mails() -> None:
    links.mails_due(timezone.now())


@handler(asking.JOB_KIND)
def follow(work: Work) -> Effect:
    """Forecast the rest of a roadmap from what was reported; what is overtaken is thrown away."""
    return run.follow_roadmap(work)


@shared_task
def remind_of_work() -> None:
    due.work_remind(timezone.now())


@shared_task
def follow_roadmaps() -> None:
    nights.roadmaps_follow(timezone.now())


def _render(found: Report, work: Work) -> Effect:
    from roadmap.reports.pdf import ReportTookTooLong

    try:
        return reports.report_render(report=found, token=work.token, tell=work.progress)
    except ReportTookTooLong:
        log.warning("Report %s: the time limit was reached", found.pk)
        raise JobFailed(
            _(
                "The report took too long to lay out. Try again; if it fails again, tell whoever "
                "runs this server."
            )
        ) from None

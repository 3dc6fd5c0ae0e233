from __future__ import annotations

import time
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from jobs.services import job_request, job_retry
from reports import storage
from reports.frozen.from_roadmap import report_snapshot
from reports.frozen.snapshot import input_hash, to_json
from reports.models import Report
from roadmap.models import Roadmap

JOB_KIND = "report"


def report_request(*, roadmap: Roadmap, user: User | None) -> Report:
    """Ask for a PDF of the roadmap as it stands now.

    The input is frozen here, so what changes while the job waits does not reach the report.
    A report of the very same input is not made again: it is returned, tried anew if it failed.
    """
    snapshot = report_snapshot(roadmap)
    digest = input_hash(snapshot)
    with transaction.atomic():
        report, is_new = Report.objects.get_or_create(
            roadmap=roadmap,
            input_hash=digest,
            defaults={
                "organization": roadmap.organization,
                "snapshot": to_json(snapshot),
                "created_by": user,
            },
        )
        if not is_new:
            report_retry(report=report, user=user)
            return report
        _send(report, user)
        record(
            organization=roadmap.organization,
            actor=user,
            verb="report.requested",
            target=report,
            detail={"roadmap": roadmap.pk},
        )
    return report


def report_retry(*, report: Report, user: User | None) -> bool:
    """Try a failed report again; False when it is ready or under way."""
    with transaction.atomic():
        # Two people who press the button at once may not start two jobs for one file.
        Report.objects.select_for_update().only("pk").get(pk=report.pk)
        report.refresh_from_db(fields=["file", "job"])
        if report.is_ready and not storage.path_of(report.file).exists():
            # The database was restored without its files: the frozen input makes the file anew.
            report.file = ""
            report.job = None
            report.save(update_fields=["file", "job"])
        if not report.has_failed:
            return False
        if report.job is None:
            _send(report, user)
            return True
        return job_retry(job=report.job)


def _send(report: Report, user: User | None) -> None:
    report.job = job_request(
        organization=report.organization,
        user=user,
        kind=JOB_KIND,
        payload={"report": report.pk},
        input_hash=report.input_hash,
    )
    report.save(update_fields=["job"])


def report_render(
    *, report: Report, token: str, tell: Callable[[int, str], None]
) -> Callable[[], None]:
    """Make the file. Slow, repeatable; the returned effect names the file in the report's row."""
    from reports.printing.pdf import render_pdf

    started = time.monotonic()
    rendered = render_pdf(report.frozen, tell)
    tell(95, _("Saving the file…"))
    name = storage.write(report.pk, token, rendered.body)
    seconds = round(time.monotonic() - started, 2)

    def finish() -> None:
        Report.objects.filter(pk=report.pk).update(
            file=name,
            pages=rendered.pages,
            size=len(rendered.body),
            seconds=seconds,
            finished_at=timezone.now(),
        )
        transaction.on_commit(lambda: storage.remove_others(report.pk, keep=name))

    return finish


def report_files_sweep() -> int:
    """Remove old report files that no report names."""
    named = set(Report.objects.exclude(file="").values_list("file", flat=True))
    return storage.sweep_files(named)

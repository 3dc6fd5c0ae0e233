"""Asking for a report, trying it again, and making its file."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from jobs.services import job_request, job_retry
from reports import storage
from reports.choices import Choices
from reports.files.forms import form_of
from reports.frozen.for_documents import freeze_for
from reports.frozen.snapshot import ReportSnapshot, input_hash, to_json
from reports.models import Report
from roadmap.models import Roadmap

JOB_KIND = "report"


def report_request(
    *, roadmap: Roadmap, user: User | None, choices: Choices | None = None
) -> Report:
    """Ask for a report of the roadmap as it stands now; without choices the full roadmap as PDF.

    The input is frozen here, so what changes while the job waits does not reach the report.
    A report of the very same input is not made again: it is returned, tried anew if it failed.
    """
    choices = choices or Choices()
    snapshot = freeze_for(roadmap, choices)
    digest = digest_of(snapshot, choices)
    with transaction.atomic():
        report, is_new = Report.objects.get_or_create(
            roadmap=roadmap,
            input_hash=digest,
            defaults={
                "organization": roadmap.organization,
                "document": choices.document,
                "form": choices.form,
                "choices": choices.to_json(),
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
            detail={"roadmap": roadmap.pk, "document": choices.document, "form": choices.form},
        )
    return report


def digest_of(snapshot: ReportSnapshot, choices: Choices) -> str:
    """SHA-256 of all that the file is made from; the same digest, the same bytes."""
    chosen = json.dumps(choices.to_json(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{input_hash(snapshot)} {chosen}".encode()).hexdigest()


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
    started = time.monotonic()
    form = form_of(report.form)
    made = form.make(report.frozen, report.chosen, tell)
    tell(95, _("Saving the file…"))
    name = storage.write(report.pk, token, made.body, form.extension)
    seconds = round(time.monotonic() - started, 2)

    def finish() -> None:
        Report.objects.filter(pk=report.pk).update(
            file=name,
            pages=made.pages,
            size=len(made.body),
            seconds=seconds,
            finished_at=timezone.now(),
        )
        transaction.on_commit(lambda: storage.remove_others(report.pk, keep=name))

    return finish


def report_files_sweep() -> int:
    """Remove old report files that no report names."""
    named = set(Report.objects.exclude(file="").values_list("file", flat=True))
    return storage.sweep_files(named)

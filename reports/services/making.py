"""Asking for a report, trying it again, and making its file."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeGuard

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import AuditEntry, User
from jobs.enums import JobState
from jobs.models import Job
from jobs.services import job_cancel, job_request, job_retry
from reports import storage
from reports.brands import brand_for
from reports.choices import Choices
from reports.files.forms import form_of
from reports.frozen.for_documents import freeze_for
from reports.frozen.snapshot import ReportSnapshot, input_hash, to_json
from reports.models import Batch, Report, ShareLink
from roadmap.models import Roadmap

JOB_KIND = "report"
ONE_DAY = timedelta(days=1)


def report_request(
    *,
    roadmap: Roadmap,
    user: User | None,
    choices: Choices | None = None,
    job: Job | None = None,
) -> Report:
    """Ask for a report of the roadmap as it stands now; without choices the full roadmap as PDF.

    The input is frozen here, so what changes while the job waits does not reach the report.
    A report of the very same input is not made again: it is returned, tried anew if it failed.
    `job`: the one that goes on to make it, where the caller is that job; else one is asked for.
    """
    choices = choices or Choices()
    look = brand_for(roadmap.organization, user)
    snapshot = replace(freeze_for(roadmap, choices), brand=look)
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
            report_retry(report=report, user=user, job=job)
            return report
        _send(report, user, job)
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


def report_retry(*, report: Report, user: User | None, job: Job | None = None) -> bool:
    """Make a report that failed, or whose file is no longer kept; False when it is ready or under
    way. `job` as in `report_request`.
    """
    with transaction.atomic():
        # Two people who press the button at once may not start two jobs for one file.
        Report.objects.select_for_update().only("pk").get(pk=report.pk)
        report.refresh_from_db(fields=["file", "job", "finished_at"])
        if report.is_ready and not storage.path_of(report.file).exists():
            # The database was restored without its files: the frozen input makes the file anew.
            report.file = ""
            report.job = None
            report.save(update_fields=["file", "job"])
        if not (report.has_failed or report.is_expired):
            return False
        if job is None and not report.is_expired and _is_own(report.job):
            return job_retry(job=report.job)
        _send(report, user, job)
        return True


def _is_own(job: Job | None) -> TypeGuard[Job]:
    """Whether to start it anew makes the report: the job of a batch goes on with its item only."""
    return job is not None and job.kind == JOB_KIND and job.state != JobState.DONE


def report_cancel(*, report: Report, user: User) -> bool:
    """Give up a report that waits or is being made: its worker stops at the next thing it says.
    False when there is nothing to give up.
    """
    with transaction.atomic():
        if report.is_ready or report.job is None or not job_cancel(job=report.job):
            return False
        record(
            organization=report.organization,
            actor=user,
            verb="report.cancelled",
            target=report,
            detail={"roadmap": report.roadmap_id},
        )
    return True


def _send(report: Report, user: User | None, job: Job | None = None) -> None:
    report.job = job or job_request(
        organization=report.organization,
        user=user,
        kind=JOB_KIND,
        payload={"report": report.pk},
        input_hash=report.input_hash,
    )
    report.finished_at = report.kept_until = None
    report.save(update_fields=["job", "finished_at", "kept_until"])


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
            kept_until=kept_until(),
        )
        # Nobody did it; other systems wait for it (api/webhook_events.py).
        record(
            organization=report.organization,
            actor=None,
            verb="report.made",
            target=report,
            detail={"roadmap": report.roadmap_id, "document": report.document, "form": report.form},
        )
        transaction.on_commit(lambda: storage.remove_others(report.pk, keep=name))

    return finish


def report_downloaded(*, report: Report, user: User) -> None:
    """Note who has the file: once for each person, whose browser may ask many times."""
    seen = AuditEntry.objects.filter(
        organization=report.organization_id,
        actor=user,
        verb="report.downloaded",
        target_type="reports.report",
        target_id=str(report.pk),
    )
    if not seen.exists():
        record(
            organization=report.organization,
            actor=user,
            verb="report.downloaded",
            target=report,
            detail={"roadmap": report.roadmap_id},
        )


def kept_until() -> datetime:
    return timezone.now() + timedelta(days=settings.REPORT_KEEP_DAYS)


def reports_expire() -> int:
    """Let go of files whose time is over; the frozen input stays, and makes them anew if asked.

    A report that somebody shared is kept as long as its address is good. Returns how many went.
    """
    today = timezone.localdate()
    shared = ShareLink.objects.filter(revoked_at=None, expires_on__gte=today - ONE_DAY)
    now = timezone.now()
    zips = Batch.objects.filter(kept_until__lt=now).exclude(file="")
    gone = zips.update(file="", size=None)
    over = Report.objects.filter(kept_until__lt=now).exclude(file="")
    return gone + over.exclude(pk__in=shared.values("report")).update(file="")


def report_files_sweep() -> int:
    """Remove old files that no report and no batch names."""
    named = set(Report.objects.exclude(file="").values_list("file", flat=True))
    named |= set(Batch.objects.exclude(file="").values_list("file", flat=True))
    return storage.sweep_files(named)

"""Reports that could not be made, told to the history and from there to other systems."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts.audit import record
from jobs.enums import JobState
from jobs.models import Turn
from jobs.turns import take_turn
from reports.models import Report
from reports.services.making import JOB_KIND

# Longer than a worker is ever down; turns are kept for longer still.
LOOKED_BACK = timedelta(days=1)


def failures_told(now: datetime) -> int:
    """Enter each failure once, however often and from wherever this is called; how many were new.

    A job fails in many ways, also by a worker that died: so its row is looked at, not its end.
    """
    rows = Report.objects.filter(
        file="",
        job__kind=JOB_KIND,
        job__state=JobState.FAILED,
        job__finished_at__gte=now - LOOKED_BACK,
    ).select_related("organization", "job")
    # The newest first: of very many, those of before were told already.
    newest = rows.defer("snapshot").order_by("-job__finished_at", "-pk")[:500]
    found = {_key(report): report for report in newest}
    known = set(Turn.objects.filter(key__in=found).values_list("key", flat=True))
    told = 0
    for key in found.keys() - known:
        report = found[key]
        with transaction.atomic():
            if not take_turn(key, report.organization):
                continue
            record(
                organization=report.organization,
                actor=None,
                verb="report.failed",
                target=report,
                detail={
                    "roadmap": report.roadmap_id,
                    "document": report.document,
                    "form": report.form,
                },
            )
            told += 1
    return told


def _key(report: Report) -> str:
    """Of one attempt: who asks again is told again."""
    assert report.job and report.job.finished_at
    return f"report.failed:{report.job.pk}:{report.job.finished_at.isoformat()}"

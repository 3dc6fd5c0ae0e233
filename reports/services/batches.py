"""Many reports at once: each a job of its own, and a zip in the end.

A report that cannot be made says why in its item and stops nothing else. Whether the person who
asked may still make reports of a client is decided when its turn comes, and once more when the
files are put together: an engagement may end in the midst.
"""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.audit import record
from accounts.models import Organization, User
from accounts.tenancy import Access, accesses_of
from assessments.domain.table_file import without_formula
from jobs.enums import OPEN_STATES, JobState
from jobs.models import Job
from jobs.services import job_request, jobs_request
from reports import storage
from reports.choices import Choices
from reports.models import Batch, BatchItem, Report
from reports.notices import batch_told
from reports.pages.listed import file_named
from reports.services.making import kept_until, report_render, report_request, report_retry
from roadmap.models import Roadmap

ITEM_JOB, ZIP_JOB = "reports.batch_item", "reports.batch_zip"
MOST_CLIENTS, MOST_ITEMS = 500, 2_000
PROBLEM_LENGTH = 300
Effect = Callable[[], object]


class BatchInvalid(ValueError):
    """What was asked for cannot be a batch; the message says what to do."""


@transaction.atomic
def batch_request(
    *,
    organization: Organization,
    user: User,
    clients: Sequence[Organization],
    choices: Sequence[Choices],
    name: str,
) -> Batch:
    """Ask for every one of `choices` for every client, of the roadmap each works by.

    Raises `BatchInvalid`. Clients of which the person may not make reports get an item that says
    so: what the caller let them choose may be older than the end of an engagement.
    """
    wanted = list({client.pk: client for client in clients}.values())
    if not wanted or not choices:
        raise BatchInvalid(_("Choose at least one client and one report."))
    if len(wanted) > MOST_CLIENTS or len(wanted) * len(choices) > MOST_ITEMS:
        raise BatchInvalid(
            _("That is too much at once: at most %(clients)s clients and %(files)s files.")
            % {"clients": MOST_CLIENTS, "files": MOST_ITEMS}
        )
    batch = Batch.objects.create(
        organization=organization,
        name=name[:150],
        choices=[one.to_json() for one in choices],
        created_by=user,
    )
    items = BatchItem.objects.bulk_create(
        BatchItem(batch=batch, client=client, number=number)
        for client in wanted
        for number in range(len(choices))
    )
    _send(batch, items, user)
    detail = {"clients": len(wanted), "files": len(items)}
    record(
        organization=organization, actor=user, verb="batch.requested", target=batch, detail=detail
    )
    return batch


@transaction.atomic
def batch_cancel(*, batch: Batch, user: User) -> bool:
    """Give up what is not made yet; what is made stays. False when it has ended already."""
    locked = Batch.objects.select_for_update().get(pk=batch.pk)
    if locked.finished_at or locked.cancelled_at:
        return False
    now = timezone.now()
    Batch.objects.filter(pk=batch.pk).update(cancelled_at=now)
    waiting = BatchItem.objects.filter(batch=batch, ended_at=None)
    Job.objects.filter(pk__in=waiting.values("job"), state__in=OPEN_STATES).update(
        state=JobState.CANCELLED, token="", lease_until=None, finished_at=now
    )
    waiting.update(ended_at=now, problem=_("Cancelled."))
    record(organization=locked.organization, actor=user, verb="batch.cancelled", target=locked)
    _ask_for_zip(locked)
    return True


@transaction.atomic
def batch_retry(*, batch: Batch, user: User) -> int:
    """Try again what could not be made; how many."""
    locked = Batch.objects.select_for_update().get(pk=batch.pk)
    if not (locked.finished_at or locked.cancelled_at):
        return 0
    again = list(locked.items.exclude(problem="").exclude(ended_at=None))
    if again:
        BatchItem.objects.filter(pk__in=[item.pk for item in again]).update(
            ended_at=None, problem="", report=None
        )
        Batch.objects.filter(pk=batch.pk).update(
            finished_at=None, cancelled_at=None, file="", size=None, job=None, kept_until=None
        )
        _send(locked, again, user)
        record(
            organization=locked.organization,
            actor=user,
            verb="batch.retried",
            target=locked,
            detail={"files": len(again)},
        )
    return len(again)


def _send(batch: Batch, items: Iterable[BatchItem], user: User) -> None:
    sent = list(items)
    jobs = jobs_request(
        organization=batch.organization,
        user=user,
        kind=ITEM_JOB,
        asked=[({"item": item.pk}, None) for item in sent],
    )
    for item, job in zip(sent, jobs, strict=True):
        item.job = job
    BatchItem.objects.bulk_update(sent, ["job"])


# --- One client ------------------------------------------------------------------------------


class NotMade(Exception):
    """There is no report of this client; the message says why."""


def item_make(*, item: BatchItem, job: Job, token: str, tell: Callable[[int, str], None]) -> Effect:
    """Make the report of one item. Slow, repeatable; the effect ends the item.

    Raises `NotMade` where there can be none; the caller ends the item with its words.
    """
    roadmap = roadmap_for(item, job.requested_by)
    user = job.requested_by
    if report := item.report:
        # Made before; its file was let go after a time, and comes back from the frozen input.
        report_retry(report=report, user=user, job=job)
    else:
        choices = item.batch.chosen[item.number]
        report = report_request(roadmap=roadmap, user=user, choices=choices, job=job)
    save: Effect | None = None
    if not report.is_ready:
        save = report_render(report=report, token=token, tell=tell)

    def finish() -> None:
        if save is not None:
            save()
        item_end(item=item, report=report)

    return finish


def item_end(*, item: BatchItem, report: Report | None = None, problem: str = "") -> None:
    """The outcome of an item; whoever ends the last one asks for the zip."""
    with transaction.atomic():
        # Locked, so that of two that end at the same time one sees that it is the last.
        batch = Batch.objects.select_for_update().get(pk=item.batch_id)
        is_news = BatchItem.objects.filter(pk=item.pk, ended_at=None).update(
            report=report, problem=problem[:PROBLEM_LENGTH], ended_at=timezone.now()
        )
        if is_news and not batch.items.filter(ended_at=None).exists():
            _ask_for_zip(batch)


def roadmap_for(item: BatchItem, user: User | None) -> Roadmap:
    """The roadmap the client works by, if the person may make reports of it now."""
    access = accesses_of(user).get(item.client_id) if user else None
    if not may_report(access):
        raise NotMade(_("The client no longer lets you make its reports."))
    rows = Roadmap.objects.filter(organization=item.client_id).select_related("organization")
    roadmap = rows.first()
    if roadmap is None:
        raise NotMade(_("The client has no roadmap yet."))
    return roadmap


def may_report(access: Access | None) -> bool:
    return access is not None and access.can_make_reports


def batches_sweep() -> int:
    """End the items whose jobs failed or vanished, so that no batch waits for ever."""
    lost = BatchItem.objects.filter(ended_at=None).exclude(job__state__in=OPEN_STATES)
    ended = 0
    for item in lost.exclude(job__state=JobState.DONE).select_related("job")[:500]:
        error = item.job.error if item.job else ""
        item_end(item=item, problem=error or _("It could not be made. Try it again."))
        ended += 1
    return ended


# --- The zip ---------------------------------------------------------------------------------


def _ask_for_zip(batch: Batch) -> None:
    batch.job = job_request(
        organization=batch.organization,
        user=batch.created_by,
        kind=ZIP_JOB,
        payload={"batch": batch.pk},
    )
    batch.save(update_fields=["job"])


@transaction.atomic
def zip_again(*, batch: Batch) -> None:
    """Put the files together anew, without those of clients that have ended the access. Files that
    were let go after a time are made again first.
    """
    locked = Batch.objects.select_for_update().get(pk=batch.pk)
    Batch.objects.filter(pk=batch.pk).update(file="", size=None, kept_until=None)
    gone = list(locked.items.filter(report__file="", problem="").exclude(ended_at=None))
    if gone and locked.created_by:
        BatchItem.objects.filter(pk__in=[item.pk for item in gone]).update(ended_at=None)
        Batch.objects.filter(pk=batch.pk).update(finished_at=None, cancelled_at=None, job=None)
        _send(locked, gone, locked.created_by)
    elif locked.job is None or locked.job.state not in OPEN_STATES:
        _ask_for_zip(locked)


def is_complete_for(batch: Batch, user: User) -> bool:
    """Whether the person may have everything that the zip holds now."""
    accesses = accesses_of(user)
    clients = batch.items.exclude(report=None).values_list("client", flat=True)
    return all(may_report(accesses.get(client)) for client in clients)


def zip_make(*, batch: Batch, token: str, tell: Callable[[int, str], None]) -> Effect:
    """Put the files of a batch into one archive. Slow, repeatable; the effect names it."""
    accesses = accesses_of(batch.created_by) if batch.created_by else {}
    items = list(
        batch.items.select_related("client", "report")
        .defer("report__snapshot")
        .order_by("client__name", "number", "pk")
    )
    gone = [item for item in items if item.report and not may_report(accesses.get(item.client_id))]
    made = sum(item.report is not None for item in items) - len(gone)
    name = f"batch-{batch.pk}-{token}.zip"
    with storage.unfinished_file(name) as path:
        _write_zip(path, [item for item in items if item not in gone], tell)
        size = path.stat().st_size

    def finish() -> None:
        words = _("The client no longer lets you make its reports.")
        BatchItem.objects.filter(pk__in=[item.pk for item in gone]).update(
            report=None, problem=words
        )
        now = timezone.now()
        Batch.objects.filter(pk=batch.pk).update(
            file=name, size=size, finished_at=now, kept_until=kept_until()
        )
        record(organization=batch.organization, actor=None, verb="batch.made", target=batch)
        if batch.finished_at is None:
            with override(batch.organization.language):
                batch_told(batch, now, made=made, not_made=len(items) - made)

    return finish


def _write_zip(path: Path, items: list[BatchItem], tell: Callable[[int, str], None]) -> None:
    """File by file, so that two hundred reports need the memory of one."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_("Client"), _("File"), "SHA-256", _("Problem"), _("Report")])
    taken: set[str] = set()
    asked = [file_named(one) for one in items[0].batch.chosen] if items else []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, item in enumerate(items):
            tell(round(100 * place / len(items)), _("Putting the files together…"))
            row = [item.client.name, "", "", item.problem, asked[item.number]]
            found = storage.path_of(item.report.file) if item.report and item.report.file else None
            if found is not None and found.exists():
                row[1] = _free_name(item, taken)
                at = item.report.created_at.astimezone(item.batch.organization.zone)
                row[2] = _copy(archive, found, row[1], at)
            elif not item.problem:
                row[3] = _("The file is no longer kept.")
            writer.writerow([without_formula(cell) for cell in row])
        archive.writestr("manifest.csv", out.getvalue().encode("utf-8-sig"))


def _copy(archive: zipfile.ZipFile, source: Path, name: str, at: datetime) -> str:
    """The SHA-256 of what was copied. `at`: when it was made."""
    digest = hashlib.sha256()
    entry = zipfile.ZipInfo(name, at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    with source.open("rb") as body, archive.open(entry, "w") as target:
        shutil.copyfileobj(_Hashed(body, digest), target)
    return digest.hexdigest()


class _Hashed:
    def __init__(self, body: Any, digest: Any) -> None:
        self.body, self.digest = body, digest

    def read(self, size: int = -1) -> bytes:
        part: bytes = self.body.read(size)
        self.digest.update(part)
        return part


def _free_name(item: BatchItem, taken: set[str]) -> str:
    """The report's own name under a folder of the client; nobody's name is a path."""
    assert item.report
    folder = slugify(item.client.name)[:60] or "client"
    ending = f"{item.report.document}-{item.report.form}"
    extension = item.report.file.rpartition(".")[2]
    # Taken out of its folder, it still says whose it is.
    name = f"{folder}/{folder}-{ending}.{extension}"
    number = 1
    while name in taken:
        number += 1
        name = f"{folder}-{number}/{folder}-{number}-{ending}.{extension}"
    taken.add(name)
    return name

"""Asking for an archive, and bringing one in."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Organization, User
from accounts.tenancy import Can, access_to
from handover import storage
from handover.models import Archive, Arrival
from handover.reading import Archive as OpenArchive
from handover.reading import ArchiveRefused, people_of
from handover.taking import Taking, is_empty
from handover.writing import CHUNK, Writer
from jobs.failures import JobFailed
from jobs.registry import Effect
from jobs.services import job_cancel, job_request
from jobs.work import Work

EXPORT_JOB, IMPORT_JOB = "handover_export", "handover_import"
KEPT_FOR = timedelta(days=7)
MAX_UPLOAD = 2 * 1024**3
# From here on one transaction writes all of it, and cannot tell how far it is.
WRITING = 80
FULL_DISK = (errno.ENOSPC, errno.EDQUOT)


def archive_request(*, organization: Organization, user: User) -> Archive:
    """Ask for an archive; the one under way when there is one."""
    with transaction.atomic():
        Organization.objects.select_for_update(no_key=True).filter(pk=organization.pk).first()
        recent = Archive.objects.filter(organization=organization).select_related("job")
        for known in recent[:3]:
            if known.is_open:
                return known
        archive = Archive.objects.create(organization=organization, created_by=user)
        archive.job = job_request(
            organization=organization, user=user, kind=EXPORT_JOB, payload={"archive": archive.pk}
        )
        archive.save(update_fields=["job"])
        record(organization=organization, actor=user, verb="handover.asked", target=archive)
    return archive


def archive_write(work: Work) -> Effect:
    found = Archive.objects.select_related("organization").filter(pk=work.payload["archive"])
    archive = found.first()
    if archive is None or archive.file:
        return lambda: None
    _require_owner(work, archive.organization)
    sweep()
    name = f"out-{archive.pk}-{uuid4().hex}.zip"
    with _words_for_a_full_disk(), storage.unfinished_file(name) as path:
        manifest = Writer(archive.organization, path, work.progress).write()
        size, digest = path.stat().st_size, sha256_of(path)
    rows = sum(told.get("rows", 0) for told in manifest["parts"].values())

    def keep() -> None:
        Archive.objects.filter(pk=archive.pk).update(
            file=name,
            size=size,
            rows=rows,
            sha256=digest,
            kept_until=timezone.now() + KEPT_FOR,
        )

    return keep


def _require_owner(work: Work, organization: Organization) -> User:
    """The person may have lost their role since they asked."""
    from django.http import Http404

    user = work.job.requested_by
    try:
        access = access_to(user, organization.slug) if user else None
    except Http404:
        access = None
    if user is None or access is None or not access.allows(Can.MANAGE) or access.engagement:
        raise JobFailed(_("Only owners may do this, and whoever asked is no longer one."))
    return user


def sha256_of(path: Path) -> str:
    with path.open("rb") as body:
        return hashlib.file_digest(body, "sha256").hexdigest()


@contextmanager
def _words_for_a_full_disk() -> Iterator[None]:
    """Trying again does not mend it."""
    try:
        yield
    except OSError as problem:
        if problem.errno not in FULL_DISK:
            raise
        raise JobFailed(no_room()) from problem


def no_room() -> str:
    return _("The server has no room left for files. Tell whoever runs it, then try again.")


def archive_stop(*, archive: Archive) -> bool:
    """Give up an archive that is being made."""
    return archive.job is not None and job_cancel(job=archive.job)


def archive_downloaded(*, archive: Archive, user: User) -> None:
    record(
        organization=archive.organization,
        actor=user,
        verb="handover.downloaded",
        target=archive,
        detail={"sha256": archive.sha256, "rows": archive.rows},
    )


def arrival_create(*, organization: Organization, user: User, file: BinaryIO, name: str) -> Arrival:
    """Keep an archive that was sent, and look into it; nothing of it is taken yet.

    Raises:
        ArchiveRefused: the organization is not empty, or this is no sound archive.
    """
    if not is_empty(organization):
        raise ArchiveRefused(
            _("Something was entered here already. Make a new organization for the archive.")
        )
    for earlier in Arrival.objects.filter(organization=organization, taken_at=None):
        if earlier.is_open:
            raise ArchiveRefused(
                _("Another archive is being brought in just now. Stop it first, or wait for it.")
            )
    stored, size = f"in-{uuid4().hex}.zip", 0
    try:
        with storage.unfinished_file(stored) as path:
            with path.open("wb") as out:
                while piece := file.read(CHUNK):
                    size += len(piece)
                    if size > MAX_UPLOAD:
                        raise ArchiveRefused(too_large())
                    out.write(piece)
            found = looked_into(path)
    except OSError as problem:
        if problem.errno not in FULL_DISK:
            raise
        raise ArchiveRefused(no_room()) from problem
    # One waits at a time: whoever chooses another has done with the one before.
    for earlier in Arrival.objects.filter(organization=organization, taken_at=None):
        arrival_discard(arrival=earlier)
    return Arrival.objects.create(
        organization=organization,
        file=stored,
        name=name[:255],
        size=size,
        found=found,
        created_by=user,
    )


def too_large() -> str:
    return _(
        "The archive is larger than 2 GB. Whoever runs this server can bring it in with "
        "“manage import_client”."
    )


def looked_into(path: Path) -> dict[str, Any]:
    """What the preview shows: counts as the manifest tells them, and the people."""
    with OpenArchive(path) as archive:
        people = list(people_of(archive).values())
        return {
            "name": archive.home.name,
            "kind": archive.home.kind,
            "made_at": str(archive.manifest.get("made_at", ""))[:40],
            "version": archive.version,
            "rows": {
                name.removeprefix("data/").removesuffix(".jsonl"): told["rows"]
                for name, told in archive.parts.items()
                if name.startswith("data/") and told.get("rows")
            },
            "files": sum(1 for name in archive.parts if name.startswith("files/")),
            "missing": len(archive.missing),
            "people": people[:200],
            "number_of_people": len(people),
        }


def arrival_take(*, arrival: Arrival, user: User, name: str = "") -> None:
    """Have the worker bring it in. `name`: of the organization, else as the archive says."""
    with transaction.atomic():
        current = Arrival.objects.select_for_update(of=("self",)).select_related("job")
        found = current.get(pk=arrival.pk)
        if found.taken_at or found.is_open:
            return
        found.job = job_request(
            organization=found.organization,
            user=user,
            kind=IMPORT_JOB,
            payload={"arrival": found.pk},
        )
        found.found["called"] = name
        found.save(update_fields=["job", "found"])


def arrival_stop(*, arrival: Arrival) -> bool:
    """Give up bringing it in; it stays to be tried again. False: it was over already."""
    return arrival.job is not None and job_cancel(job=arrival.job)


def arrival_discard(*, arrival: Arrival) -> None:
    if arrival.job:
        job_cancel(job=arrival.job)
    deleted, _kinds = Arrival.objects.filter(pk=arrival.pk, taken_at=None).delete()
    if deleted and arrival.file:
        storage.path_of(arrival.file).unlink(missing_ok=True)


def arrival_bring_in(work: Work) -> Effect:
    rows = Arrival.objects.select_related("organization")
    arrival = rows.filter(pk=work.payload["arrival"], taken_at=None).first()
    if arrival is None or not arrival.file:
        return lambda: None
    user = _require_owner(work, arrival.organization)
    path = storage.path_of(arrival.file)
    if not path.exists():
        raise JobFailed(_("The archive is no longer kept here. Choose it again."))
    with _words_for_a_full_disk(), _refused_in_words(), OpenArchive(path) as archive:
        taking = Taking(archive, arrival.organization, work.progress)
        taking.judge()
    work.progress(WRITING, _("Everything was checked; now it is written at once"))

    def take() -> None:
        with _refused_in_words(), OpenArchive(path) as archive:
            taking.archive = archive
            taking.take(arrival, user)
        transaction.on_commit(lambda: path.unlink(missing_ok=True))

    return take


@contextmanager
def _refused_in_words() -> Iterator[None]:
    try:
        yield
    except ArchiveRefused as refused:
        raise JobFailed(str(refused)) from refused


def sweep() -> int:
    """Files whose days are over, archives nobody brought in, and files that no row names."""
    over = timezone.now() - KEPT_FOR
    for arrival in Arrival.objects.filter(taken_at=None, created_at__lt=over).select_related("job"):
        if not arrival.is_open:
            arrival_discard(arrival=arrival)
    Archive.objects.filter(kept_until__lt=timezone.now()).exclude(file="").update(file="")
    named = set(Archive.objects.exclude(file="").values_list("file", flat=True))
    named |= set(Arrival.objects.exclude(file="").values_list("file", flat=True))
    return storage.sweep(named)

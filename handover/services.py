"""Asking for an archive, and bringing one in."""

from __future__ import annotations

import hashlib
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
    with storage.unfinished_file(name) as path:
        manifest = Writer(archive.organization, path, work.progress).write()
        size, digest = path.stat().st_size, _sha256(path)
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


def _sha256(path: Path) -> str:
    with path.open("rb") as body:
        return hashlib.file_digest(body, "sha256").hexdigest()


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
    stored, size = f"in-{uuid4().hex}.zip", 0
    with storage.unfinished_file(stored) as path:
        with path.open("wb") as out:
            while piece := file.read(CHUNK):
                size += len(piece)
                if size > MAX_UPLOAD:
                    raise ArchiveRefused(_("The archive is larger than 2 GB."))
                out.write(piece)
        found = looked_into(path)
    return Arrival.objects.create(
        organization=organization,
        file=stored,
        name=name[:255],
        size=size,
        found=found,
        created_by=user,
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
            "missing": len(archive.manifest.get("missing_files", ())),
            "people": people[:200],
            "number_of_people": len(people),
        }


def arrival_take(*, arrival: Arrival, user: User) -> None:
    """Have the worker bring it in."""
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
        found.save(update_fields=["job"])


def arrival_discard(*, arrival: Arrival) -> None:
    if arrival.job:
        job_cancel(job=arrival.job)
    if arrival.file:
        storage.path_of(arrival.file).unlink(missing_ok=True)
    Arrival.objects.filter(pk=arrival.pk, taken_at=None).delete()


def arrival_bring_in(work: Work) -> Effect:
    rows = Arrival.objects.select_related("organization")
    arrival = rows.filter(pk=work.payload["arrival"], taken_at=None).first()
    if arrival is None or not arrival.file:
        return lambda: None
    user = _require_owner(work, arrival.organization)
    path = storage.path_of(arrival.file)
    try:
        with OpenArchive(path) as archive:
            taking = Taking(archive, arrival.organization, work.progress)
            taking.judge()
    except ArchiveRefused as refused:
        raise JobFailed(str(refused)) from refused
    work.progress(80, _("Everything was judged; now it is written"))

    def take() -> None:
        try:
            with OpenArchive(path) as archive:
                taking.archive = archive
                taking.take(arrival, user)
        except ArchiveRefused as refused:
            raise JobFailed(str(refused)) from refused

    return take


def sweep() -> int:
    """Files whose days are over, and those that no row names."""
    Archive.objects.filter(kept_until__lt=timezone.now()).exclude(file="").update(file="")
    named = set(Archive.objects.exclude(file="").values_list("file", flat=True))
    named |= set(Arrival.objects.exclude(file="").values_list("file", flat=True))
    return storage.sweep(named)

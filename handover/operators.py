"""Hand-over without pages: for whoever runs the server and moves clients between installations."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from accounts.audit import record
from accounts.models import Organization, User
from accounts.services import organization_create
from handover.reading import Archive, ArchiveRefused
from handover.services import sha256_of
from handover.taking import Taking
from handover.writing import Writer

Tell = Callable[[int, str], None]


@dataclass(frozen=True)
class Exported:
    rows: int
    size: int
    sha256: str


def client_export(*, organization: Organization, target: Path, tell: Tell) -> Exported:
    """Write the archive; of one that could not be written whole nothing stays.

    Raises:
        FileExistsError: there is something at the target.
    """
    if target.exists():
        raise FileExistsError(target)
    unfinished = target.with_name(f"{target.name}.part")
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        manifest = Writer(organization, unfinished, tell).write()
        rows = sum(told.get("rows", 0) for told in manifest["parts"].values())
        made = Exported(rows, unfinished.stat().st_size, sha256_of(unfinished))
        record(
            organization=organization,
            actor=None,
            verb="handover.downloaded",
            target=organization,
            detail={"sha256": made.sha256, "rows": made.rows},
        )
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return made


def client_import(
    *, path: Path, owner: User | None, into: Organization | None, tell: Tell
) -> Organization:
    """Bring an archive in: into an empty organization, or a new one with its first owner.

    Raises:
        ArchiveRefused: it is not sound, or the organization is not empty. Nothing was changed.
    """
    with Archive(path) as archive:
        taking = Taking(archive, into or Organization(pk=0), tell)
        taking.judge()
        tell(80, "")
        try:
            with transaction.atomic():
                if into is None:
                    taking.settle_in(_new_home(archive, owner))
                taking.take(None, owner)
        except BaseException:
            taking.files.forget()
            raise
    taking.organization.refresh_from_db()
    return taking.organization


def _new_home(archive: Archive, owner: User | None) -> Organization:
    if owner is None:
        raise ArchiveRefused("A new organization needs an owner.")
    told = archive.home
    return organization_create(
        user=owner,
        name=told.name,
        kind=told.kind,
        time_zone=told.time_zone,
        language=told.language,
        advises=told.advises,
    )

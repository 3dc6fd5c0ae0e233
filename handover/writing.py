"""Writing everything of an organization into one zip, row by row: memory stays bounded.

Rows are read while people go on working. A row whose owner came after the owner's part was
written is left for the next archive, so that an archive never names what it does not hold.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, AuditSeal, Membership, Organization, User
from accounts.sealing import seal
from assessments.evidence_files import store
from handover.models import CarriedPerson
from handover.parts import CARRIED, NOT_CARRIED, Part
from handover.references import seen_at
from reports import logos, storage

FORMAT_VERSION = 1
CHUNK = 256 * 1024
ENTRIES = AuditEntry._meta.label
STORES: dict[str, Callable[[str], Path]] = {
    "evidence": store.path_of,
    "reports": storage.path_of,
    "logos": logos.path_of,
}
Tell = Callable[[int, str], None]


def plain(value: Any) -> Any:
    """A column's value in JSON types; moments in UTC with microseconds."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


class Writer:
    """One archive on its way into `target`."""

    def __init__(self, organization: Organization, target: Path, tell: Tell) -> None:
        self.organization = organization
        self.tell = tell
        self.zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self.written: dict[str, set[int]] = {}
        self.people: set[int] = set()
        self.files: dict[str, None] = {}
        self.parts: dict[str, dict[str, Any]] = {}
        self.missing: list[str] = []

    def write(self) -> dict[str, Any]:
        # What is still waiting for its seal stands in the archive with it.
        seal(self.organization.pk)
        with self.zip:
            for number, part in enumerate(CARRIED):
                self.tell(5 + 65 * number // len(CARRIED), _("Writing the entries"))
                self._stream(part.file_name, self._rows(part))
            self._stream("people.jsonl", self._people())
            for number, name in enumerate(self.files):
                self.tell(70 + 28 * number // len(self.files), _("Adding the files"))
                self._copy(name)
            manifest = self._manifest()
            with self.zip.open("manifest.json", "w") as out:
                out.write(json.dumps(manifest, indent=1, ensure_ascii=False).encode())
        return manifest

    def _rows(self, part: Part) -> Iterator[dict[str, Any]]:
        rows = part.model._base_manager.filter(**{part.owner: self.organization.pk})
        fields, lists = part.fields, part.lists
        written = self.written[part.label] = set()
        # A row may name one of its own kind that comes later, or itself.
        if any(f.is_relation and f.related_model is part.model for f in fields):
            written.update(rows.values_list("pk", flat=True))
        wanted = rows.order_by("pk").only("pk", *(f.attname for f in fields))
        if lists:
            wanted = wanted.prefetch_related(*(f.name for f in lists))
        for row in wanted.iterator(chunk_size=200):
            if isinstance(row, AuditSeal) and row.entry_id not in self.written[ENTRIES]:
                # Of an entry that came after its part was written: here the chain of this archive
                # ends, for a seal without its entry would look like an entry taken out.
                return
            found = self._row(part, row, fields, lists)
            if found is None:
                written.discard(row.pk)
            else:
                written.add(row.pk)
                yield found

    def _row(
        self, part: Part, row: models.Model, fields: list[models.Field], lists: list[Any]
    ) -> dict[str, Any] | None:
        found: dict[str, Any] = {"id": row.pk}
        for field in fields:
            value = getattr(row, field.attname)
            if field.is_relation and value is not None and not self._is_known(field, value):
                if not field.null:
                    return None
                value = None
            found[field.name] = plain(value)
        for field in lists:
            found[field.name] = sorted(person.pk for person in getattr(row, field.name).all())
            self.people.update(found[field.name])
        for path in part.people:
            self.people |= seen_at(found, path)
        for name, kept_in in part.files.items():
            self._note_file(kept_in, found[name])
        return found

    def _is_known(self, field: models.Field, value: int) -> bool:
        target = field.related_model
        if target is User:
            self.people.add(value)
            return True
        return value in self.written.get(target._meta.label, ())

    def _note_file(self, kept_in: str, value: Any) -> None:
        if kept_in == "frozen_logo":
            brand = value.get("brand") if isinstance(value, dict) else None
            kept_in, value = "logos", (brand or {}).get("logo") or ""
        if value:
            self.files[f"files/{kept_in}/{value}"] = None

    def _people(self) -> Iterator[dict[str, Any]]:
        roles = dict(
            Membership.objects.filter(organization=self.organization).values_list("user", "role")
        )
        # Who came with an archive and has not accepted yet is still told with their address.
        waiting = {
            one.user_id: {"name": one.name, "email": one.email, "role": one.role}
            for one in CarriedPerson.objects.filter(organization=self.organization, matched_at=None)
        }
        wanted = sorted(self.people | set(roles) | set(waiting))
        for start in range(0, len(wanted), 500):
            for user in User.objects.filter(pk__in=wanted[start : start + 500]).order_by("pk"):
                # Of people who are no members the address is not this organization's to give.
                email = user.email if user.pk in roles else ""
                told = {
                    "name": str(user) if email or user.name else user.name,
                    "email": email,
                    "role": roles.get(user.pk, ""),
                }
                yield {"id": user.pk, **waiting.get(user.pk, told)}

    def _stream(self, name: str, rows: Iterator[dict[str, Any]]) -> None:
        digest, count, size = hashlib.sha256(), 0, 0
        with self.zip.open(name, "w", force_zip64=True) as out:
            for row in rows:
                line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
                out.write(line)
                digest.update(line)
                count, size = count + 1, size + len(line)
        self.parts[name] = {"rows": count, "bytes": size, "sha256": digest.hexdigest()}

    def _copy(self, name: str) -> None:
        _files, kept_in, stored = name.split("/", 2)
        try:
            source: IO[bytes] = STORES[kept_in](stored).open("rb")
        except (OSError, ValueError):
            # Let go of after its time; the row says what it was.
            self.missing.append(name)
            return
        digest, size = hashlib.sha256(), 0
        with source, self.zip.open(name, "w", force_zip64=True) as out:
            while piece := source.read(CHUNK):
                out.write(piece)
                digest.update(piece)
                size += len(piece)
        self.parts[name] = {"bytes": size, "sha256": digest.hexdigest()}

    def _manifest(self) -> dict[str, Any]:
        home = self.organization
        return {
            "format": "waymark-archive",
            "format_version": FORMAT_VERSION,
            "made_at": plain(timezone.now()),
            "organization": {
                "id": home.pk,
                "name": home.name,
                "kind": home.kind,
                "time_zone": home.time_zone,
                "language": home.language,
                "advises": home.advises,
            },
            "parts": self.parts,
            "missing_files": self.missing,
            "not_carried": {label: str(reason) for label, reason in NOT_CARRIED.items()},
            "begins_anew": {
                part.label: {name: str(why) for name, why in part.left.items()}
                for part in CARRIED
                if part.left
            },
        }

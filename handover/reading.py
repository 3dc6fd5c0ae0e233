"""Opening an archive that came from somewhere, and believing nothing in it.

The manifest names every part with its size and SHA-256; what it does not name is refused, and of
what it names not one byte more than it says is read. So a zip that unpacks to far more than it
claims ends where its claim ends.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts.enums import OrganizationKind, Role
from accounts.models import Organization
from handover.parts import CARRIED
from handover.upgrades import UPGRADES, upgraded
from handover.writing import FORMAT_VERSION

MAX_ENTRIES = 50_000
MAX_BYTES = 4 * 1024**3
MAX_LINE = 64 * 1024 * 1024
MAX_MANIFEST = 32 * 1024 * 1024
CHUNK = 256 * 1024
FILE = re.compile(r"files/(?:evidence|reports|logos)/[0-9a-zA-Z._-]{1,150}")


class ArchiveRefused(Exception):
    """Why this is no archive that can be brought in, for whoever chose it."""


@dataclass(frozen=True)
class Home:
    """What the archive says of the organization."""

    pk: int
    name: str
    kind: str
    time_zone: str
    language: str
    advises: bool


class Archive:
    """An open archive whose manifest and names were judged. Use it as a context."""

    def __init__(self, path: Path) -> None:
        try:
            self.zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError) as problem:
            raise ArchiveRefused(
                _("This is no zip file, or only a part of one. Choose the archive as downloaded.")
            ) from problem
        try:
            self.manifest = self._manifest()
            self.parts: dict[str, dict[str, Any]] = self.manifest["parts"]
            self.version: int = self.manifest["format_version"]
            self.home = _home(self.manifest)
            self._judge_names()
        except ArchiveRefused:
            self.zip.close()
            raise
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as problem:
            self.zip.close()
            raise ArchiveRefused(_("The archive’s manifest cannot be read.")) from problem

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *ignored: object) -> None:
        self.zip.close()

    def _manifest(self) -> dict[str, Any]:
        try:
            info = self.zip.getinfo("manifest.json")
        except KeyError:
            raise ArchiveRefused(
                _("There is no manifest in this zip: it is no archive of Waymark.")
            ) from None
        with self.zip.open(info) as source:
            body = source.read(MAX_MANIFEST + 1)
        if len(body) > MAX_MANIFEST:
            raise ArchiveRefused(_("The archive’s manifest is too large."))
        found = json.loads(body)
        if not isinstance(found, dict) or found.get("format") != "waymark-archive":
            raise ArchiveRefused(_("This zip is no archive of Waymark."))
        version = found.get("format_version")
        if not isinstance(version, int) or isinstance(version, bool):
            raise ArchiveRefused(_("The archive does not say which version of the format it has."))
        if version > FORMAT_VERSION or (version < FORMAT_VERSION and version not in UPGRADES):
            raise ArchiveRefused(
                _(
                    "The archive has version %(theirs)s of the format; this Waymark reads up to "
                    "%(ours)s. Update Waymark first."
                )
                % {"theirs": version, "ours": FORMAT_VERSION}
            )
        return found

    def _judge_names(self) -> None:
        names = [info.filename for info in self.zip.infolist()]
        if len(names) != len(set(names)) or len(names) > MAX_ENTRIES:
            raise ArchiveRefused(_("The archive holds too many parts, or one of them twice."))
        if set(names) - {"manifest.json"} != set(self.parts):
            raise ArchiveRefused(_("The archive’s parts are not those its manifest names."))
        known = {part.file_name for part in CARRIED} | {"people.jsonl"}
        for name in self.parts:
            if name not in known and not FILE.fullmatch(name):
                raise ArchiveRefused(
                    _("The archive holds a part nobody here knows: %(name)s") % {"name": name[:120]}
                )
        if sum(int(told["bytes"]) for told in self.parts.values()) > MAX_BYTES:
            raise ArchiveRefused(_("Unpacked, the archive is larger than 4 GB."))

    def pieces(self, name: str) -> Iterator[bytes]:
        """The part's bytes; refused at the end unless they are those the manifest tells of."""
        told, digest, left = self.parts[name], hashlib.sha256(), int(self.parts[name]["bytes"])
        try:
            with self.zip.open(name) as source:
                while piece := source.read(min(CHUNK, left + 1)):
                    left -= len(piece)
                    if left < 0:
                        raise _altered(name)
                    digest.update(piece)
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError) as problem:
            raise _altered(name) from problem
        if left or digest.hexdigest() != told["sha256"]:
            raise _altered(name)

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        """The rows of a part, in today's form."""
        if name not in self.parts:
            return
        rest, count = b"", 0
        for piece in self.pieces(name):
            *lines, rest = (rest + piece).split(b"\n")
            if len(rest) > MAX_LINE:
                raise ArchiveRefused(_("A line of %(name)s is too long.") % {"name": name})
            for line in lines:
                count += 1
                yield upgraded(self.version, name, _row(name, count, line))
        if rest or count != self.parts[name].get("rows"):
            raise _altered(name)


def _row(name: str, number: int, line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or type(found.get("id")) is not int:
        raise ArchiveRefused(
            _("Line %(number)s of %(name)s cannot be read.") % {"number": number, "name": name}
        )
    return found


def _altered(name: str) -> ArchiveRefused:
    return ArchiveRefused(
        _("%(name)s is not as the archive was made: it was damaged on the way, or altered.")
        % {"name": name[:160]}
    )


def _home(manifest: dict[str, Any]) -> Home:
    told = manifest["organization"]
    home = Home(
        int(told["id"]),
        str(told["name"]).strip(),
        str(told["kind"]),
        str(told["time_zone"]),
        str(told["language"]),
        told["advises"] is True,
    )
    longest = Organization._meta.get_field("name").max_length
    is_sound = 0 < len(home.name) <= longest and home.time_zone in available_timezones()
    if not is_sound or home.kind not in OrganizationKind.values or len(home.language) > 12:
        raise ArchiveRefused(_("The archive does not say soundly which organization it is of."))
    return home


def people_of(archive: Archive) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for row in archive.rows("people.jsonl"):
        name, email, role = (str(row.get(key) or "")[:254] for key in ("name", "email", "role"))
        try:
            if email:
                validate_email(email)
        except ValidationError:
            email = ""
        found[row["id"]] = {
            "name": name,
            "email": email,
            "role": role if role in Role.values else "",
        }
    return found

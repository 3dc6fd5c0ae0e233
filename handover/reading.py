"""Opening an archive that came from somewhere, and believing nothing in it.

The manifest names every part with its size and SHA-256; what it does not name is refused, and of
what it names not one byte more than it says is read. So a zip that unpacks to far more than it
claims ends where its claim ends.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import SEEK_END, BufferedReader, FileIO
from math import isfinite
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
# Of the zip's own list of contents; 50,000 entries of ours take 7 MB.
MAX_PIECE = 10 * 1024 * 1024
MAX_PEOPLE = 100_000
MAX_DEPTH = 100
CHUNK = 256 * 1024
LANGUAGE = re.compile(r"[a-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
SHA256 = re.compile(r"[0-9a-f]{64}")
# What zipfile raises for what is cut off, altered, locked by a password or packed in an odd way.
UNREADABLE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, OSError)
FILE = re.compile(r"files/(?:evidence|reports|logos)/[0-9a-zA-Z._-]{1,150}")


class ArchiveRefused(Exception):
    """Why this is no archive that can be brought in, for whoever chose it."""


def damaged(words: str) -> ArchiveRefused:
    advice = _("Nothing was changed. Download it again, or have a new archive made.")
    return ArchiveRefused(f"{words} {advice}")


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
        self.file = _Bounded(FileIO(path))
        try:
            self.zip = zipfile.ZipFile(self.file)
        except (*UNREADABLE, ValueError, struct.error) as problem:
            self.file.close()
            raise ArchiveRefused(
                _("This is no zip file, or only a part of one. Choose the archive as downloaded.")
            ) from problem
        try:
            self.manifest = self._manifest()
            self.parts: dict[str, dict[str, Any]] = self.manifest["parts"]
            self.missing = frozenset(self.manifest.get("missing_files", ()))
            self.version: int = self.manifest["format_version"]
            self.home = _home(self.manifest)
            self._judge_names()
        except ArchiveRefused:
            self._close()
            raise
        except (LookupError, *UNREADABLE, TypeError, ValueError, AttributeError) as problem:
            self._close()
            raise ArchiveRefused(
                _("The archive’s manifest cannot be read. Choose the archive as downloaded.")
            ) from problem

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *ignored: object) -> None:
        self._close()

    def _close(self) -> None:
        self.zip.close()
        self.file.close()

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
            raise damaged(_("The archive’s manifest is too large."))
        found = json.loads(body)
        if not isinstance(found, dict) or found.get("format") != "waymark-archive":
            raise ArchiveRefused(_("This zip is no archive of Waymark."))
        if not is_sound(found):
            raise ArchiveRefused(
                _("The archive’s manifest cannot be read. Choose the archive as downloaded.")
            )
        version = found.get("format_version")
        if not isinstance(version, int) or isinstance(version, bool):
            raise damaged(_("The archive does not say which version of the format it has."))
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
            raise damaged(_("The archive holds too many parts, or one of them twice."))
        if set(names) - {"manifest.json"} != set(self.parts):
            raise damaged(_("The archive’s parts are not those its manifest names."))
        known = {part.file_name for part in CARRIED} | {"people.jsonl"}
        for name in self.parts:
            if name not in known and not FILE.fullmatch(name):
                raise damaged(_("The archive holds a part nobody here knows: “%s”.") % name[:120])
        for name, told in self.parts.items():
            numbers = [told["bytes"], told.get("rows", 0)]
            are_counts = all(type(one) is int and one >= 0 for one in numbers)
            if not are_counts or not SHA256.fullmatch(told["sha256"]):
                raise ValueError(name)
        if any(not FILE.fullmatch(name) for name in self.missing):
            raise ValueError("missing_files")
        if sum(told["bytes"] for told in self.parts.values()) > MAX_BYTES:
            raise damaged(_("Unpacked, the archive is larger than 4 GB."))

    def pieces(self, name: str) -> Iterator[bytes]:
        """The part's bytes; refused at the end unless they are those the manifest tells of."""
        told, digest, left = self.parts[name], hashlib.sha256(), self.parts[name]["bytes"]
        try:
            with self.zip.open(name) as source:
                while piece := source.read(min(CHUNK, left + 1)):
                    left -= len(piece)
                    if left < 0:
                        raise _altered(name)
                    digest.update(piece)
                    yield piece
        except UNREADABLE as problem:
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
                raise damaged(_("A line of “%s” is too long.") % name)
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
    if not isinstance(found, dict) or type(found.get("id")) is not int or not is_sound(found):
        raise damaged(
            _("Line %(number)s of “%(name)s” cannot be read.") % {"number": number, "name": name}
        )
    return found


def is_sound(value: Any) -> bool:
    """Whether every database can keep it: no NUL, no half of a character, no number that is none,
    and not nested deeper than anything written by Waymark.
    """
    left = [(value, 0)]
    while left:
        one, depth = left.pop()
        if isinstance(one, str):
            if "\x00" in one or not (one.isascii() or _is_whole(one)):
                return False
        elif isinstance(one, float):
            if not isfinite(one):
                return False
        elif isinstance(one, dict | list):
            if depth > MAX_DEPTH:
                return False
            left += ((inner, depth + 1) for inner in one)
            if isinstance(one, dict):
                left += ((inner, depth + 1) for inner in one.values())
    return True


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class _Bounded(BufferedReader):
    """A zip's list of contents is read in one piece, before anybody has counted it."""

    def read(self, size: int | None = -1) -> bytes:
        if size is None or size < 0:
            at = self.tell()
            size = self.seek(0, SEEK_END) - at
            self.seek(at)
        if size > MAX_PIECE:
            raise zipfile.BadZipFile("the list of its contents is too long")
        return super().read(size)


def _altered(name: str) -> ArchiveRefused:
    return damaged(
        _("“%s” is not as the archive was made: damaged on the way, or altered.") % name[:160]
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
    is_named = 0 < len(home.name) <= longest and home.time_zone in available_timezones()
    is_spoken = LANGUAGE.fullmatch(home.language) is not None and len(home.language) <= 12
    if not is_named or home.kind not in OrganizationKind.values or not is_spoken:
        raise damaged(_("The archive does not say soundly which organization it is of."))
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
        if len(found) >= MAX_PEOPLE or row["id"] in found:
            raise damaged(_("The archive names too many people, or one of them twice."))
        found[row["id"]] = {
            "name": name,
            "email": email,
            "role": role if role in Role.values else "",
        }
    return found

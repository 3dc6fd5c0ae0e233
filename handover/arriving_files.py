"""Files of an archive: each judged by its content, by what its row tells of it, and stored anew."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import tempfile
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _
from PIL import Image

from assessments.evidence_files import content, store
from handover.parts import Part
from handover.reading import Archive, ArchiveRefused, damaged
from handover.rows import bad
from handover.writing import STORES
from reports import logos, storage
from reports.logo_drawing import BOX

FULL_DISK = (errno.ENOSPC, errno.EDQUOT)
MAX_LOGO = 20 * 1024 * 1024
MAX_REPORT = 256 * 1024 * 1024
IN_MEMORY = 8 * 1024 * 1024
COLOUR = re.compile(r"(?:#[0-9a-fA-F]{6})?")
# What the forms of a report begin with; the others are text.
BEGINNINGS = {"pdf": b"%PDF-"} | dict.fromkeys(("pptx", "xlsx", "docx", "zip"), b"PK\x03\x04")


class ArrivingFiles:
    """`stored`: path in the archive → name here; `kinds`: of evidence, what its content is."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.stored: dict[str, str] = {}
        self.kinds: dict[str, str] = {}
        # Of evidence: what it is called, and which size and hash its rows tell of.
        self._called: dict[str, str] = {}
        self._told: dict[str, set[tuple[Any, Any]]] = {}

    def expect(self, part: Part, row: dict[str, Any]) -> None:
        """A row may name only a file of the archive, or one that is told to be missing."""
        for name, kept_in in part.files.items():
            stored = row.get(name)
            if kept_in == "frozen_logo":
                kept_in, stored = "logos", _frozen_logo(part, row, stored)
            elif kept_in == "logos":
                _judge_colours(part, row, row)
            path = f"files/{kept_in}/{stored}"
            if stored and path not in self.archive.parts and path not in self.archive.missing:
                raise damaged(_("A file is missing in the archive: “%s”.") % path[:160])
            if stored and kept_in == "evidence":
                self._called[path] = str(row.get("file_name", ""))
                self._told.setdefault(path, set()).add((row.get("size"), row.get("sha256")))

    def take(self, name: str) -> None:
        _files, kept_in, stored = name.split("/", 2)
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as body:
            for piece in self.archive.pieces(name):
                body.write(piece)
            body.seek(0)
            try:
                self.stored[name] = getattr(self, f"_take_{kept_in}")(body, stored)
            except OSError as problem:
                if problem.errno in FULL_DISK:
                    raise
                raise self._refused(name, "") from problem
            except content.Refused as problem:
                raise self._refused(name, str(problem)) from problem
            except (ValueError, SyntaxError) as problem:
                raise self._refused(name, "") from problem

    def hold(self) -> None:
        """Before rows name them: nothing that sweeps old files may take them away."""
        for name, stored in self.stored.items():
            try:
                os.utime(STORES[name.split("/")[1]](stored))
            except FileNotFoundError:
                raise ArchiveRefused(
                    _("Checking the archive took too long. Nothing was changed. Try again.")
                ) from None

    def forget(self) -> None:
        """Nothing came of it. A logo may be somebody else's as well, so the sweep sees to it."""
        for name, stored in self.stored.items():
            if not name.startswith("files/logos/"):
                STORES[name.split("/")[1]](stored).unlink(missing_ok=True)
        self.stored.clear()

    def _refused(self, name: str, why: str) -> ArchiveRefused:
        called = (self._called.get(name) or name)[:160]
        words = _("A file in the archive is not what it should be: “%s”.") % called
        return ArchiveRefused(f"{words} {why}") if why else damaged(words)

    def _take_evidence(self, body: Any, stored: str) -> str:
        store.path_of(stored)
        path = f"files/evidence/{stored}"
        told = self.archive.parts[path]
        if self._told.get(path, set()) - {(told["bytes"], told["sha256"])}:
            raise ValueError(stored)
        self.kinds[path] = content.judge(body, self._called.get(path, "")).content_type
        body.seek(0)
        return store.write(body).name

    def _take_logos(self, body: Any, stored: str) -> str:
        picture = body.read(MAX_LOGO + 1)
        try:
            with Image.open(io.BytesIO(picture), formats=["PNG"]) as found:
                fits = found.width <= BOX[0] and found.height <= BOX[1]
                found.verify()
        except Image.DecompressionBombError as problem:
            raise ValueError(stored) from problem
        if not fits or f"{hashlib.sha256(picture).hexdigest()}.png" != stored:
            raise ValueError(stored)
        return logos.write(picture)

    def _take_reports(self, body: Any, stored: str) -> str:
        storage.path_of(stored)
        extension = stored.rpartition(".")[2]
        file = body.read(MAX_REPORT + 1)
        if len(file) > MAX_REPORT or not file.startswith(BEGINNINGS.get(extension, b"")):
            raise ValueError(stored)
        # A number no report has: the name needs one, and rows have none yet.
        return storage.write(0, uuid4().hex, file, extension)


def _frozen_logo(part: Part, row: dict[str, Any], snapshot: Any) -> str:
    brand = snapshot.get("brand") if isinstance(snapshot, dict) else None
    if not brand:
        return ""
    if not isinstance(brand, dict):
        raise bad(part, row.get("id"), "brand")
    _judge_colours(part, row, brand)
    return str(brand.get("logo") or "")


def _judge_colours(part: Part, row: dict[str, Any], told: dict[str, Any]) -> None:
    """They go into the style sheet of a document as they are."""
    for name in ("main", "accent"):
        if not COLOUR.fullmatch(str(told.get(name) or "")):
            raise bad(part, row.get("id"), name)

"""Where evidence files lie: a private folder that no web server knows.

As with reports (`reports/storage.py`): a file is written under a temporary name, made
durable and renamed to a random name; only then does a row name it. What no row names, or only a
removed piece of evidence or one of a deleted assessment did, is swept.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from django.conf import settings

UNFINISHED = ".part"
CHUNK = 256 * 1024
SWEEP_AFTER_SECONDS = 60 * 60
"""Longer than any upload takes from its file to its row."""


@dataclass(frozen=True)
class Stored:
    name: str
    size: int
    sha256: str


def folder() -> Path:
    path = Path(settings.FILES_DIR) / "evidence"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def path_of(name: str) -> Path:
    """The path of a stored file. Names come from our own rows, but are checked all the same."""
    if not re.fullmatch(r"[0-9a-f]{32}", name):
        raise ValueError(f"not the name of a file of evidence: {name!r}")
    return folder() / name


def write(file: BinaryIO) -> Stored:
    """Store a copy for good. Nothing serves it until a row names it."""
    name = uuid4().hex
    target = path_of(name)
    unfinished = target.with_suffix(UNFINISHED)
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while piece := file.read(CHUNK):
            out.write(piece)
            digest.update(piece)
            size += len(piece)
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(target)
    return Stored(name, size, digest.hexdigest())


def remove(name: str) -> None:
    path_of(name).unlink(missing_ok=True)


def sweep_files(named: Collection[str], now: float | None = None) -> int:
    """Remove old files that no piece of evidence names; how many there were."""
    now = time.time() if now is None else now
    removed = 0
    for path in folder().iterdir():
        is_old = now - path.stat().st_mtime > SWEEP_AFTER_SECONDS
        if path.name not in named and is_old:
            path.unlink(missing_ok=True)
            removed += 1
    return removed

"""Where report files lie: a private folder that no web server knows.

A file is written under a temporary name, made durable, and renamed to a name with the claim's
token in it, which nobody else ever writes. Only then does a database transaction name it. So a
worker that dies leaves at most a file that no row names, and `sweep_files` takes it away.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

UNFINISHED = ".part"
NAME = r"(?:batch-)?\d+-[0-9a-z]+\.(?:pdf|pptx|xlsx|docx|zip|json|xml|ics|csv)"
SWEEP_AFTER_SECONDS = 60 * 60
"""Far longer than any rendering may take, so that a file being written is never swept."""


def folder() -> Path:
    path = Path(settings.FILES_DIR) / "reports"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def path_of(name: str) -> Path:
    """The path of a stored file. Names come from our own rows, but are checked all the same."""
    if not re.fullmatch(NAME, name):
        raise ValueError(f"not the name of a report file: {name!r}")
    return folder() / name


def write(report_id: int, token: str, body: bytes, extension: str = "pdf") -> str:
    """Store a file for good and return its name. Nothing serves it until a row names it."""
    name = f"{report_id}-{token}.{extension}"
    with unfinished_file(name) as path:
        path.write_bytes(body)
    return name


@contextmanager
def unfinished_file(name: str) -> Iterator[Path]:
    """Where to write a file of this name. It is made durable and gets its name at the end; of one
    that could not be written whole (the disk is full) nothing stays.
    """
    target = path_of(name)
    unfinished = target.with_suffix(UNFINISHED)
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        yield unfinished
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def remove_others(report_id: int, keep: str) -> None:
    """Take away what earlier, beaten attempts at the same report have left."""
    for path in folder().glob(f"{report_id}-*"):
        if path.name != keep:
            path.unlink(missing_ok=True)


def sweep_files(named: Collection[str], now: float | None = None) -> int:
    """Remove old files that no report names; how many there were."""
    now = time.time() if now is None else now
    removed = 0
    for path in folder().iterdir():
        is_old = now - path.stat().st_mtime > SWEEP_AFTER_SECONDS
        if path.name not in named and is_old:
            path.unlink(missing_ok=True)
            removed += 1
    return removed

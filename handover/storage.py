"""Where archives lie: a private folder that no web server knows, as with reports' files."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

SWEEP_AFTER_SECONDS = 24 * 60 * 60
NAME = re.compile(r"(?:out|in)-[0-9a-z-]+\.zip")


def folder() -> Path:
    path = Path(settings.FILES_DIR) / "handover"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def path_of(name: str) -> Path:
    if not NAME.fullmatch(name):
        raise ValueError(f"not the name of an archive: {name!r}")
    return folder() / name


@contextmanager
def unfinished_file(name: str) -> Iterator[Path]:
    """Where to write; it gets its name when it is whole. Of half a file nothing stays."""
    target = path_of(name)
    unfinished = target.with_suffix(".part")
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        yield unfinished
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def sweep(named: Collection[str]) -> int:
    removed = 0
    for path in folder().iterdir():
        if path.name not in named and time.time() - path.stat().st_mtime > SWEEP_AFTER_SECONDS:
            path.unlink(missing_ok=True)
            removed += 1
    return removed

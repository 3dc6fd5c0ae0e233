"""Where logos lie: PNG files that we drew ourselves, named by the SHA-256 of their bytes.

So a name stands for one picture for ever, and a report that was frozen with a name is printed with
the same logo next year, whatever the brand wears by then.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
from collections.abc import Collection
from pathlib import Path

from django.conf import settings

SWEEP_AFTER_SECONDS = 24 * 60 * 60


def folder() -> Path:
    path = Path(settings.FILES_DIR) / "logos"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def path_of(name: str) -> Path:
    """The path of a stored logo. Names come from our own rows, but are checked all the same."""
    if not re.fullmatch(r"[0-9a-f]{64}\.png", name):
        raise ValueError(f"not the name of a logo: {name!r}")
    return folder() / name


def read(name: str) -> bytes:
    return path_of(name).read_bytes()


def write(body: bytes) -> str:
    """Store a picture for good and return its name. The same picture is stored once."""
    name = f"{hashlib.sha256(body).hexdigest()}.png"
    target = path_of(name)
    if target.exists():
        # A sweep that runs now must see that it is wanted again.
        os.utime(target)
        return name
    unfinished = target.with_suffix(f".{secrets.token_hex(8)}.part")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(body)
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(target)
    return name


def sweep(named: Collection[str], now: float | None = None) -> int:
    """Remove old files that neither a brand nor a frozen report names; how many there were."""
    now = time.time() if now is None else now
    removed = 0
    for path in folder().iterdir():
        if path.name not in named and now - path.stat().st_mtime > SWEEP_AFTER_SECONDS:
            path.unlink(missing_ok=True)
            removed += 1
    return removed

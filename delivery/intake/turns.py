"""Writers of one SQLite database, in a queue.

SQLite itself lets a writer sleep and look again, for longer each time: in a burst the door would
sleep while the database is free. Those who write much (the door and its worker) wait here instead,
where the next one is woken at once. Everyone else is served by SQLite as before.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

_threads = threading.Lock()
# By process: what was opened before a fork would be one lock for both sides.
_files: dict[int, int] = {}


@contextmanager
def in_turn() -> Iterator[None]:
    """Hold the turn while writing; other databases need none."""
    if connection.vendor != "sqlite":
        yield
        return
    with _threads:
        held = _file()
        fcntl.flock(held, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(held, fcntl.LOCK_UN)


def _file() -> int:
    pid = os.getpid()
    if pid not in _files:
        _files.clear()
        path = Path(settings.BROKER_DIR) / "intake.lock"
        _files[pid] = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    return _files[pid]

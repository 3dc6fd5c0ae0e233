"""What costs seconds to make is made once in a whole run, by whichever process needs it first."""

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path


def made_once(shared: Path, name: str, make: Callable[[Path], object]) -> Path:
    """The folder `name` of all processes of this run, with what `make` puts into it."""
    folder, complete = shared / name, shared / f"{name}.complete"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not complete.exists():
            # What a process left behind that began it and failed.
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            complete.touch()
    return folder

"""The secret key of a machine that is not production: made once, kept private, never committed."""

import contextlib
import os
import tempfile
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def local_secret_key(path: Path) -> str:
    """Read the key at `path`; make it first when it is missing.

    Two processes may start at the same moment: the key is linked into place whole, and whoever
    comes second reads the first one's.
    """
    if not path.exists():
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w") as file:
            file.write(get_random_secret_key())
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
        os.unlink(name)
    return path.read_text()

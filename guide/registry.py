"""Where guides come from: the shipped one, its frozen releases, and sources others register.

Whatever an assessment was made with must stay readable, unchanged: a release is never edited, and
neither is what a source once gave for an id and version.
"""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from guide.compiled import CompiledGuideError, load_compiled
from guide.loading import load_guide
from guide.model import Guide
from guide.yamlfile import Problem

CONTENT = Path(__file__).parent / "content"
RELEASES = Path(__file__).parent / "releases"
RELEASE_SUFFIX = ".json.gz"
DEFAULT_GUIDE = "healthcare-devops"
# A guide takes a few megabytes of memory, and organizations may upload their own.
MAX_KEPT = 16

Source = Callable[[str, str], Guide | None]


class GuideNotFound(LookupError):
    """No guide of that id and version is installed."""


_sources: list[Source] = []
_kept: OrderedDict[tuple[str, str], Guide] = OrderedDict()
_lock = threading.Lock()


@lru_cache(maxsize=1)
def current_guide() -> Guide:
    """The newest shipped version of the default guide."""
    return load_guide(CONTENT / DEFAULT_GUIDE)


def get_guide(guide_id: str, version: str) -> Guide:
    """The guide an assessment was made with.

    Raises:
        GuideNotFound: when that version is not installed.
    """
    current = current_guide()
    if (current.id, current.version) == (guide_id, version):
        return current
    key = (guide_id, version)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    guide = _find(guide_id, version)
    if guide is None:
        raise GuideNotFound(f"guide {guide_id} {version} is not installed here")
    with _lock:
        _kept[key] = guide
        while len(_kept) > MAX_KEPT:
            _kept.popitem(last=False)
    return guide


def _find(guide_id: str, version: str) -> Guide | None:
    released = releases().get((guide_id, version))
    if released is not None:
        return read_release(released)
    return next((guide for find in _sources if (guide := find(guide_id, version))), None)


def register_source(source: Source) -> None:
    """Ask `source(guide_id, version)` for guides that are not shipped; it answers None for others.

    What it once gave is kept and not asked for again: it must never change.
    """
    if source not in _sources:
        _sources.append(source)


def forget_kept_guides() -> None:
    """Ask the sources again; for tests that give one key to several guides."""
    with _lock:
        _kept.clear()


def known_versions(guide_id: str) -> tuple[str, ...]:
    """The shipped versions of a guide, newest first. Sources list their own."""
    found = {version for released, version in releases() if released == guide_id}
    current = current_guide()
    if current.id == guide_id:
        found.add(current.version)
    return tuple(sorted(found, key=lambda v: [int(part) for part in v.split(".")], reverse=True))


@lru_cache(maxsize=1)
def releases() -> Mapping[tuple[str, str], Path]:
    """The frozen releases by id and version."""
    found = {}
    for path in sorted(RELEASES.glob(f"*{RELEASE_SUFFIX}")):
        guide_id, _, version = path.name.removesuffix(RELEASE_SUFFIX).rpartition("-")
        found[guide_id, version] = path
    return found


def read_release(path: Path) -> Guide:
    """A frozen guide.

    Raises:
        CompiledGuideError: when the file is damaged.
    """
    try:
        text = gzip.decompress(path.read_bytes()).decode()
    except (OSError, EOFError, ValueError) as error:
        problem = Problem(path.name, 1, f"the file can't be read: {error}")
        raise CompiledGuideError([problem]) from error
    return load_compiled(text, path.name)

"""The guides that ship with Waymark, loaded once and shared."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from guide.loading import load_guide
from guide.model import Guide

CONTENT = Path(__file__).parent / "content"
DEFAULT_GUIDE = "healthcare-devops"


class GuideNotFound(LookupError):
    """No guide of that id and version is installed."""


@lru_cache(maxsize=1)
def current_guide() -> Guide:
    """The newest shipped version of the default guide."""
    return load_guide(CONTENT / DEFAULT_GUIDE)


def get_guide(guide_id: str, version: str) -> Guide:
    """The guide an assessment was made with.

    Raises:
        GuideNotFound: when that version is not installed.
    """
    guide = current_guide()
    if (guide.id, guide.version) != (guide_id, version):
        raise GuideNotFound(f"guide {guide_id} {version} is not installed here")
    return guide

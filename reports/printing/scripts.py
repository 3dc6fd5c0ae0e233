"""Which scripts a document is written in, so that only their fonts are prepared.

Each font costs some hundredths of a second of every first document of a process. The answer depends
on the document alone: the same document is always printed with the same fonts.
"""

from __future__ import annotations

import re

SCRIPTS = {
    "extended": (
        "\u0100-\u02c5\u02c7-\u02d9\u02dd-\u02ff\u1e00-\u1e9f\u1ef2-\u1eff"
        "\u2020\u2113\u20a0-\u20ab\u20ad-\u20c0"
    ),
    "vietnamese": "\u0300-\u0309\u0323\u0329\u1ea0-\u1ef9\u20ab",
    "greek": "\u0370-\u03ff",
    "cyrillic": "\u0400-\u052f\u2116",
    "hebrew": "\u0590-\u05ff\ufb1d-\ufb4f",
    "arabic": "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc",
}
_FINDERS = {script: re.compile(f"[{ranges}]") for script, ranges in SCRIPTS.items()}


def scripts_of(text: str) -> tuple[str, ...]:
    """The scripts beside Latin, always in the same order."""
    return tuple(script for script, finder in _FINDERS.items() if finder.search(text))

"""The name a file is offered under: readable, harmless, and true about what it is."""

from __future__ import annotations

import re
import unicodedata

from assessments.evidence_files.content import Kind

MAX_LENGTH = 150
_RESERVED = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')


def safe_name(name: str, kind: Kind) -> str:
    """The name without folders, signs that control anything, and with an ending that is true."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    # Signs that turn the direction of text can make "gpj.exe" look like "exe.jpg".
    plain = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    plain = " ".join(_RESERVED.sub(" ", plain).split()).rstrip(". ")
    stem, dot, suffix = plain.rpartition(".")
    known = f".{suffix.lower()}" if dot else ""
    if known in kind.suffixes:
        return f"{stem.strip()[:MAX_LENGTH] or 'file'}{known}"
    # An ending that lies goes; a dot inside a name ("v1.2 notes") is no ending.
    stem = stem if dot and re.fullmatch(r"[a-z0-9]{1,5}", suffix.lower()) else plain
    return f"{stem.strip('. ')[:MAX_LENGTH] or 'file'}{kind.suffixes[0]}"

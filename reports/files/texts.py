"""Texts that people typed, made fit for formats that cannot hold every character."""

from __future__ import annotations

import re

# XML 1.0 knows no other control characters, and no halves of surrogate pairs.
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def for_xml(text: str) -> str:
    return NOT_IN_XML.sub("\ufffd", text)

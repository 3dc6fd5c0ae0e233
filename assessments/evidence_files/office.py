"""Is a zip file a sound Office document (DOCX, XLSX, PPTX), and nothing more?"""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import BinaryIO

MAX_ENTRIES = 5_000
MAX_UNPACKED = 120 * 1024 * 1024
# Sheets of numbers pack well; what packs better than this is made to burst.
MAX_RATIO = 200
RATIO_COUNTS_FROM = 1024 * 1024
MAX_TYPES = 512 * 1024
TYPES = "[Content_Types].xml"

_MAIN = {
    b"wordprocessingml.document.main+xml": "docx",
    b"spreadsheetml.sheet.main+xml": "xlsx",
    b"presentationml.presentation.main+xml": "pptx",
    b"presentationml.slideshow.main+xml": "pptx",
}
_ACTIVE = re.compile(
    r"vbaproject|vbadata|(^|/)activex/|oleobject|\.(exe|dll|com|scr|js|jse|vbs|vbe|wsf|hta|bat|cmd"
    r"|ps1|jar|msi|lnk|html?|svgz|swf)$",
    re.IGNORECASE,
)


class NoOfficeFile(ValueError):
    """A zip file of some other kind."""


class HasMacros(ValueError):
    """It holds macros, controls or programs."""


class Unsound(ValueError):
    """Damaged, encrypted, or made to burst."""


def kind_of(file: BinaryIO) -> str:
    """`docx`, `xlsx` or `pptx`. Nothing is unpacked before the stated sizes are known to be small,
    and unpacking stops where an entry says it ends: one that lies fails its checksum.
    """
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if TYPES not in archive.namelist():
                raise NoOfficeFile
            _must_be_modest(entries)
            types = _content_types(archive)
            if any(_ACTIVE.search(entry.filename) for entry in entries) or _is_active(types):
                raise HasMacros
            if archive.testzip() is not None:
                raise Unsound
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        raise Unsound from None
    kind = next((kind for mark, kind in _MAIN.items() if mark in types), None)
    if kind is None:
        raise NoOfficeFile
    return kind


def _must_be_modest(entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED:
        raise Unsound
    if unpacked > RATIO_COUNTS_FROM and unpacked > MAX_RATIO * max(packed, 1):
        raise Unsound
    for entry in entries:
        is_odd = entry.filename.startswith("/") or "\\" in entry.filename
        if is_odd or ".." in entry.filename.split("/") or entry.flag_bits & 0x1:
            raise Unsound
    if len({entry.filename for entry in entries}) != len(entries):
        raise Unsound


def _content_types(archive: zipfile.ZipFile) -> bytes:
    with archive.open(TYPES) as found:
        types = found.read(MAX_TYPES + 1)
    if len(types) > MAX_TYPES or b"<!" in types:
        raise Unsound
    return types


def _is_active(types: bytes) -> bool:
    lower = types.lower()
    return b"macroenabled" in lower or b"vbaproject" in lower or b"activex" in lower

"""What a file is, judged by its content. Its name and what the browser says prove nothing.

Few kinds are taken, each by a check of its own; everything else is refused with the way out.
Nothing here looks for malware: who opens a file still needs a virus scanner.
"""

from __future__ import annotations

import codecs
import json
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

import filetype
from django.utils.translation import gettext as _
from PIL import Image

from assessments.evidence_files import office

HEAD = 8192
TEXT_CHUNK = 256 * 1024
OVERLAP = 1024
MAX_JSON = 4 * 1024 * 1024


class Refused(ValueError):
    """The file is not taken; the message says why and what to do."""


@dataclass(frozen=True)
class Kind:
    """What a file was found to be. `suffixes`: the endings its name may keep, the usual first."""

    content_type: str
    suffixes: tuple[str, ...]


PDF = Kind("application/pdf", (".pdf",))
PNG = Kind("image/png", (".png",))
JPEG = Kind("image/jpeg", (".jpg", ".jpeg"))
WEBP = Kind("image/webp", (".webp",))
TEXT = Kind("text/plain", (".txt", ".log"))
MARKDOWN = Kind("text/markdown", (".md", ".markdown"))
CSV = Kind("text/csv", (".csv", ".tsv"))
JSON = Kind("application/json", (".json",))
OFFICE = {
    "docx": Kind(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",)
    ),
    "xlsx": Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",)),
    "pptx": Kind(
        "application/vnd.openxmlformats-officedocument.presentationml.presentation", (".pptx",)
    ),
}
# Other kinds of file that are zip files inside.
PACKED = ("odt", "ods", "odp", "jar", "apk", "epub")
PICTURES = {"png": PNG, "jpg": JPEG, "webp": WEBP}
TEXTS = {suffix: kind for kind in (TEXT, MARKDOWN, CSV, JSON) for suffix in kind.suffixes}

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Text that a browser, or a reader that trusts the name, would take for a page or a drawing. A plain
# "<source>" in a runbook is none; a tag with attributes is.
_MARKUP = re.compile(
    rb"<\s*(?:!doctype|!entity|\?xml|\?php|%@|/?(?:html|head|body|script|style|svg|math|iframe"
    rb"|frameset|embed|applet|foreignobject|xsl:\w+)(?=[\s/>]))"
    rb"|<\s*[a-z][\w:-]*\s[^<>]{0,400}?[\w:-]+\s*=\s*[\"']",
    re.IGNORECASE,
)
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")


def judge(file: BinaryIO, name: str) -> Kind:
    """The kind of the file; `name` only chooses among kinds of text, which have no signature.

    Raises:
        Refused: it is none of the kinds taken, or not a sound one.
    """
    file.seek(0)
    head = file.read(HEAD)
    if not head:
        raise Refused(_("The file is empty. Save it anew and choose it again."))
    if head.startswith(b"%PDF-"):
        return _pdf(file)
    if head.startswith(_ZIP):
        return _office(file, head)
    guessed = filetype.guess(head)
    if guessed is not None and guessed.extension in PICTURES:
        return _picture(file, guessed.extension)
    if guessed is not None or head.startswith(_OLE):
        raise Refused(_what_it_is(guessed.extension if guessed else "ole"))
    return _text(file, head, name)


def _what_it_is(extension: str) -> str:
    if extension in ("exe", "elf", "jar", "apk", "dex", "swf", "crx", "deb", "rpm", "ar"):
        return _(
            "This is a program, whatever its name says. Waymark takes no programs: show what it "
            "does with a PDF or a picture."
        )
    if extension in ("zip", "gz", "bz2", "7z", "rar", "tar", "xz", "lz", "zst", "lzo", "cab", "Z"):
        return _("This is an archive. Unpack it and add the files that show the answer one by one.")
    if extension in ("ole", "doc", "xls", "ppt", "rtf", "odt", "ods", "odp"):
        return _(
            "This is a document of a kind Waymark does not take (an older Office file, RTF or "
            "OpenDocument). Save it as PDF, DOCX, XLSX or PPTX and add that."
        )
    return _(
        "Waymark does not take this kind of file (%s). Save it as PDF, PNG, JPEG or WebP, or as "
        "plain text, and add that."
    ) % (extension or _("unknown"))


def _pdf(file: BinaryIO) -> Kind:
    size = file.seek(0, 2)
    file.seek(max(0, size - 2048))
    if b"%%EOF" not in file.read():
        raise Refused(_("This PDF is cut off or damaged. Save or export it anew and add that."))
    return PDF


def _picture(file: BinaryIO, extension: str) -> Kind:
    file.seek(0)
    try:
        with warnings.catch_warnings():
            # A picture of very many points is a bomb for whoever opens it.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=("PNG", "JPEG", "WEBP")) as picture:
                picture.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(_("This picture has too many points. Save a smaller copy.")) from None
    except Exception:  # Pillow raises many kinds for what it can't read
        raise Refused(
            _("This is not a sound picture. Open it, save it anew and add that.")
        ) from None
    return PICTURES[extension]


def _office(file: BinaryIO, head: bytes) -> Kind:
    try:
        return OFFICE[office.kind_of(file)]
    except office.NoOfficeFile:
        guessed = filetype.guess(head)
        known = guessed is not None and guessed.extension in PACKED
        raise Refused(_what_it_is(guessed.extension if guessed and known else "zip")) from None
    except office.HasMacros:
        raise Refused(
            _(
                "This Office file holds macros or embedded programs. Save it without them (as "
                "DOCX, XLSX or PPTX) or as PDF."
            )
        ) from None
    except office.Unsound:
        raise Refused(
            _(
                "This Office file is damaged, protected by a password, or far larger unpacked than "
                "a document is. Open it, save it anew or as PDF, and add that."
            )
        ) from None


def _text(file: BinaryIO, head: bytes, name: str) -> Kind:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused(_("This text is not in UTF-8. Save it as UTF-8 and add that."))
    if head.startswith(b"#!"):
        raise Refused(_what_it_is("exe"))
    if _CONTROL.search(head):
        raise Refused(_what_it_is(""))
    _each_piece(file, _must_be_plain)
    kind = next((kind for suffix, kind in TEXTS.items() if name.lower().endswith(suffix)), TEXT)
    return TEXT if kind is JSON and not _is_json(file) else kind


def _each_piece(file: BinaryIO, check: Callable[[bytes], None]) -> None:
    """Run the check over all of the file, each piece with the end of the one before."""
    decode = codecs.getincrementaldecoder("utf-8")().decode
    file.seek(0)
    before = b""
    try:
        while piece := file.read(TEXT_CHUNK):
            decode(piece)
            check(before + piece)
            before = (before + piece)[-OVERLAP:]
        decode(b"", final=True)
    except UnicodeDecodeError:
        raise Refused(
            _("This is not text in UTF-8. Save it as UTF-8 text, or as PDF, and add that.")
        ) from None


def _must_be_plain(piece: bytes) -> None:
    if _CONTROL.search(piece):
        raise Refused(_what_it_is(""))
    if _MARKUP.search(piece):
        raise Refused(
            _(
                "This text holds a web page, a drawing (SVG) or other markup, which can carry "
                "scripts. Save it as PDF, PNG or plain text without tags, and add that."
            )
        )


def _is_json(file: BinaryIO) -> bool:
    file.seek(0)
    text = file.read(MAX_JSON + 1)
    if len(text) > MAX_JSON:
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True

"""What is taken as a piece of evidence, of an answer or of work: a link, or a file that is kept.

The apps that hold evidence have rows of their own for it; what may stand in them is said here once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Protocol
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.http import FileResponse
from django.utils.translation import gettext as _

from assessments.evidence_files import store
from assessments.evidence_files.content import Refused, judge
from assessments.evidence_files.names import safe_name

MAX_PIECES = 50
MAX_TITLE = 200
MAX_URL = 1000
# Names of parameters that carry a key or password.
SECRETS = frozenset(
    {
        "password",
        "passwd",
        "pwd",
        "token",
        "access_token",
        "auth_token",
        "id_token",
        "api_key",
        "apikey",
        "key",
        "secret",
        "client_secret",
        "sig",
        "signature",
        "x-amz-signature",
        "sas",
        "session",
        "sessionid",
        "jsessionid",
    }
)


class EvidenceInvalid(ValueError):
    """The piece can't be taken; `field` is the field the message belongs to."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(message)


class Piece(Protocol):
    """The fields that every row of evidence has."""

    url: str
    title: str
    stored_name: str
    file_name: str
    content_type: str
    size: int
    sha256: str


def set_link(piece: Piece, url: str, title: str) -> None:
    """Write the address into the row, with its host as the title where none is given.

    Raises:
        EvidenceInvalid: the address is none, or carries a password or key; the title is too long.
    """
    piece.url = clean_link(url)
    piece.title = clean_title(title, urlsplit(piece.url).hostname or piece.url)


def set_file(piece: Piece, file: BinaryIO, name: str, title: str) -> None:
    """Judge the file by its content and write what it is into the row; nothing is stored yet.

    Raises:
        EvidenceInvalid: the file is of no kind that is taken, or damaged, or too large.
    """
    if file.seek(0, 2) > settings.WAYMARK_UPLOAD_BYTES:
        raise EvidenceInvalid("file", too_large())
    try:
        kind = judge(file, name)
    except Refused as refused:
        raise EvidenceInvalid("file", str(refused)) from None
    piece.file_name = safe_name(name, kind)
    piece.title = clean_title(title, piece.file_name)
    piece.content_type = kind.content_type


@contextmanager
def stored(piece: Piece, file: BinaryIO) -> Iterator[None]:
    """Store the file and name it in the row; where the row is not saved, the file goes again."""
    kept = store.write(file)
    piece.stored_name, piece.size, piece.sha256 = kept.name, kept.size, kept.sha256
    try:
        yield
    except Exception:
        store.remove(kept.name)
        raise


def attachment(piece: Piece) -> FileResponse:
    """The stored file as a download: nothing that was uploaded is shown inside Waymark.

    Raises:
        FileNotFoundError: it is missing from the server.
    """
    response = FileResponse(
        store.path_of(piece.stored_name).open("rb"),
        as_attachment=True,
        filename=piece.file_name,
        content_type=piece.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


def clean_link(url: str) -> str:
    """The address as it is stored.

    Raises:
        EvidenceInvalid: with what to do.
    """
    address = url.strip()
    if len(address) > MAX_URL:
        raise EvidenceInvalid("url", _("The address has more than 1,000 characters. Shorten it."))
    try:
        parts = urlsplit(address)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname)
        port_is_a_number = parts.port is None or parts.port > 0
    except ValueError:
        is_good = port_is_a_number = False
    if not (is_good and port_is_a_number) or any(c.isspace() or c in '\\<>"' for c in address):
        message = _("Give a whole address that begins with https:// or http://, without blanks.")
        raise EvidenceInvalid("url", message)
    names = {name.lower() for name, _value in parse_qsl(parts.query) + parse_qsl(parts.fragment)}
    if parts.username is not None or parts.password is not None or names & SECRETS:
        message = _(
            "This address carries a password or key, and everyone who may read this page would "
            "have it. Give the address without it."
        )
        raise EvidenceInvalid("url", message)
    return address


def clean_title(title: str, otherwise: str) -> str:
    """The title as it is stored; without one, the other words.

    Raises:
        EvidenceInvalid: it is too long.
    """
    plain = " ".join(title.replace("\x00", "").split()) or otherwise
    if len(plain) > MAX_TITLE:
        raise EvidenceInvalid("title", _("Shorten the title to %s characters.") % MAX_TITLE)
    return plain


def too_large() -> str:
    return _(
        "The file is larger than %s MB. Save a smaller copy, add the pages that matter, or give "
        "a link to where it lies."
    ) % (settings.WAYMARK_UPLOAD_BYTES // 1_000_000)

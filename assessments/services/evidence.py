"""Adding and removing what shows an answer."""

from collections.abc import Callable
from datetime import date
from typing import BinaryIO
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from assessments.enums import KindOfEvidence
from assessments.evidence_files import store
from assessments.evidence_files.content import Refused, judge
from assessments.evidence_files.names import safe_name
from assessments.models import Assessment, Evidence
from assessments.services.answers import find_question, lock_draft

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


_named_elsewhere: list[Callable[[], set[str]]] = []


class EvidenceInvalid(ValueError):
    """The piece can't be taken; `field` is the field the message belongs to."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(message)


def evidence_add_link(
    *,
    assessment: Assessment,
    user: User | None,
    question_id: str,
    url: str,
    title: str = "",
    expires_on: date | None = None,
) -> Evidence:
    """Add a link to something that shows the answer.

    Raises:
        EvidenceInvalid: the address is none, or carries a password or key.
        AssessmentClosed: the assessment is submitted.
    """
    address = clean_link(url)
    host = urlsplit(address).hostname or address
    piece = Evidence(
        kind=KindOfEvidence.LINK, url=address, title=clean_title(title, host), expires_on=expires_on
    )
    return _add(assessment, user, question_id, piece)


def evidence_add_file(
    *,
    assessment: Assessment,
    user: User | None,
    question_id: str,
    file: BinaryIO,
    name: str,
    title: str = "",
    expires_on: date | None = None,
) -> Evidence:
    """Add a file that shows the answer: judged by its content, stored, then named by a row.

    Raises:
        EvidenceInvalid: the file is of no kind that is taken, or damaged, or too large.
        AssessmentClosed: the assessment is submitted.
    """
    if file.seek(0, 2) > settings.WAYMARK_UPLOAD_BYTES:
        raise EvidenceInvalid("file", too_large())
    try:
        kind = judge(file, name)
    except Refused as refused:
        raise EvidenceInvalid("file", str(refused)) from None
    shown = safe_name(name, kind)
    piece = Evidence(
        kind=KindOfEvidence.FILE,
        title=clean_title(title, shown),
        file_name=shown,
        content_type=kind.content_type,
        expires_on=expires_on,
    )
    _check(assessment, question_id, piece)
    stored = store.write(file)
    piece.stored_name, piece.size, piece.sha256 = stored.name, stored.size, stored.sha256
    try:
        return _add(assessment, user, question_id, piece)
    except Exception:
        store.remove(stored.name)
        raise


@transaction.atomic
def evidence_remove(*, evidence: Evidence, user: User) -> bool:
    """Take a piece away; False when it was taken away before.

    The row stays, and says who had added it and when it went. The nightly sweep deletes its file.
    """
    pieces = Evidence.objects.filter(pk=evidence.pk, removed_at=None)
    if not pieces.update(removed_at=timezone.now()):
        return False
    record(
        organization=evidence.assessment.organization,
        actor=user,
        verb="evidence.removed",
        target=evidence,
        detail=_detail(evidence),
    )
    return True


def evidence_files_sweep() -> int:
    """Delete the files that no piece of evidence names any more, here or in an app above."""
    kept = Evidence.objects.filter(removed_at=None).exclude(stored_name="")
    named = set(kept.values_list("stored_name", flat=True))
    for names in _named_elsewhere:
        named |= names()
    return store.sweep_files(named)


def keep_files_named_by(names: Callable[[], set[str]]) -> None:
    """Keep the files an app above names; it registers from its `AppConfig.ready()`."""
    if names not in _named_elsewhere:
        _named_elsewhere.append(names)


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


def too_large() -> str:
    return _(
        "The file is larger than %s MB. Save a smaller copy, add the pages that matter, or give "
        "a link to where it lies."
    ) % (settings.WAYMARK_UPLOAD_BYTES // 1_000_000)


def clean_title(title: str, otherwise: str) -> str:
    """The title as it is stored; without one, the other words.

    Raises:
        EvidenceInvalid: it is too long.
    """
    plain = " ".join(title.replace("\x00", "").split()) or otherwise
    if len(plain) > MAX_TITLE:
        raise EvidenceInvalid("title", _("Shorten the title to %s characters.") % MAX_TITLE)
    return plain


def _check(assessment: Assessment, question_id: str, piece: Evidence) -> None:
    find_question(assessment, question_id)
    today = timezone.localdate()
    if piece.expires_on is not None and piece.expires_on < today:
        message = _("This day is past. Give the last day on which it still holds, or leave it out.")
        raise EvidenceInvalid("expires_on", message)
    pieces = Evidence.objects.filter(
        assessment=assessment, question_id=question_id, removed_at=None
    )
    if pieces.count() >= MAX_PIECES:
        message = _(
            "This question has %s pieces of evidence already. Remove some that no longer matter, "
            "or put several into one document."
        )
        raise EvidenceInvalid(
            "file" if piece.kind == KindOfEvidence.FILE else "url", message % MAX_PIECES
        )


def _add(assessment: Assessment, user: User | None, question_id: str, piece: Evidence) -> Evidence:
    with transaction.atomic():
        lock_draft(assessment)
        _check(assessment, question_id, piece)
        piece.assessment, piece.question_id, piece.added_by = assessment, question_id, user
        piece.save()
        record(
            organization=assessment.organization,
            actor=user,
            verb="evidence.added",
            target=piece,
            detail=_detail(piece),
        )
    return piece


def _detail(piece: Evidence) -> dict[str, str | int]:
    found: dict[str, str | int] = {
        "assessment": piece.assessment_id,
        "question": piece.question_id,
        "kind": piece.kind,
    }
    if piece.sha256:
        found |= {"sha256": piece.sha256, "size": piece.size}
    return found

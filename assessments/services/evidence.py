"""Adding and removing what shows an answer."""

from collections.abc import Callable
from datetime import date
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from assessments.enums import KindOfEvidence
from assessments.evidence_files import store
from assessments.evidence_files.pieces import (
    MAX_PIECES,
    EvidenceInvalid,
    set_file,
    set_link,
    stored,
)
from assessments.models import Assessment, Evidence
from assessments.services.answers import find_question, lock_draft

_named_elsewhere: list[Callable[[], set[str]]] = []


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
    piece = Evidence(kind=KindOfEvidence.LINK, expires_on=expires_on)
    set_link(piece, url, title)
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
    piece = Evidence(kind=KindOfEvidence.FILE, expires_on=expires_on)
    set_file(piece, file, name, title)
    _check(assessment, question_id, piece)
    with stored(piece, file):
        return _add(assessment, user, question_id, piece)


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

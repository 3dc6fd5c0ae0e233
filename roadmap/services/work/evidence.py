"""Files and links that show an initiative is done, or an item of a gate is met.

They are judged, named and stored as the evidence of answers is (`assessments/evidence_files`).
"""

from __future__ import annotations

from typing import BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from accounts.tenancy import Access
from assessments.evidence_files.pieces import (
    MAX_PIECES,
    EvidenceInvalid,
    set_file,
    set_link,
    stored,
)
from roadmap.enums import EntryKind, KindOfProof
from roadmap.models import GateState, PlannedInitiative, ProgressEntry, Roadmap, WorkEvidence
from roadmap.services.present import hold

__all__ = [
    "EvidenceInvalid",
    "evidence_add_file",
    "evidence_add_link",
    "evidence_remove",
    "may_remove",
    "stored_names",
]


def evidence_add_link(
    *,
    roadmap: Roadmap,
    user: User | None,
    url: str,
    title: str = "",
    initiative: PlannedInitiative | None = None,
    gate: GateState | None = None,
    item_id: str = "",
) -> WorkEvidence:
    """Add a link to something that shows it. The same link again changes nothing.

    Raises:
        EvidenceInvalid: the address is none, or carries a password or key.
    """
    piece = WorkEvidence(
        roadmap=roadmap,
        initiative=initiative,
        gate=gate,
        item_id=item_id,
        kind=KindOfProof.LINK,
    )
    set_link(piece, url, title)
    known = _beside(piece).filter(url=piece.url).first()
    return known or _add(piece, user)


def evidence_add_file(
    *,
    roadmap: Roadmap,
    user: User | None,
    file: BinaryIO,
    name: str,
    title: str = "",
    initiative: PlannedInitiative | None = None,
    gate: GateState | None = None,
    item_id: str = "",
) -> WorkEvidence:
    """Add a file that shows it: judged by its content, stored, then named by a row.

    Raises:
        EvidenceInvalid: the file is of no kind that is taken, or damaged, or too large.
    """
    piece = WorkEvidence(
        roadmap=roadmap,
        initiative=initiative,
        gate=gate,
        item_id=item_id,
        kind=KindOfProof.FILE,
    )
    set_file(piece, file, name, title)
    _check(piece)
    with stored(piece, file):
        return _add(piece, user)


def may_remove(access: Access, piece: WorkEvidence) -> bool:
    """Whoever added it, and editors: a file may hold what it must not."""
    return access.can_edit or (access.can_track and piece.added_by_id == access.user.pk)


@transaction.atomic
def evidence_remove(*, evidence: WorkEvidence, user: User) -> bool:
    """Take a piece away; False when it was taken away before.

    The row stays, and says who had added it and when it went. The nightly sweep deletes its file.
    """
    pieces = WorkEvidence.objects.filter(pk=evidence.pk, removed_at=None)
    if not pieces.update(removed_at=timezone.now()):
        return False
    _note(evidence, user, "evidence.removed")
    return True


def stored_names() -> set[str]:
    """The files that must be kept (`assessments.services.evidence.evidence_files_sweep`)."""
    kept = WorkEvidence.objects.filter(removed_at=None).exclude(stored_name="")
    return set(kept.values_list("stored_name", flat=True))


def _beside(piece: WorkEvidence):  # type: ignore[no-untyped-def]
    return WorkEvidence.objects.filter(
        roadmap=piece.roadmap,
        initiative=piece.initiative,
        gate=piece.gate,
        item_id=piece.item_id,
        removed_at=None,
    )


def _check(piece: WorkEvidence) -> None:
    field = "file" if piece.kind == KindOfProof.FILE else "url"
    if piece.item_id:
        items = {item["id"] for item in piece.gate.checklist} if piece.gate else set()
        if piece.item_id not in items:
            raise EvidenceInvalid(field, _("This gate has no such item. Open its page anew."))
    if _beside(piece).count() >= MAX_PIECES:
        message = _(
            "There are %s pieces of evidence here already. Remove some that no longer matter, "
            "or put several into one document."
        )
        raise EvidenceInvalid(field, message % MAX_PIECES)


@transaction.atomic
def _add(piece: WorkEvidence, user: User | None) -> WorkEvidence:
    # Two at once must not both take the last place.
    hold(piece.roadmap_id, piece.initiative or piece.gate)
    _check(piece)
    piece.added_by = user
    piece.save()
    _note(piece, user, "evidence.added")
    return piece


def _note(piece: WorkEvidence, user: User | None, verb: str) -> None:
    detail: dict[str, str | int] = {"roadmap": piece.roadmap_id, "kind": piece.kind}
    if piece.item_id:
        detail["item"] = piece.item_id
    if piece.sha256:
        detail |= {"sha256": piece.sha256, "size": piece.size}
    record(
        organization=piece.roadmap.organization,
        actor=user,
        verb=verb,
        target=piece,
        detail=detail,
    )
    if piece.initiative is not None:
        is_added = verb == "evidence.added"
        ProgressEntry.objects.create(
            initiative=piece.initiative,
            kind=EntryKind.PROOF,
            after={"added" if is_added else "removed": piece.title},
            made_by=user,
        )

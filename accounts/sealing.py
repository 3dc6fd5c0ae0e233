"""The chain of hashes over what people did, and the proof that nobody altered it.

Entries are sealed by the worker every few seconds, in the order of their numbers: sealing inside
the transactions that write them would have every writer of an organization wait for the others,
and let two of them lock each other out. So for those seconds an entry stands unsealed.

Each digest covers the entry and the digest before it. Whoever alters an entry, or takes one out of
the middle, would have to write all later seals anew. An entry made up afterwards can only stand at
the end, and shows by its date. What the chain alone cannot tell is whether its end was cut off, or
all of it written anew: against that the newest digest is shown on the history page and stands in
every export, so that a copy of it kept elsewhere tells.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import AuditEntry, AuditSeal, Organization

BATCH = 500
# Entries of one moment may be committed in another order, never hours apart.
OUT_OF_ORDER = timedelta(hours=1)
FIRST = "0" * 64


@dataclass(frozen=True)
class Fault:
    """What does not fit. `number` of the seal, `entry` of the entry it stands for."""

    number: int
    entry: int
    text: str


@dataclass(frozen=True)
class Verdict:
    """What `verify` found. `number` and `digest` are those of the newest seal; 0: there is none."""

    sealed: int
    unsealed: int
    number: int
    digest: str
    faults: tuple[Fault, ...]

    @property
    def is_sound(self) -> bool:
        return not self.faults


def digest_of(entry: AuditEntry, before: str) -> str:
    """The hash of an entry and of the digest before it, 64 hexadecimal digits.

    Who is meant is told by the name at the time; the account may be deleted later.
    """
    content = [
        before,
        entry.pk,
        entry.organization_id,
        entry.actor_name,
        entry.verb,
        entry.target_type,
        entry.target_id,
        entry.target_name,
        entry.detail,
        entry.created_at.astimezone(UTC).isoformat(timespec="microseconds"),
    ]
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def seal_all() -> int:
    """Seal what is not sealed yet, of every organization; how many entries that were.

    Two workers may do it at once: the second waits for the first, and finds nothing left.
    """
    waiting = _unsealed().order_by().values_list("organization", flat=True).distinct()
    return sum(seal(organization) for organization in list(waiting))


def seal(organization_id: int) -> int:
    """Seal what one organization has waiting."""
    sealed = 0
    while count := _seal_batch(organization_id):
        sealed += count
    return sealed


@transaction.atomic
def _seal_batch(organization_id: int) -> int:
    # The lock keeps a second worker from continuing the same chain; without the key, so that
    # nobody who adds something to the organization has to wait for it.
    locked = Organization.objects.select_for_update(no_key=True).only("pk")
    locked.filter(pk=organization_id).first()
    entries = list(_unsealed().filter(organization=organization_id).order_by("pk")[:BATCH])
    last = AuditSeal.objects.filter(organization=organization_id).order_by("number").last()
    number, digest = (last.number, last.digest) if last else (0, FIRST)
    seals = []
    for entry in entries:
        number, digest = number + 1, digest_of(entry, digest)
        seals.append(
            AuditSeal(
                organization_id=organization_id, number=number, entry_id=entry.pk, digest=digest
            )
        )
    AuditSeal.objects.bulk_create(seals)
    return len(seals)


def verify(organization: Organization) -> Verdict:
    """Compute the chain of one organization anew and compare."""
    faults: list[Fault] = []
    expected, before = 1, FIRST
    latest = datetime.min.replace(tzinfo=UTC) + OUT_OF_ORDER
    brought = _brought_in(organization)
    for seal, entry in _sealed_entries(organization):
        if seal.number != expected:
            faults.append(
                Fault(seal.number, seal.entry_id, f"seal {expected} is missing before this one")
            )
        if entry is None:
            faults.append(Fault(seal.number, seal.entry_id, "the entry was removed"))
        elif digest_of(entry, before) != seal.digest:
            faults.append(Fault(seal.number, seal.entry_id, "the entry or its seal was altered"))
        elif any(first <= entry.pk <= last for first, last in brought):
            # Dated where the archive was made; the entry that says so is in the chain itself.
            entry = None
        elif entry.created_at < latest - OUT_OF_ORDER:
            faults.append(
                Fault(seal.number, seal.entry_id, "the entry is dated before those sealed earlier")
            )
        latest = max(latest, entry.created_at) if entry else latest
        # On from what is stored: one altered entry is one fault and not all that follow.
        expected, before = seal.number + 1, seal.digest
    return Verdict(
        sealed=AuditSeal.objects.filter(organization=organization).count(),
        unsealed=_unsealed().filter(organization=organization).count(),
        number=expected - 1,
        digest=before if expected > 1 else "",
        faults=tuple(faults),
    )


def _brought_in(organization: Organization) -> list[tuple[int, int]]:
    """From which to which entry each archive brought in an older history."""
    imports = AuditEntry.objects.filter(organization=organization, verb="handover.imported")
    found = [detail.get("entries", (0, 0)) for detail in imports.values_list("detail", flat=True)]
    return [(first, last) for first, last in found]


def newest_seal(organization: Organization) -> AuditSeal | None:
    return AuditSeal.objects.filter(organization=organization).order_by("number").last()


def _sealed_entries(
    organization: Organization,
) -> Iterator[tuple[AuditSeal, AuditEntry | None]]:
    seals = AuditSeal.objects.filter(organization=organization).order_by("number")
    after = 0
    while batch := list(seals.filter(number__gt=after)[:BATCH]):
        # Asked for without the organization: an entry moved to another one is altered, not gone.
        entries = AuditEntry.objects.in_bulk([seal.entry_id for seal in batch])
        for seal in batch:
            yield seal, entries.get(seal.entry_id)
        after = batch[-1].number


def _unsealed():  # type: ignore[no-untyped-def]
    return AuditEntry.objects.filter(~Exists(AuditSeal.objects.filter(entry_id=OuterRef("pk"))))

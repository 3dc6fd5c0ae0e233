"""The history as it was sealed elsewhere: computed anew from the archive's own numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from accounts.sealing import FIRST, digest_of
from handover.models import EarlierEntry

SAID = ("actor_name", "verb", "target_type", "target_id", "target_name", "detail", "created_at")


class Chain:
    """Entries with their seals, in the order of the chain; `faults` counts what does not fit."""

    def __init__(self, home: int, name: str, seals: Iterable[dict[str, Any]]) -> None:
        self.home, self.name = home, name
        self.seals = {row["entry_id"]: row for row in seals}
        self.faults, self.number, self.digest = 0, 0, FIRST

    def judged(self, entries: Iterable[dict[str, Any]]) -> Iterator[EarlierEntry]:
        left = set(self.seals)
        for row in entries:
            content = {"id": row["id"], "organization": self.home} | {k: row[k] for k in SAID}
            seal = self.seals.get(row["id"])
            left.discard(row["id"])
            if seal is not None:
                self._judge(content, seal)
            yield EarlierEntry(
                chain=self.name,
                number=seal["number"] if seal else None,
                digest=seal["digest"] if seal else "",
                content=content,
            )
        self.faults += len(left)

    def _judge(self, content: dict[str, Any], seal: dict[str, Any]) -> None:
        if seal["number"] != self.number + 1 or digest(content, self.digest) != seal["digest"]:
            self.faults += 1
        self.number, self.digest = seal["number"], seal["digest"]


def digest(content: dict[str, Any], before: str) -> str:
    entry = SimpleNamespace(
        pk=content["id"],
        organization_id=content["organization"],
        created_at=datetime.fromisoformat(content["created_at"]),
        **{key: content[key] for key in SAID if key != "created_at"},
    )
    return digest_of(entry, before)  # type: ignore[arg-type]

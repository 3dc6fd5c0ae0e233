"""The history as it was sealed elsewhere: computed anew from the archive's own numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from accounts.sealing import FIRST, digest_of
from handover.models import EarlierEntry

SAID = ("actor_name", "verb", "target_type", "target_id", "target_name", "detail", "created_at")

# Far more than are ever written at one moment.
MOST_WAITING = 10_000


class Chain:
    """Entries with their seals; `faults` counts what does not fit.

    Entries come by their numbers. Of two that were written at one moment the one with the higher
    number may have been sealed first, so the one whose turn comes later waits for it.
    """

    def __init__(self, home: int, name: str, seals: Iterable[dict[str, Any]]) -> None:
        self.home, self.name = home, name
        self.seals = {row["entry_id"]: row for row in seals}
        self.faults, self.number, self.digest = 0, 0, FIRST
        self.waiting: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {}

    def judged(self, entries: Iterable[dict[str, Any]]) -> Iterator[EarlierEntry]:
        left = set(self.seals)
        for row in entries:
            content = {"id": row["id"], "organization": self.home} | {k: row[k] for k in SAID}
            seal = self.seals.get(row["id"])
            left.discard(row["id"])
            if seal is not None:
                self.wait(content, seal)
            yield EarlierEntry(
                chain=self.name,
                number=seal["number"] if seal else None,
                digest=seal["digest"] if seal else "",
                content=content,
            )
        self.faults += len(left) + len(self.waiting)

    def wait(self, content: dict[str, Any], seal: dict[str, Any]) -> None:
        self.faults += seal["number"] in self.waiting or len(self.waiting) > MOST_WAITING
        if self.faults:
            return
        self.waiting[seal["number"]] = content, seal
        while (turn := self.waiting.pop(self.number + 1, None)) is not None:
            self._judge(*turn)

    def _judge(self, content: dict[str, Any], seal: dict[str, Any]) -> None:
        if digest(content, self.digest) != seal["digest"]:
            self.faults += 1
        self.number, self.digest = seal["number"], seal["digest"]


class EarlierChains:
    """The histories that an archive had already brought from elsewhere, computed anew as well."""

    def __init__(self) -> None:
        self.chains: dict[str, Chain] = {}

    def take(self, row: Mapping[str, Any]) -> None:
        chain = self.chains.setdefault(row["chain"], Chain(0, row["chain"], ()))
        if row["number"] is not None:
            chain.wait(row["content"], {"number": row["number"], "digest": row["digest"]})

    @property
    def faults(self) -> int:
        return sum(chain.faults + len(chain.waiting) for chain in self.chains.values())


def digest(content: dict[str, Any], before: str) -> str:
    entry = SimpleNamespace(
        pk=content["id"],
        organization_id=content["organization"],
        created_at=datetime.fromisoformat(content["created_at"]),
        **{key: content[key] for key in SAID if key != "created_at"},
    )
    return digest_of(entry, before)  # type: ignore[arg-type]

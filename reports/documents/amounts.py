"""How much of a long list a document prints at each level of detail, and how it says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from reports.choices import Choices
from reports.enums import Detail

T = TypeVar("T")


@dataclass(frozen=True)
class Limit:
    """The most that is printed. Data files of the same plan always hold everything."""

    short: int
    usual: int
    everything: int

    def of(self, choices: Choices) -> int:
        return {Detail.SHORT.value: self.short, Detail.EVERYTHING.value: self.everything}.get(
            choices.detail, self.usual
        )


@dataclass(frozen=True)
class Shown(Generic[T]):
    """The first of a list, and how many more there are."""

    items: tuple[T, ...]
    more: int = 0

    def __bool__(self) -> bool:
        return bool(self.items)


def shown(items: Sequence[T], limit: Limit, choices: Choices) -> Shown[T]:
    most = limit.of(choices)
    return Shown(tuple(items[:most]), max(0, len(items) - most))

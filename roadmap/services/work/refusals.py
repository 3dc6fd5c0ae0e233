"""The ways a report on an initiative can be refused."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from roadmap.domain.tracking.moves import KEEP, Hurdle, Keep, Obstacle, Report

if TYPE_CHECKING:
    from roadmap.models import PlannedInitiative


__all__ = [
    "KEEP",
    "Hurdle",
    "Keep",
    "NeedsReason",
    "Obstacle",
    "ProgressInvalid",
    "Report",
    "StaleInitiative",
]


class ProgressInvalid(ValueError):
    """Input that cannot be saved. `messages`: field name → what to do."""

    def __init__(self, messages: dict[str, str]) -> None:
        self.messages = messages
        super().__init__("; ".join(messages.values()))


class StaleInitiative(Exception):
    """Someone saved other progress since this was opened; `current` is theirs."""

    def __init__(self, current: PlannedInitiative) -> None:
        self.current = current
        super().__init__(f"{current.initiative_id} is at version {current.version}")


class NeedsReason(Exception):
    """Something stands in the way of a start, or would be taken back. With a reason for each kind
    it goes ahead, unless it is for editors to decide.
    """

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        self.obstacles = tuple(obstacles)
        super().__init__("; ".join(obstacle.text for obstacle in obstacles))

    @property
    def kinds(self) -> Collection[str]:
        return tuple(dict.fromkeys(obstacle.kind for obstacle in self.obstacles))

    @property
    def takes_back(self) -> bool:
        return Hurdle.BACK in self.kinds

    @property
    def is_for_editors(self) -> bool:
        return any(obstacle.is_for_editors for obstacle in self.obstacles)

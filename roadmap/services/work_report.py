"""What a person reports on an initiative, and the ways it can be refused."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import TYPE_CHECKING

from accounts.models import User

if TYPE_CHECKING:
    from roadmap.models import PlannedInitiative


class Keep(Enum):
    """Stands for “leave it as it is”, where None has a meaning of its own."""

    KEEP = "keep"


KEEP = Keep.KEEP


@dataclass(frozen=True)
class Report:
    """None or KEEP: unchanged. `blocked_because` "" ends a block; `owner` None: nobody's.

    `spent_days`: person-days worked since the last report; they are noted and summed up.
    `position`: the place in a column of a board, which is no news to anybody.
    """

    status: str | None = None
    started_on: date | Keep | None = KEEP
    finished_on: date | Keep | None = KEEP
    percent: int | None = None
    remaining_days: float | Keep | None = KEEP
    spent_days: float | None = None
    expected_on: date | Keep | None = KEEP
    note: str | None = None
    blocked_because: str | None = None
    waits_for: User | Keep | None = KEEP
    owner: User | Keep | None = KEEP
    position: float | None = None


class Hurdle(StrEnum):
    """What a start asks a reason for."""

    GATE = "gate"
    PREDECESSOR = "predecessor"
    LIMIT = "limit"


@dataclass(frozen=True)
class Obstacle:
    """`kind` is a `Hurdle`; `about`: the id of the gate or initiative, or the key of the limit.

    `is_for_editors`: no reason of this person opens it.
    """

    kind: str
    text: str
    about: str
    is_for_editors: bool = False


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
    """Something stands in the way of a start. With a reason for each kind it goes ahead, unless
    it is for editors to decide.
    """

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        self.obstacles = tuple(obstacles)
        super().__init__("; ".join(obstacle.text for obstacle in obstacles))

    @property
    def kinds(self) -> Collection[str]:
        return tuple(dict.fromkeys(obstacle.kind for obstacle in self.obstacles))

    @property
    def is_for_editors(self) -> bool:
        return any(obstacle.is_for_editors for obstacle in self.obstacles)

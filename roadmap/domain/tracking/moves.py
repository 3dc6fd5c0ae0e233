"""What is reported on an initiative, and what stands in the way of its start: closed gates, open
predecessors, limits. Pure.

Whether something may be started all the same, and with which words, is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import Any

from roadmap.domain.progress import Status

ALL, ROLE, PHASE = "all", "role:", "phase:"


class Keep(Enum):
    """Stands for “leave it as it is”, where None has a meaning of its own."""

    KEEP = "keep"


KEEP = Keep.KEEP


@dataclass(frozen=True)
class Report:
    """None or KEEP: unchanged. `blocked_because` "" ends a block; `owner` None: nobody's.

    People are rows of `accounts.User`, of which nothing is known here.

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
    waits_for: Any = KEEP
    owner: Any = KEEP
    position: float | None = None


class Hurdle(StrEnum):
    """What a start asks a reason for; and `BACK`, a move that takes back what was reported."""

    GATE = "gate"
    PREDECESSOR = "predecessor"
    LIMIT = "limit"
    BACK = "back"


@dataclass(frozen=True)
class Obstacle:
    """`kind` is a `Hurdle`; `about`: the id of the gate or initiative, or the key of the limit.

    `is_for_editors`: no reason of this person opens it.
    """

    kind: str
    text: str
    about: str
    is_for_editors: bool = False


@dataclass(frozen=True)
class Item:
    """One initiative, as far as a start asks. Blocked work is under way and counts as such."""

    id: str
    status: Status
    phase: str = ""
    roles: tuple[str, ...] = ()
    predecessors: tuple[str, ...] = ()

    @property
    def is_finished(self) -> bool:
        return self.status in (Status.DONE, Status.DROPPED)


@dataclass(frozen=True)
class Full:
    """A limit that one more start would pass. `key`: "all", "role:<id>" or "phase:<id>"."""

    key: str
    limit: int
    under_way: int


@dataclass(frozen=True)
class InTheWay:
    """`gates` by id, in the order given; `predecessors` that are neither done nor dropped."""

    gates: tuple[str, ...] = ()
    predecessors: tuple[str, ...] = ()
    limits: tuple[Full, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.gates or self.predecessors or self.limits)


def begins(before: Status, after: Status) -> bool:
    """Whether work begins by this move: also what is finished and taken up again."""
    if after is Status.IN_PROGRESS:
        return before is not Status.IN_PROGRESS
    return after is Status.DONE and before in (Status.NOT_STARTED, Status.DROPPED)


def in_the_way(
    about: str,
    after: Status,
    items: Iterable[Item],
    closed: Mapping[str, str],
    limits: Mapping[str, int],
) -> InTheWay:
    """What a move to `after` meets. `closed`: review → gate, of the gates that are closed.

    What is reported as done without ever having been under way takes nobody's place, so limits
    ask nothing of it. A review that guards a closed gate is told as the gate and not again.
    """
    known = {item.id: item for item in items}
    item = known[about]
    if not begins(item.status, after):
        return InTheWay()
    guarding = gates_before(about, known, closed)
    unfinished = tuple(
        before
        for before in item.predecessors
        if before in known and not known[before].is_finished and before not in closed
    )
    is_taking_a_place = after is Status.IN_PROGRESS
    full = full_limits(item, known.values(), limits) if is_taking_a_place else ()
    return InTheWay(guarding, unfinished, full)


def gates_before(
    about: str, items: Mapping[str, Item], closed: Mapping[str, str]
) -> tuple[str, ...]:
    """The closed gates whose review is somewhere before it: it lies behind them."""
    ahead = all_before(about, items)
    return tuple(gate for review, gate in closed.items() if review in ahead and review != about)


def all_before(about: str, items: Mapping[str, Item]) -> frozenset[str]:
    """Its predecessors and theirs. A circle, which no plan has, ends the walk all the same."""
    found: set[str] = set()
    waiting = list(items[about].predecessors) if about in items else []
    while waiting:
        before = waiting.pop()
        if before not in found:
            found.add(before)
            waiting += items[before].predecessors if before in items else ()
    return frozenset(found)


def full_limits(item: Item, items: Iterable[Item], limits: Mapping[str, int]) -> tuple[Full, ...]:
    """The limits that are reached without it. They count across lanes and phases of a board."""
    others = [o for o in items if o.status is Status.IN_PROGRESS and o.id != item.id]
    found = []
    for key in keys_of(item):
        limit = limits.get(key)
        if limit is not None:
            under_way = sum(1 for other in others if key in keys_of(other))
            if under_way >= limit:
                found.append(Full(key, limit, under_way))
    return tuple(found)


def keys_of(item: Item) -> Sequence[str]:
    """The limits an initiative counts for."""
    roles = [f"{ROLE}{role}" for role in dict.fromkeys(item.roles)]
    return [ALL, *roles, f"{PHASE}{item.phase}"]


def counts(items: Iterable[Item], limits: Mapping[str, int]) -> dict[str, int]:
    """How much is under way, by limit."""
    under_way = [set(keys_of(item)) for item in items if item.status is Status.IN_PROGRESS]
    return {key: sum(1 for keys in under_way if key in keys) for key in limits}

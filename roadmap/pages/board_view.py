"""The board of a roadmap: lanes by phase or role, a column for each status, and the limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from roadmap.pages.work_items import (
    DONE,
    DROPPED,
    IN_PROGRESS,
    NOT_STARTED,
    Filters,
    Known,
    WorkItem,
)

COLUMNS = (NOT_STARTED, IN_PROGRESS, DONE)
BY_PHASE, BY_ROLE = "phase", "role"
WAYS = (BY_PHASE, BY_ROLE)
# What is unfolded of a column of a lane; all that is under way always is.
UNFOLDED = {NOT_STARTED: 8, DONE: 4}
# Colours there are for phases.
PHASE_COLOURS = 4


@dataclass(frozen=True)
class Count:
    """How many are under way, and how many should be at most (None: no limit was agreed)."""

    number: int
    limit: int | None = None

    @property
    def is_over(self) -> bool:
        return self.limit is not None and self.number > self.limit

    @property
    def is_full(self) -> bool:
        return self.limit is not None and self.number == self.limit


@dataclass(frozen=True)
class Column:
    """`folded`: how many more cards it has than are shown."""

    status: str
    cards: tuple[WorkItem, ...]
    folded: int

    @property
    def total(self) -> int:
        return len(self.cards) + self.folded


@dataclass(frozen=True)
class Lane:
    """`elsewhere`: how many of those counted are shown in the lane of another role."""

    id: str
    title: str
    number: int
    columns: tuple[Column, ...]
    dropped: tuple[WorkItem, ...]
    running: Count
    elsewhere: int = 0
    is_unfolded: bool = False

    @property
    def folded(self) -> int:
        return sum(column.folded for column in self.columns)


@dataclass(frozen=True)
class LimitRow:
    """One limit people may agree; `key` as the roadmap keeps it."""

    key: str
    title: str
    count: Count


@dataclass(frozen=True)
class Board:
    by: str
    filters: Filters
    lanes: tuple[Lane, ...]
    running: Count
    totals: Mapping[str, int]
    shown: int
    total: int
    more: tuple[str, ...] = ()
    limits: tuple[LimitRow, ...] = field(default_factory=tuple)

    @property
    def over(self) -> tuple[LimitRow, ...]:
        return tuple(row for row in self.limits if row.count.is_over)


def lane_of(item: WorkItem, by: str) -> str:
    """Several roles share an initiative: its card stands with the one that leads it."""
    if by == BY_PHASE:
        return item.phase
    return item.roles[0] if item.roles else ""


def board(
    items: Sequence[WorkItem],
    known: Known,
    filters: Filters,
    limits: Mapping[str, int],
    *,
    by: str = BY_PHASE,
    more: Sequence[str] = (),
    kept: Sequence[str] = (),
) -> Board:
    """`more`: lanes shown whole. `kept`: cards that are never folded away."""
    shown = [item for item in items if filters.shows(item)]
    titles = known.phases if by == BY_PHASE else known.roles
    names = [*titles, *sorted({lane_of(item, by) for item in shown} - titles.keys())]
    members: dict[str, list[WorkItem]] = {name: [] for name in names}
    for item in shown:
        members[lane_of(item, by)].append(item)
    rows = limit_rows(items, known, limits)
    counts = {row.key: row.count for row in rows}
    lanes = []
    for number, name in enumerate(names, start=1):
        if not members[name]:
            continue
        count = counts.get(f"{by}:{name}", Count(0))
        here = sum(1 for i in items if i.status == IN_PROGRESS and lane_of(i, by) == name)
        lanes.append(
            Lane(
                id=name,
                title=titles.get(name, name),
                number=number if by == BY_PHASE and number <= PHASE_COLOURS else 0,
                columns=tuple(_columns(members[name], name in more, kept)),
                dropped=tuple(item for item in members[name] if item.status == DROPPED),
                running=count,
                elsewhere=max(count.number - here, 0),
                is_unfolded=name in more,
            )
        )
    return Board(
        by=by,
        filters=filters,
        lanes=tuple(lanes),
        running=counts["all"],
        totals={s: sum(1 for i in shown if i.status == s) for s in (*COLUMNS, DROPPED)},
        shown=len(shown),
        total=len(items),
        more=tuple(name for name in names if name in more),
        limits=rows,
    )


def in_order(items: Iterable[WorkItem], status: str) -> list[WorkItem]:
    """As people put them; what nobody moved by date, of what is done the last one first."""
    members = [item for item in items if item.status == status]
    if status == DONE:
        return sorted(members, key=lambda i: (i.position, -i.expected_finish.toordinal(), i.rank))
    return sorted(members, key=lambda i: i.order)


def limit_rows(
    items: Sequence[WorkItem], known: Known, limits: Mapping[str, int]
) -> tuple[LimitRow, ...]:
    """All limits there may be, with what counts towards each: an initiative counts for every role
    it needs, wherever its card stands.
    """
    running = [item for item in items if item.status == IN_PROGRESS]

    def row(key: str, title: str, number: int) -> LimitRow:
        return LimitRow(key, title, Count(number, limits.get(key)))

    phases = (
        row(f"phase:{name}", title, sum(1 for i in running if i.phase == name))
        for name, title in known.phases.items()
    )
    roles = (
        row(f"role:{name}", title, sum(1 for i in running if name in i.roles))
        for name, title in known.roles.items()
    )
    return (row("all", "", len(running)), *phases, *roles)


def _columns(
    members: Sequence[WorkItem], is_unfolded: bool, kept: Sequence[str]
) -> Iterable[Column]:
    for status in COLUMNS:
        ordered = in_order(members, status)
        most = len(ordered) if is_unfolded else UNFOLDED.get(status, len(ordered))
        cards = [item for at, item in enumerate(ordered) if at < most or item.id in kept]
        yield Column(status, tuple(cards), len(ordered) - len(cards))

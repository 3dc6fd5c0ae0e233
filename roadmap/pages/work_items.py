"""The initiatives of a roadmap under way as plain values, and the filters of an address.

Board, timeline and table show the same items and understand the same filters, so that an address
of one says the same on the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from roadmap.domain.tracking.slip import WorkingDays

Document = Mapping[str, Any]
NOT_STARTED, IN_PROGRESS, DONE, DROPPED = "not_started", "in_progress", "done", "dropped"
STATUSES = (NOT_STARTED, IN_PROGRESS, DONE, DROPPED)
OPEN = (NOT_STARTED, IN_PROGRESS)
MINE, NOBODY = "me", "none"
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class WorkItem:
    """`start`, `finish`: as planned. `expected_*`: as forecast, else as whoever does it said, else
    as planned; of what is finished, the day it was. `behind`: closed gates it has to wait for.
    `waits_for`: predecessors that are not finished. `slip`: working days later than agreed.
    """

    pk: int
    id: str
    title: str
    kind: str
    phase: str
    roles: tuple[str, ...]
    gate: str
    rank: int
    status: str
    start: date
    finish: date
    baseline_start: date | None
    baseline_finish: date | None
    expected_start: date
    expected_finish: date
    started_on: date | None
    finished_on: date | None
    is_late: bool
    percent: int = 0
    slip: int | None = None
    p50: date | None = None
    p80: date | None = None
    is_critical: bool = False
    owner_id: int | None = None
    owner: str = ""
    blocked_because: str = ""
    blocked_on: str = ""
    position: float = 0.0
    version: int = 0
    behind: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()
    updated_by: str = ""
    updated_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_review(self) -> bool:
        return self.kind == "review"

    @property
    def is_blocked(self) -> bool:
        return self.is_open and bool(self.blocked_because)

    @property
    def next_status(self) -> str:
        """Where it most likely goes from where it is."""
        return {NOT_STARTED: IN_PROGRESS, IN_PROGRESS: DONE}.get(self.status, self.status)

    @property
    def order(self) -> tuple[float, date, int]:
        """The order of the cards of a column: as people put them, then by date."""
        return (self.position, self.start, self.rank)


@dataclass(frozen=True)
class Choice:
    id: str
    title: str


@dataclass(frozen=True)
class Known:
    """What filters may name. `owners`: member → name, everybody who could own work."""

    phases: Mapping[str, str]
    roles: Mapping[str, str]
    gates: Mapping[str, str]
    owners: Mapping[int, str]


@dataclass(frozen=True)
class Filters:
    """What the address asks for; anything it names that is not there is left out."""

    q: str = ""
    phase: str = ""
    role: str = ""
    status: str = ""
    owner: str = ""
    gate: str = ""
    late: bool = False
    blocked: bool = False
    critical: bool = False
    me: int | None = field(default=None, compare=False)

    @property
    def is_narrowing(self) -> bool:
        return bool(self.parts)

    @property
    def parts(self) -> dict[str, str]:
        texts = {
            "q": self.q,
            "phase": self.phase,
            "role": self.role,
            "status": self.status,
            "owner": self.owner,
            "gate": self.gate,
        }
        marks = {"late": self.late, "blocked": self.blocked, "critical": self.critical}
        return {
            **{name: text for name, text in texts.items() if text},
            **{name: "1" for name, is_set in marks.items() if is_set},
        }

    def query(self, **more: str) -> str:
        """As an address holds them, with further parts where they say something."""
        return urlencode({**self.parts, **{name: text for name, text in more.items() if text}})

    def shows(self, item: WorkItem) -> bool:
        return (
            self._says(item)
            and (not self.phase or self.phase == item.phase)
            and (not self.role or self.role in item.roles)
            and (not self.status or self.status == item.status)
            and (not self.gate or self.gate == item.gate)
            and (not self.owner or self._owned(item))
            and (not self.late or item.is_late)
            and (not self.blocked or item.is_blocked)
            and (not self.critical or item.is_critical)
        )

    def _says(self, item: WorkItem) -> bool:
        text = f"{item.id} {item.title}".casefold()
        return all(word in text for word in self.q.casefold().split())

    def _owned(self, item: WorkItem) -> bool:
        if self.owner == NOBODY:
            return item.owner_id is None
        wanted = self.me if self.owner == MINE else int(self.owner)
        return item.owner_id == wanted


def read_filters(query: Mapping[str, str], known: Known, me: int | None) -> Filters:
    def one_of(name: str, allowed: Iterable[str]) -> str:
        text = query.get(name, "")
        return text if text in set(allowed) else ""

    return Filters(
        q=" ".join(query.get("q", "").replace("\x00", "").split())[:LONGEST_SEARCH],
        phase=one_of("phase", known.phases),
        role=one_of("role", known.roles),
        status=one_of("status", STATUSES),
        owner=one_of("owner", [MINE, NOBODY, *map(str, known.owners)]),
        gate=one_of("gate", known.gates),
        late=query.get("late") == "1",
        blocked=query.get("blocked") == "1",
        critical=query.get("critical") == "1",
        me=me,
    )


def behind_gates(
    predecessors: Mapping[str, Sequence[str]], closed: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Initiative → the closed gates whose review it follows, directly or not.

    `closed`: gate → the initiative that is its review.
    """
    after: dict[str, list[str]] = defaultdict(list)
    for name, before in predecessors.items():
        for earlier in before:
            after[earlier].append(name)
    found: dict[str, list[str]] = defaultdict(list)
    for gate, review in closed.items():
        seen, waiting = {review}, list(after[review])
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                found[name].append(gate)
                waiting.extend(after[name])
    return {name: tuple(gates) for name, gates in found.items()}


def expected_dates(row: Any, status: str, forecast: Document, today: date) -> tuple[date, date]:
    """When it starts and finishes as far as anybody knows.

    What is not done cannot be expected in the past, also where the newest forecast is an old one.
    """
    if status == DONE:
        finish = row.finished_on or row.finish_on
        return min(row.started_on or row.start_on, finish), finish
    if status == DROPPED:
        return row.start_on, row.finish_on
    start = row.started_on or _day(forecast.get("start")) or row.start_on
    finish = _day(forecast.get("finish")) or row.expected_on or row.finish_on
    if status == NOT_STARTED:
        start = max(start, today)
    return start, max(finish, start, today)


def slip_of(days: WorkingDays, agreed: date | None, expected: date, status: str) -> int | None:
    if agreed is None or status == DROPPED:
        return None
    return days.slip(agreed, expected)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

"""The list of clients: what is asked of it, who fits, in which order. Pure.

A row holds only what its engagement opened: what is closed is None here already, so neither a
filter nor an order can tell anything of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import floor
from typing import Any

EXPOSURE_FROM = {"low": 0.0, "moderate": 30.0, "high": 50.0, "severe": 70.0}
SLIPS = ("late", "even_late", "on_time", "unknown")
BANDS = ("starting", "developing", "established", "leading", "none")
FINISHED = "finished"
NO_PLAN = "none"
LONGEST_WEEKS = 520


@dataclass(frozen=True)
class ClientRow:
    """One client. `sees_*`: what the engagement covers; what it does not is None or empty.

    `today`: the day where the client is. `last_activity` stands in the reader's time zone.
    """

    id: int
    slug: str
    name: str
    kind: str
    until: date
    sees_assessments: bool = True
    sees_roadmap: bool = True
    as_of: date | None = None
    guide_id: str = ""
    assessed_on: date | None = None
    readiness: float | None = None
    readiness_low: float | None = None
    readiness_high: float | None = None
    band: str = ""
    answered_percent: float | None = None
    target_percent: float | None = None
    high_risks: int | None = None
    exposures: Mapping[str, float] = field(default_factory=dict)
    has_draft: bool | None = None
    overdue_reviews: int | None = None
    overdue_assignments: int | None = None
    has_roadmap: bool | None = None
    phase: str = ""
    phase_title: str = ""
    progress: float | None = None
    planned_on: date | None = None
    p50_on: date | None = None
    p80_on: date | None = None
    finished_on: date | None = None
    slip: int | None = None
    late: int | None = None
    blocked: int | None = None
    gate_id: str = ""
    gate_title: str = ""
    gate_on: date | None = None
    last_activity: Any = None
    today: date | None = None

    @property
    def overdue(self) -> int | None:
        if self.overdue_reviews is None or self.overdue_assignments is None:
            return None
        return self.overdue_reviews + self.overdue_assignments

    @property
    def phase_key(self) -> str:
        """What the filter of phases calls it: the phase's id, finished, or no plan."""
        if not self.has_roadmap:
            return NO_PLAN
        return self.phase or FINISHED

    @property
    def is_even_late(self) -> bool:
        """Half of the runs end after the day agreed, though at likely efforts it may be kept."""
        if self.finished_on or self.p50_on is None or self.planned_on is None:
            return False
        return self.p50_on > self.planned_on

    @property
    def worst_exposure(self) -> float | None:
        return max(self.exposures.values(), default=None)


@dataclass(frozen=True)
class Asked:
    """Filters and order. Empty means: all. `gate` and `quiet` are weeks."""

    q: str = ""
    phase: str = ""
    band: str = ""
    slip: str = ""
    gate: int | None = None
    quiet: int | None = None
    challenge: str = ""
    exposed: str = "high"
    sort: str = "name"
    show: str = "list"

    @property
    def has_filters(self) -> bool:
        return any(
            (self.q, self.phase, self.band, self.slip, self.gate, self.quiet, self.challenge)
        )

    def to_query(self, **changes: Any) -> dict[str, str]:
        """As parameters of an address, without what is as usual."""
        usual = Asked()
        values = {name: changes.get(name, getattr(self, name)) for name in self.__annotations__}
        if not values["challenge"]:
            values["exposed"] = usual.exposed
        return {
            name: str(value)
            for name, value in values.items()
            if value is not None and value != getattr(usual, name)
        }


def asked_of(query: Mapping[str, str]) -> Asked:
    """Read an address; what it does not know is passed over."""
    usual = Asked()
    sort = query.get("sort", "")[:60]
    return Asked(
        q=query.get("q", "").strip()[:200],
        phase=query.get("phase", "")[:40],
        band=_one_of(query.get("band"), BANDS, ""),
        slip=_one_of(query.get("slip"), SLIPS, ""),
        gate=_weeks(query.get("gate")),
        quiet=_weeks(query.get("quiet")),
        challenge=query.get("challenge", "")[:40],
        exposed=_one_of(query.get("exposed"), tuple(EXPOSURE_FROM), usual.exposed),
        sort=sort if _is_sort(sort.removeprefix("-")) else usual.sort,
        show=_one_of(query.get("show"), ("list", "exposure"), usual.show),
    )


def chosen(rows: Iterable[ClientRow], asked: Asked, today: date) -> list[ClientRow]:
    """The rows that fit, in the order asked for; what is not known comes last either way."""
    return ordered((row for row in rows if fits(row, asked, today)), asked.sort)


def fits(row: ClientRow, asked: Asked, today: date) -> bool:
    return all(
        (
            asked.q.casefold() in row.name.casefold(),
            not asked.phase or (row.sees_roadmap and row.phase_key == asked.phase),
            not asked.band or (row.sees_assessments and (row.band or "none") == asked.band),
            not asked.slip or (row.sees_roadmap and _slips(row, asked.slip)),
            asked.gate is None or _gate_within(row, row.today or today, asked.gate),
            asked.quiet is None or _is_quiet(row, today, asked.quiet),
            not asked.challenge
            or shown_score(row.exposures.get(asked.challenge, -1)) >= EXPOSURE_FROM[asked.exposed],
        )
    )


def shown_score(score: float) -> int:
    """Rounded as bands count it: what is printed as 70 is severe everywhere."""
    return floor(score + 0.5)


def ordered(rows: Iterable[ClientRow], sort: str) -> list[ClientRow]:
    value_of = _value_of(sort.removeprefix("-"))
    found = sorted(rows, key=lambda row: (row.name.casefold(), row.id))
    known = [row for row in found if value_of(row) is not None]
    unknown = [row for row in found if value_of(row) is None]
    known.sort(key=value_of, reverse=sort.startswith("-"))
    return known + unknown


SORTS: dict[str, Callable[[ClientRow], Any]] = {
    "name": lambda row: row.name.casefold(),
    "readiness": lambda row: row.readiness,
    "target": lambda row: row.target_percent,
    "exposure": lambda row: row.worst_exposure,
    "phase": lambda row: row.phase or None,
    "progress": lambda row: row.progress,
    "finish": lambda row: row.finished_on or row.p80_on or row.planned_on,
    "slip": lambda row: row.slip,
    "gate": lambda row: row.gate_on,
    "late": lambda row: row.late,
    "overdue": lambda row: row.overdue,
    "activity": lambda row: row.last_activity,
}


# An order by the exposure to one challenge: this and the challenge's id.
EXPOSED_TO = "exposure."


def _is_sort(name: str) -> bool:
    return name in SORTS or (name.startswith(EXPOSED_TO) and len(name) > len(EXPOSED_TO))


def _value_of(name: str) -> Callable[[ClientRow], Any]:
    if name in SORTS:
        return SORTS[name]
    challenge = name.removeprefix(EXPOSED_TO)
    return lambda row: row.exposures.get(challenge)


def _slips(row: ClientRow, asked: str) -> bool:
    return row.is_even_late if asked == "even_late" else _slip_key(row) == asked


def _slip_key(row: ClientRow) -> str:
    if row.slip is None:
        return "unknown"
    return "late" if row.slip > 0 else "on_time"


def _gate_within(row: ClientRow, today: date, weeks: int) -> bool:
    """A gate whose day has passed is due all the more."""
    return row.gate_on is not None and row.gate_on <= today + timedelta(weeks=weeks)


def _is_quiet(row: ClientRow, today: date, weeks: int) -> bool:
    if row.last_activity is None:
        return True
    last: date = row.last_activity.date()
    return last < today - timedelta(weeks=weeks)


def _one_of(value: str | None, known: tuple[str, ...], usual: str) -> str:
    return value if value in known else usual


def _weeks(text: str | None) -> int | None:
    if not text or not (text.isascii() and text.isdigit()):
        return None
    return min(int(text[:6]), LONGEST_WEEKS)

"""What an organization tells the planner about its calendar and its people.

The file format is documented in `docs/constraints-format.md`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from guide.model import Guide
from guide.yamlfile import Located, Path, Problem, read_yaml

KEYS = ("start", "wip_limit", "holidays", "role_fte", "freezes")
FREEZE_KEYS = ("start", "finish", "reason", "kind", "capacity")
MAX_FTE = 10_000
MAX_WIP = 100
MAX_ENTRIES = 1_000
MAX_FREEZES = 100
MAX_REASON = 300
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)


class FreezeKind(StrEnum):
    """`go_live`: nothing goes live, other work runs on. `reduced_staff`: less capacity."""

    GO_LIVE = "go_live"
    REDUCED_STAFF = "reduced_staff"


@dataclass(frozen=True)
class Freeze:
    """First and last day, both included. `capacity` is the part of the roles that is left
    (0 to 1) and counts for reduced staff only. Without `roles` it holds for all of them.
    """

    start: date
    finish: date
    reason: str = ""
    kind: FreezeKind = FreezeKind.GO_LIVE
    capacity: float = 0.5
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Staffing:
    """People who join a role (`fte` above 0) or leave it (below 0), first and last day included.

    Without a `finish` it is for good. A `partner` comes from outside and costs `day_rate` for
    each day worked, whatever the role's own rate is.
    """

    role: str
    fte: float
    start: date
    finish: date | None = None
    reason: str = ""
    is_partner: bool = False
    day_rate: float | None = None


@dataclass(frozen=True)
class Deadline:
    """A day given from outside. `about`: a gate or an initiative; empty for the whole plan."""

    by: date
    about: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Constraints:
    """What the planner must respect.

    `role_fte`: FTE the programme can have of a role, net of other duties. 0: nobody has it.
    `holidays` are all free days, those of `country` and `subdivision` as they were known when
    this was written and the organization's own; only they count, the two names are for show.
    `working_weekdays`: 0 is Monday. `free_share`: part of the week (0 to 1) that unplanned work
    leaves; None takes it from the answers. `budget` in `currency`, `budget_days` in person-days.
    `day_rates`: per role. `targets`: step → the level its questions shall reach, else 3.
    """

    start: date | None = None
    holidays: frozenset[date] = frozenset()
    role_fte: Mapping[str, float] = field(default_factory=dict)
    wip_limit: int | None = None
    freezes: tuple[Freeze, ...] = ()
    country: str = ""
    subdivision: str = ""
    working_weekdays: frozenset[int] = frozenset(range(5))
    staffing: tuple[Staffing, ...] = ()
    free_share: float | None = None
    budget: float | None = None
    budget_days: float | None = None
    currency: str = ""
    day_rates: Mapping[str, float] = field(default_factory=dict)
    deadlines: tuple[Deadline, ...] = ()
    targets: Mapping[str, int] = field(default_factory=dict)


class ConstraintsError(ValueError):
    """A constraints file with everything that is wrong in it."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def parse_constraints(text: str, guide: Guide, name: str) -> Constraints:
    """Read a constraints file.

    Raises:
        ConstraintsError: with every problem at once, each with its line.
    """
    located = read_yaml(text, name)
    reader = _Reader(located, guide)
    constraints = reader.read() if not located.problems else Constraints()
    if located.problems:
        raise ConstraintsError(located.problems)
    return constraints


def constraints_to_json(constraints: Constraints) -> dict[str, Any]:
    """The same content as plain data, in the words of the file format."""
    return {
        "start": constraints.start.isoformat() if constraints.start else None,
        "holidays": sorted(day.isoformat() for day in constraints.holidays),
        "role_fte": dict(sorted(constraints.role_fte.items())),
        "wip_limit": constraints.wip_limit,
        "freezes": [
            {
                "start": freeze.start.isoformat(),
                "finish": freeze.finish.isoformat(),
                "reason": freeze.reason,
                "kind": freeze.kind.value,
                "capacity": freeze.capacity,
            }
            for freeze in constraints.freezes
        ],
    }


def constraints_from_json(data: Mapping[str, Any]) -> Constraints:
    """The way back from `constraints_to_json`."""
    return Constraints(
        start=date.fromisoformat(data["start"]) if data.get("start") else None,
        holidays=frozenset(date.fromisoformat(day) for day in data.get("holidays", [])),
        role_fte=dict(data.get("role_fte", {})),
        wip_limit=data.get("wip_limit"),
        freezes=tuple(
            Freeze(
                start=date.fromisoformat(freeze["start"]),
                finish=date.fromisoformat(freeze["finish"]),
                reason=freeze["reason"],
                kind=FreezeKind(freeze["kind"]),
                capacity=freeze["capacity"],
            )
            for freeze in data.get("freezes", [])
        ),
    )


class _Reader:
    """Walks one file; what is wrong goes to the file's problems, and reading goes on."""

    def __init__(self, located: Located, guide: Guide) -> None:
        self.located = located
        self.roles = {role.id for role in guide.roles}

    def read(self) -> Constraints:
        data = self.located.data
        if data is None:
            return Constraints()
        if not isinstance(data, dict):
            self._fault((), f"write constraints by name: {', '.join(KEYS)}")
            return Constraints()
        self._known_keys((), data, KEYS)
        return Constraints(
            start=self._date(("start",), data["start"]) if data.get("start") is not None else None,
            holidays=self._holidays(data.get("holidays")),
            role_fte=self._role_fte(data.get("role_fte")),
            wip_limit=self._wip_limit(data.get("wip_limit")),
            freezes=self._freezes(data.get("freezes")),
        )

    def _fault(self, path: Path, message: str) -> None:
        self.located.problems.append(self.located.problem(path, message))

    def _known_keys(self, path: Path, data: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for key in data:
            if key not in known:
                message = f"'{_short(key)}' is not known here; known are: {', '.join(known)}"
                self._fault((*path, key), message)

    def _date(self, path: Path, raw: Any) -> date | None:
        try:
            day = date.fromisoformat(raw) if re.fullmatch(r"\d{4}-\d\d-\d\d", str(raw)) else None
        except ValueError:
            day = None
        if day is None:
            self._fault(path, f"write the date as YYYY-MM-DD; '{_short(raw)}' is not one")
        elif not EARLIEST <= day <= LATEST:
            self._fault(path, f"give a date from {EARLIEST} to {LATEST}; {day} is outside")
            return None
        return day

    def _list(self, path: Path, raw: Any, most: int = MAX_ENTRIES) -> list[Any]:
        if raw is None:
            return []
        if not isinstance(raw, list):
            self._fault(path, "give a list, one entry a line, each beginning with '- '")
            return []
        if len(raw) > most:
            self._fault(path, f"give at most {most} entries; these are {len(raw)}")
            return []
        return raw

    def _holidays(self, raw: Any) -> frozenset[date]:
        days = [
            self._date(("holidays", number), item)
            for number, item in enumerate(self._list(("holidays",), raw))
        ]
        return frozenset(day for day in days if day)

    def _role_fte(self, raw: Any) -> dict[str, float]:
        if raw is None:
            return {}
        if not isinstance(raw, dict):
            self._fault(("role_fte",), "name roles with their FTE, as in 'OPS: 0.5'")
            return {}
        self._known_keys(("role_fte",), raw, tuple(sorted(self.roles)))
        found = {}
        for role, value in raw.items():
            amount = self._number(("role_fte", role), value, MAX_FTE)
            if amount is not None and role in self.roles:
                found[role] = amount
        return found

    def _number(self, path: Path, raw: Any, high: float) -> float | None:
        if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not math.isfinite(raw):
            self._fault(path, f"give a number; '{_short(raw)}' is not one")
            return None
        if not 0 <= raw <= high:
            self._fault(path, f"give a number from 0 to {high:g}; {_short(raw)} is outside")
            return None
        return float(raw)

    def _wip_limit(self, raw: Any) -> int | None:
        if raw is None:
            return None
        if isinstance(raw, bool) or not isinstance(raw, int) or not 1 <= raw <= MAX_WIP:
            message = f"give a whole number from 1 to {MAX_WIP}; '{_short(raw)}' is not one"
            self._fault(("wip_limit",), message)
            return None
        return raw

    def _freezes(self, raw: Any) -> tuple[Freeze, ...]:
        entries = self._list(("freezes",), raw, MAX_FREEZES)
        found = [self._freeze(("freezes", number), item) for number, item in enumerate(entries)]
        return tuple(freeze for freeze in found if freeze)

    def _freeze(self, path: Path, raw: Any) -> Freeze | None:
        if not isinstance(raw, dict):
            self._fault(path, f"a freeze names its {', '.join(FREEZE_KEYS)}")
            return None
        self._known_keys(path, raw, FREEZE_KEYS)
        edges: list[date | None] = []
        for key in ("start", "finish"):
            if key not in raw:
                self._fault(path, f"say when the freeze has its '{key}'")
            edges.append(self._date((*path, key), raw[key]) if key in raw else None)
        kind = self._kind(path, raw.get("kind"))
        left = self._number((*path, "capacity"), raw["capacity"], 1) if "capacity" in raw else 0.5
        if left is not None and "capacity" in raw and kind is FreezeKind.GO_LIVE:
            self._fault((*path, "capacity"), "'capacity' belongs to kind: reduced_staff only")
        start, finish = edges
        if start and finish and finish < start:
            self._fault((*path, "finish"), f"the freeze ends ({finish}) before it starts ({start})")
            return None
        if start is None or finish is None or kind is None or left is None:
            return None
        return Freeze(start, finish, self._reason(path, raw.get("reason")), kind, left)

    def _kind(self, path: Path, raw: Any) -> FreezeKind | None:
        try:
            return FreezeKind(raw) if raw is not None else FreezeKind.GO_LIVE
        except ValueError:
            known = ", ".join(kind.value for kind in FreezeKind)
            self._fault((*path, "kind"), f"'{_short(raw)}' is not a kind; choose one of: {known}")
            return None

    def _reason(self, path: Path, raw: Any) -> str:
        if raw is None:
            return ""
        if isinstance(raw, (dict, list)) or len(str(raw)) > MAX_REASON:
            self._fault((*path, "reason"), f"give a reason of at most {MAX_REASON} characters")
            return ""
        return str(raw)


def _short(raw: Any) -> str:
    text = str(raw)
    return text if len(text) <= 40 else f"{text[:40]}…"

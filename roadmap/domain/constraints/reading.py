"""Reading and writing the constraints file; its format is in `docs/constraints-format.md`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import yaml

from guide.model import Guide
from guide.parts import MAX_LEVEL
from guide.yamlfile import Located, Path, Problem, read_yaml
from roadmap.domain.constraints.file_walker import Walker, short
from roadmap.domain.constraints.public_holidays import (
    UnknownCountry,
    UnknownSubdivision,
    known_place,
    plan_holidays,
)
from roadmap.domain.constraints.stated import (
    MAX_DAYS,
    MAX_DEADLINES,
    MAX_DELAY_WEEKS,
    MAX_FREEZES,
    MAX_FTE,
    MAX_HOLIDAYS,
    MAX_MONEY,
    MAX_STAFFING,
    MAX_WIP,
    WEEKDAYS,
    Constraints,
    Deadline,
    Freeze,
    FreezeKind,
    Staffing,
    constraints_to_json,
)

KEYS = (
    "start",
    "country",
    "subdivision",
    "working_weekdays",
    "holidays",
    "role_fte",
    "free_share",
    "staffing",
    "budget",
    "budget_days",
    "currency",
    "day_rates",
    "wip_limit",
    "freezes",
    "deadlines",
    "targets",
    "vendor_delay_weeks",
    "may_end_early",
)
FREEZE_KEYS = ("start", "finish", "reason", "kind", "capacity", "roles")
STAFFING_KEYS = ("role", "fte", "start", "finish", "reason", "partner", "day_rate")
DEADLINE_KEYS = ("by", "about", "reason")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Work that was added to a plan by hand; the guide does not know it.
BY_HAND = re.compile(r"OWN-\d{1,4}|.{1,40}\.W\d{1,3}")


class ConstraintsError(ValueError):
    """A constraints file with everything that is wrong in it."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def parse_constraints(text: str, guide: Guide, name: str, start: date | None = None) -> Constraints:
    """Read a constraints file. `start`: when the plan begins if the file does not say it.

    Raises:
        ConstraintsError: with every problem at once, each with its line.
    """
    located = read_yaml(text, name)
    reader = _Reader(located, guide, start)
    constraints = reader.read() if not located.problems else Constraints()
    if located.problems:
        raise ConstraintsError(located.problems)
    return constraints


def write_constraints(constraints: Constraints) -> str:
    """The file that gives the same constraints back; what has its default is left out."""
    data = {key: value for key, value in constraints_to_json(constraints).items() if value}
    for key in ("free_share", "budget", "budget_days"):
        if getattr(constraints, key) is not None:
            data[key] = getattr(constraints, key)
    if constraints.working_weekdays == WEEKDAYS:
        data.pop("working_weekdays", None)
    else:
        data["working_weekdays"] = [DAYS[day] for day in sorted(constraints.working_weekdays)]
    if constraints.country and not constraints.holidays:
        data["holidays"] = []
    for freeze in data.get("freezes", ()):
        if freeze["kind"] == FreezeKind.GO_LIVE:
            del freeze["capacity"], freeze["roles"]
        elif not freeze["roles"]:
            del freeze["roles"]
    for entry in (*data.get("staffing", ()), *data.get("deadlines", ())):
        for key in [key for key, value in entry.items() if value in (None, "", False)]:
            del entry[key]
    text: str = yaml.safe_dump(
        {key: data[key] for key in KEYS if key in data}, sort_keys=False, allow_unicode=True
    )
    # Dates are words to our reader; the quotes that YAML puts around them only disturb people.
    return re.sub(r"'(\d{4}-\d\d-\d\d)'", r"\1", text) if data else ""


class _Reader(Walker):
    def __init__(self, located: Located, guide: Guide, start: date | None) -> None:
        super().__init__(located)
        self.start = start
        self.roles = sorted(role.id for role in guide.roles)
        self.steps = [step.id for step in guide.steps]
        self.about = {gate.id for gate in guide.gates} | {i.id for i in guide.initiatives}

    def read(self) -> Constraints:
        data = self.located.data
        if data is None:
            return Constraints()
        if not isinstance(data, dict):
            self.fault((), f"write constraints by name: {', '.join(KEYS)}")
            return Constraints()
        self.known_keys((), data, KEYS)
        start = self.date(("start",), data["start"]) if data.get("start") is not None else None
        country, subdivision = self._place(data)
        return Constraints(
            start=start,
            country=country,
            subdivision=subdivision,
            working_weekdays=self._weekdays(data.get("working_weekdays")),
            holidays=self._holidays(data, start or self.start, country, subdivision),
            role_fte=self._amounts("role_fte", data, "with their FTE, as in 'OPS: 0.5'", MAX_FTE),
            free_share=self._maybe("free_share", data, 1),
            staffing=self._staffing(data.get("staffing")),
            budget=self._maybe("budget", data, MAX_MONEY),
            budget_days=self._maybe("budget_days", data, MAX_DAYS),
            currency=self._currency(data.get("currency")),
            day_rates=self._amounts("day_rates", data, "with money a day: 'OPS: 640'", MAX_MONEY),
            wip_limit=self._wip_limit(data.get("wip_limit")),
            freezes=self._freezes(data.get("freezes")),
            deadlines=self._deadlines(data.get("deadlines")),
            targets=self._targets(data.get("targets")),
            vendor_delay_weeks=self._maybe("vendor_delay_weeks", data, MAX_DELAY_WEEKS) or 0,
            may_end_early=self.flag(("may_end_early",), data.get("may_end_early", False)),
        )

    def _place(self, data: Mapping[str, Any]) -> tuple[str, str]:
        country = self.text(("country",), data.get("country"), "a country code", 10)
        subdivision = self.text(("subdivision",), data.get("subdivision"), "a region's code", 40)
        if subdivision and not country:
            self.fault(("subdivision",), "name the 'country' it belongs to as well")
            return "", ""
        if not country:
            return "", ""
        try:
            return known_place(country, subdivision)
        except UnknownCountry as error:
            self.fault(("country",), str(error))
        except UnknownSubdivision as error:
            self.fault(("subdivision",), str(error))
        return "", ""

    def _holidays(
        self, data: Mapping[str, Any], start: date | None, country: str, subdivision: str
    ) -> frozenset[date]:
        """A country without a list of days stands for its public holidays."""
        if country and data.get("holidays") is None:
            if start is None:
                self.fault(("country",), "give the 'start' as well, so that its holidays are known")
                return frozenset()
            return frozenset(plan_holidays(country, subdivision, start))
        entries = self.entries(("holidays",), data.get("holidays"), MAX_HOLIDAYS)
        days = [self.date(("holidays", number), item) for number, item in enumerate(entries)]
        return frozenset(day for day in days if day)

    def _weekdays(self, raw: Any) -> frozenset[int]:
        if raw is None:
            return WEEKDAYS
        found = set()
        for number, item in enumerate(self.entries(("working_weekdays",), raw, 7)):
            day = self.one_of(("working_weekdays", number), item, DAYS, "a day of the week")
            if day:
                found.add(DAYS.index(day))
        if not raw:
            self.fault(("working_weekdays",), "name at least one day of the week, as in 'mon'")
        return frozenset(found)

    def _amounts(
        self, key: str, data: Mapping[str, Any], example: str, high: float
    ) -> dict[str, float]:
        given = self.by_name((key,), data.get(key), f"name roles {example}", self.roles)
        found = {role: self.number((key, role), value, high) for role, value in given.items()}
        return {role: amount for role, amount in found.items() if amount is not None}

    def _maybe(self, key: str, data: Mapping[str, Any], high: float) -> float | None:
        return self.number((key,), data[key], high) if data.get(key) is not None else None

    def _currency(self, raw: Any) -> str:
        if raw is None:
            return ""
        if not re.fullmatch(r"[A-Z]{3}", str(raw)):
            self.fault(("currency",), f"give three letters, as in USD; '{short(raw)}' are not")
            return ""
        return str(raw)

    def _wip_limit(self, raw: Any) -> int | None:
        return None if raw is None else self.whole(("wip_limit",), raw, 1, MAX_WIP)

    def _targets(self, raw: Any) -> dict[str, int]:
        example = "name steps with the level to reach, as in 'STEP-1: 3'"
        given = self.by_name(("targets",), raw, example, self.steps)
        levels = {s: self.whole(("targets", s), value, 1, MAX_LEVEL) for s, value in given.items()}
        return {step: level for step, level in levels.items() if level is not None}

    def _freezes(self, raw: Any) -> tuple[Freeze, ...]:
        return tuple(
            freeze
            for path, entry in self._records("freezes", raw, MAX_FREEZES, "freeze", FREEZE_KEYS)
            if (freeze := self._freeze(path, entry))
        )

    def _freeze(self, path: Path, raw: Mapping[str, Any]) -> Freeze | None:
        start, finish = (self._needed(path, raw, key, "freeze") for key in ("start", "finish"))
        named = self.one_of(
            (*path, "kind"), raw.get("kind") or "go_live", list(FreezeKind), "a kind"
        )
        left = self.number((*path, "capacity"), raw["capacity"], 1) if "capacity" in raw else 0.5
        for key in ("capacity", "roles"):
            if left is not None and key in raw and named == FreezeKind.GO_LIVE:
                self.fault((*path, key), f"'{key}' belongs to kind: reduced_staff only")
        roles = self._freeze_roles((*path, "roles"), raw.get("roles"))
        reason = self.text((*path, "reason"), raw.get("reason"), "a reason")
        if not self._in_order(path, start, finish, "freeze"):
            return None
        if start is None or finish is None or named is None or left is None:
            return None
        return Freeze(start, finish, reason, FreezeKind(named), left, roles)

    def _freeze_roles(self, path: Path, raw: Any) -> tuple[str, ...]:
        entries = enumerate(self.entries(path, raw, len(self.roles)))
        found = (self.one_of((*path, n), role, self.roles, "a role") for n, role in entries)
        return tuple(dict.fromkeys(role for role in found if role))

    def _staffing(self, raw: Any) -> tuple[Staffing, ...]:
        records = self._records("staffing", raw, MAX_STAFFING, "change of staff", STAFFING_KEYS)
        found = [self._people(path, entry) for path, entry in records]
        return tuple(people for people in found if people)

    def _people(self, path: Path, raw: Mapping[str, Any]) -> Staffing | None:
        role = self.one_of((*path, "role"), raw.get("role"), self.roles, "a role")
        fte = self.number((*path, "fte"), raw.get("fte"), MAX_FTE, -MAX_FTE)
        start = self._needed(path, raw, "start", "change of staff")
        finish = None
        if raw.get("finish") is not None:
            finish = self.date((*path, "finish"), raw["finish"])
        is_partner = self.flag((*path, "partner"), raw.get("partner", False))
        rate = None
        if raw.get("day_rate") is not None:
            rate = self.number((*path, "day_rate"), raw["day_rate"], MAX_MONEY)
        if fte is not None and fte <= 0 and is_partner:
            self.fault((*path, "fte"), "a partner joins: give an 'fte' above 0")
        reason = self.text((*path, "reason"), raw.get("reason"), "a reason")
        if not self._in_order(path, start, finish, "change of staff"):
            return None
        if role is None or fte is None or start is None:
            return None
        return Staffing(role, fte, start, finish, reason, is_partner, rate)

    def _deadlines(self, raw: Any) -> tuple[Deadline, ...]:
        found = []
        for path, entry in self._records(
            "deadlines", raw, MAX_DEADLINES, "deadline", DEADLINE_KEYS
        ):
            by = self._needed(path, entry, "by", "deadline")
            about = self.text((*path, "about"), entry.get("about"), "a gate or an initiative", 60)
            if about and about not in self.about and not BY_HAND.fullmatch(about):
                message = f"'{short(about)}' is neither a gate nor an initiative of the guide"
                self.fault((*path, "about"), f"{message}; leave it out for the whole plan")
            reason = self.text((*path, "reason"), entry.get("reason"), "a reason")
            if by:
                found.append(Deadline(by, about, reason))
        return tuple(found)

    def _records(
        self, key: str, raw: Any, most: int, what: str, known: tuple[str, ...]
    ) -> Iterable[tuple[Path, dict[str, Any]]]:
        for number, entry in enumerate(self.entries((key,), raw, most)):
            if isinstance(entry, dict):
                self.known_keys((key, number), entry, known)
                yield (key, number), entry
            else:
                self.fault((key, number), f"a {what} names its {', '.join(known)}")

    def _needed(self, path: Path, raw: Mapping[str, Any], key: str, what: str) -> date | None:
        if key not in raw:
            self.fault(path, f"say when the {what} has its '{key}'")
            return None
        return self.date((*path, key), raw[key])

    def _in_order(self, path: Path, start: date | None, finish: date | None, what: str) -> bool:
        if start and finish and finish < start:
            message = f"the {what} ends ({finish}) before it starts ({start})"
            self.fault((*path, "finish"), message)
            return False
        return True

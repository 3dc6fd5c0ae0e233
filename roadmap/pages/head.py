"""The head of a scenario's page: what state it is in, what it promises, what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from roadmap.pages.plan_items import Document, as_date

ADOPTED, SEARCHING, SEARCHED, PREVIEW = "adopted", "searching", "searched", "preview"
FIRST_NAMED = 6
# Four chances in five: what the head of the page promises a finish by.
SAFE_CHANCE = 0.8
# The kind of conflict that tells of a missed deadline.
DEADLINE = "deadline"


@dataclass(frozen=True)
class Deadline:
    """A day given from outside. `chance`: part of the simulated runs that keep it, if any ran."""

    about: str
    title: str
    by: date
    planned: date | None
    is_met: bool
    reason: str
    chance: float | None

    @property
    def is_at_risk(self) -> bool:
        """Kept by the plan, but with a chance below the one its promised date has."""
        return self.is_met and self.chance is not None and self.chance < SAFE_CHANCE


@dataclass(frozen=True)
class LeftOut:
    """`kind`: deadline, budget, hand, unplannable or needs. `gain`: its price in readiness."""

    id: str
    title: str
    kind: str
    reason: str
    gain: float | None
    person_days: float | None
    cost: float | None

    @property
    def can_be_kept(self) -> bool:
        return self.kind in ("deadline", "budget")


@dataclass(frozen=True)
class Conflict:
    kind: str
    text: str
    about: tuple[str, ...]

    @property
    def first(self) -> tuple[str, ...]:
        return self.about[:FIRST_NAMED]

    @property
    def rest(self) -> tuple[str, ...]:
        return self.about[FIRST_NAMED:]


@dataclass(frozen=True)
class Head:
    state: str
    start: date | None
    finish: date | None
    p50: date | None
    p80: date | None
    readiness_now: float | None
    readiness_after: float | None
    readiness_low: float | None
    readiness_high: float | None
    effort: Mapping[str, float]
    cost: float | None
    currency: str
    initiatives: int
    deadlines: tuple[Deadline, ...]
    left_out: tuple[LeftOut, ...]
    conflicts: tuple[Conflict, ...]

    @property
    def missed(self) -> tuple[tuple[Deadline, Conflict | None], ...]:
        """Missed deadlines with what the planner says of them: one conflict each, in order."""
        late = [deadline for deadline in self.deadlines if not deadline.is_met]
        told = [conflict for conflict in self.conflicts if conflict.kind == DEADLINE]
        found: list[Conflict | None] = list(told) if len(told) == len(late) else [None] * len(late)
        return tuple(zip(late, found, strict=True))

    @property
    def other_conflicts(self) -> tuple[Conflict, ...]:
        told = [conflict for _, conflict in self.missed]
        return tuple(conflict for conflict in self.conflicts if conflict not in told)

    @property
    def at_risk(self) -> tuple[Deadline, ...]:
        return tuple(deadline for deadline in self.deadlines if deadline.is_at_risk)


def head(plan: Document, forecast: Document, state: str) -> Head:
    """`forecast`: that of this very plan, or empty."""
    days = forecast.get("finish") or {}
    now, after = _readiness(plan, "now"), _readiness(plan, "after")
    low, high = _last_range(forecast)
    cost = plan.get("cost") or {}
    return Head(
        state=state,
        start=as_date(plan.get("start")),
        finish=as_date(plan.get("finish")),
        p50=as_date(days.get("p50")),
        p80=as_date(days.get("p80")),
        readiness_now=now,
        readiness_after=after,
        readiness_low=low,
        readiness_high=high,
        effort=plan.get("effort_days") or {"low": 0, "likely": 0, "high": 0},
        cost=cost.get("total"),
        currency=cost.get("currency") or "",
        initiatives=len(plan.get("initiatives", [])),
        deadlines=tuple(_deadline(entry, forecast) for entry in plan.get("deadlines", [])),
        left_out=tuple(_left_out(entry) for entry in plan.get("left_out", [])),
        conflicts=tuple(
            Conflict(c.get("kind", ""), c["text"], tuple(c.get("about", ())))
            for c in plan.get("conflicts", [])
        ),
    )


def _readiness(plan: Document, when: str) -> float | None:
    found: float | None = (plan.get("readiness") or {}).get(when, {}).get("overall")
    return found


def _last_range(forecast: Document) -> tuple[float | None, float | None]:
    """The range of overall readiness at the end of the curve."""
    points = (forecast.get("readiness") or {}).get("points") or []
    overall: Mapping[str, Any] = points[-1].get("overall", {}) if points else {}
    return overall.get("low"), overall.get("high")


def _deadline(entry: Document, forecast: Document) -> Deadline:
    about = entry.get("about") or ""
    chances = {
        (chance.get("about") or "", chance["by"]): chance.get("chance")
        for chance in forecast.get("deadlines", [])
    }
    return Deadline(
        about=about,
        title=entry.get("title") or about,
        by=date.fromisoformat(entry["by"]),
        planned=as_date(entry.get("planned")),
        is_met=bool(entry.get("is_met")),
        reason=entry.get("reason") or "",
        chance=chances.get((about, entry["by"])),
    )


def _left_out(entry: Document) -> LeftOut:
    days = entry.get("person_days")
    return LeftOut(
        id=entry["id"],
        title=entry["title"],
        kind=entry.get("kind", ""),
        reason=entry.get("reason", ""),
        gain=entry.get("gain"),
        person_days=sum(days.values()) if isinstance(days, Mapping) else days,
        cost=entry.get("cost"),
    )

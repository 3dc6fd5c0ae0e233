"""What differs between two plans, read off their stored documents: what moved and why, what came,
what fell out. Nothing is planned again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from roadmap.domain.fitting.limits import in_words

Document = Mapping[str, Any]
NOT_CALLED_FOR = "The answers do not call for it any more."
# Of what no guide holds the answers say nothing; a wave goes with the work it repeats, too.
NOT_THERE = {
    "own": "It was removed by hand.",
    "wave": "It was removed, or the work it repeats is not called for any more.",
}
WEEKDAYS = (0, 1, 2, 3, 4)


@dataclass(frozen=True)
class Moved:
    """`days`: working days the start is later (below 0: earlier); `finish_days` for the finish.

    `why`: what binds the start now, in words.
    """

    id: str
    title: str
    start_before: date
    start_after: date
    finish_before: date
    finish_after: date
    days: int
    finish_days: int
    why: str

    @property
    def sentence(self) -> str:
        if self.days:
            return f"moved {later(self.days)}: {self.why}"
        return f"starts as before and ends {later(self.finish_days)}"


@dataclass(frozen=True)
class Came:
    id: str
    title: str
    start: date
    finish: date


@dataclass(frozen=True)
class FellOut:
    """`gain`: its price in points of readiness at the end; None where nobody reckoned it."""

    id: str
    title: str
    reason: str
    gain: float | None = None


@dataclass(frozen=True)
class GateMoved:
    """A gate is None where the plan does not reach it; `days` then as well."""

    id: str
    title: str
    before: date | None
    after: date | None
    days: int | None


@dataclass(frozen=True)
class Figures:
    """One number before and after; None where a plan has none."""

    before: float | None
    after: float | None

    @property
    def change(self) -> float | None:
        if self.before is None or self.after is None:
            return None
        return round(self.after - self.before, 2)


@dataclass(frozen=True)
class PlanDiff:
    """`moved` with the largest move first; `finish_days`: working days later."""

    finish_before: date | None
    finish_after: date | None
    finish_days: int | None
    person_days: Figures
    cost: Figures
    readiness: Figures
    moved: tuple[Moved, ...]
    came: tuple[Came, ...]
    fell_out: tuple[FellOut, ...]
    gates: tuple[GateMoved, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.moved or self.came or self.fell_out or self.gates) and not any(
            figures.change for figures in (self.person_days, self.cost, self.readiness)
        )


def plan_diff(before: Document, after: Document) -> PlanDiff:
    """Working days are counted by the calendar of the plan after."""
    days = _WorkingDays(before, after)
    old = {item["id"]: item for item in before["initiatives"]}
    new = {item["id"]: item for item in after["initiatives"]}
    finish_before, finish_after = _day(before.get("finish")), _day(after.get("finish"))
    return PlanDiff(
        finish_before=finish_before,
        finish_after=finish_after,
        finish_days=days.between(finish_before, finish_after),
        person_days=Figures(_person_days(before), _person_days(after)),
        cost=Figures(_cost(before), _cost(after)),
        readiness=Figures(_readiness(before), _readiness(after)),
        moved=tuple(_moved(old, new, after, days)),
        came=tuple(
            Came(id, item["title"], _date(item["start"]), _date(item["finish"]))
            for id, item in new.items()
            if id not in old
        ),
        fell_out=tuple(_fell_out(old, new, after)),
        gates=tuple(_gates(before, after, days)),
    )


class _WorkingDays:
    """Counts working days between dates of two plans."""

    def __init__(self, before: Document, after: Document) -> None:
        # A plan names the free days within itself only; beyond its end those of the other count.
        end = after.get("finish") or ""
        own = set(after.get("holidays", ()))
        beyond = {day for day in before.get("holidays", ()) if day > end}
        free = own | beyond
        weekdays = set(after.get("working_weekdays", WEEKDAYS))
        named = [_day(plan.get(key)) for plan in (before, after) for key in ("start", "finish")]
        known = [day for day in named if day]
        self._days: list[date] = []
        if known:
            span = (max(known) - min(known)).days + 1
            every = (min(known) + timedelta(days=n) for n in range(span))
            self._days = [
                day for day in every if day.weekday() in weekdays and day.isoformat() not in free
            ]

    def between(self, before: date | None, after: date | None) -> int | None:
        if before is None or after is None:
            return None
        return bisect_left(self._days, after) - bisect_left(self._days, before)


def _moved(
    old: Mapping[str, Document],
    new: Mapping[str, Document],
    after: Document,
    days: _WorkingDays,
) -> Sequence[Moved]:
    roles = {row["role"]: row["title"] for row in after.get("capacity", ())}
    found = []
    for id, item in new.items():
        was = old.get(id)
        if was is None or (was["start"], was["finish"]) == (item["start"], item["finish"]):
            continue
        edges = [_date(part[key]) for part in (was, item) for key in ("start", "finish")]
        start_before, finish_before, start_after, finish_after = edges
        found.append(
            Moved(
                id=id,
                title=item["title"],
                start_before=start_before,
                start_after=start_after,
                finish_before=finish_before,
                finish_after=finish_after,
                days=days.between(start_before, start_after) or 0,
                finish_days=days.between(finish_before, finish_after) or 0,
                why=_why(item, new, roles),
            )
        )
    ranks = {id: item["rank"] for id, item in new.items()}
    return sorted(found, key=lambda m: (-max(abs(m.days), abs(m.finish_days)), ranks[m.id]))


def _why(item: Document, items: Mapping[str, Document], roles: Mapping[str, str]) -> str:
    """What binds its start, in words."""
    bound = item["bound_by"]
    what, until = bound["what"], _day(bound.get("until"))
    day = in_words(until) if until else in_words(_date(item["start"]))
    if bound["kind"] == "predecessor" and what in items:
        ends = in_words(_date(items[what]["finish"]))
        return f"it waits for {what} {items[what]['title']}, which ends on {ends}"
    words = {
        "role": f"no time of {roles.get(what, what)} is left for it until {day}",
        "limit": f"as many initiatives as are allowed run at the same time until {day}",
        "freeze": f"a freeze lasts until {day}",
        "fixed": f"its start is fixed to {day}",
        "earliest": f"it is not to start before {day}",
        "start": "nothing keeps it from starting with the plan",
    }
    return words.get(bound["kind"], "the order of the plan has it so")


def _fell_out(
    old: Mapping[str, Document], new: Mapping[str, Document], after: Document
) -> Iterable[FellOut]:
    rows = {row["id"]: row for row in after.get("left_out", ())}
    barred = {row["id"]: row["reason"] for row in after.get("excluded", ())}
    for id, item in old.items():
        if id in new:
            continue
        row = rows.get(id)
        if row:
            yield FellOut(id, item["title"], row["reason"], row["gain"])
        else:
            gone = NOT_THERE.get(item.get("origin", ""), NOT_CALLED_FOR)
            yield FellOut(id, item["title"], barred.get(id, gone))


def _gates(before: Document, after: Document, days: _WorkingDays) -> Iterable[GateMoved]:
    old = {gate["id"]: gate for gate in before.get("gates", ())}
    new = {gate["id"]: gate for gate in after.get("gates", ())}
    for id in dict.fromkeys((*new, *old)):
        was = _day(old[id]["date"]) if id in old else None
        now = _day(new[id]["date"]) if id in new else None
        if was != now:
            title = (new.get(id) or old[id])["title"]
            yield GateMoved(id, title, was, now, days.between(was, now))


def later(days: int) -> str:
    word = "working day" if abs(days) == 1 else "working days"
    return f"{abs(days)} {word} {'later' if days > 0 else 'earlier'}"


def _person_days(plan: Document) -> float | None:
    days = plan.get("person_days", (plan.get("effort_days") or {}).get("likely"))
    return None if days is None else float(days)


def _cost(plan: Document) -> float | None:
    cost = plan.get("cost")
    return float(cost["total"]) if cost else None


def _readiness(plan: Document) -> float | None:
    after = (plan.get("readiness") or {}).get("after")
    return after["overall"] if after else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _date(text: str) -> date:
    return date.fromisoformat(text)

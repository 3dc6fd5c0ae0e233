"""What is different between two stored plans, as a page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from roadmap.models import Roadmap, Scenario

Document = Mapping[str, Any]
FIRST_MOVES = 15


@dataclass(frozen=True)
class Move:
    """`days`: calendar days later; below 0: earlier. By the finish, else by the start."""

    id: str
    title: str
    start: date
    finish: date
    was_start: date
    was_finish: date

    @property
    def days(self) -> int:
        return (self.finish - self.was_finish).days or (self.start - self.was_start).days

    @property
    def is_later(self) -> bool:
        return self.days > 0


@dataclass(frozen=True)
class Came:
    id: str
    title: str


@dataclass(frozen=True)
class Fell:
    id: str
    title: str
    reason: str


@dataclass(frozen=True)
class GateMove:
    id: str
    title: str
    was: date | None
    now: date | None


@dataclass(frozen=True)
class Compared:
    """`name` of what it is compared with. Numbers are (before, now), None where unknown."""

    name: str
    finish: tuple[date | None, date | None]
    person_days: tuple[float, float]
    cost: tuple[float | None, float | None]
    currency: str
    moved: tuple[Move, ...]
    came: tuple[Came, ...]
    fell: tuple[Fell, ...]
    gates: tuple[GateMove, ...]
    base: Scenario | None = None
    roadmap: Roadmap | None = None

    @property
    def first(self) -> tuple[Move, ...]:
        return self.moved[:FIRST_MOVES]

    @property
    def rest(self) -> tuple[Move, ...]:
        return self.moved[FIRST_MOVES:]

    @property
    def is_same(self) -> bool:
        return not (self.moved or self.came or self.fell or self.gates)

    @property
    def cost_changed(self) -> bool:
        return self.cost[0] != self.cost[1] and None not in self.cost


def compared(
    name: str,
    before: Document,
    after: Document,
    base: Scenario | None = None,
    roadmap: Roadmap | None = None,
) -> Compared:
    old = {entry["id"]: entry for entry in before.get("initiatives", ())}
    new = {entry["id"]: entry for entry in after.get("initiatives", ())}
    moved = [_move(old[id], entry) for id, entry in new.items() if id in old]
    changed = [move for move in moved if move.days]
    return Compared(
        name=name,
        finish=(_day(before.get("finish")), _day(after.get("finish"))),
        person_days=(_days(before), _days(after)),
        cost=(_cost(before), _cost(after)),
        currency=(after.get("cost") or {}).get("currency") or "",
        moved=tuple(sorted(changed, key=lambda move: (-abs(move.days), move.id))),
        came=tuple(Came(id, e["title"]) for id, e in new.items() if id not in old),
        fell=tuple(_fallen(old, new, after)),
        gates=tuple(_gates(before, after)),
        base=base,
        roadmap=roadmap,
    )


def current_to_compare(current: Roadmap | None, scenario: Scenario) -> Compared | None:
    """Against the roadmap people work by; None without one, or when this plan is it."""
    if current is None or current.scenario_id == scenario.pk:
        return None
    return compared(current.name, current.plan, scenario.plan, roadmap=current)


def _move(before: Document, after: Document) -> Move:
    return Move(
        id=after["id"],
        title=after["title"],
        start=date.fromisoformat(after["start"]),
        finish=date.fromisoformat(after["finish"]),
        was_start=date.fromisoformat(before["start"]),
        was_finish=date.fromisoformat(before["finish"]),
    )


def _fallen(old: Document, new: Document, after: Document) -> Iterable[Fell]:
    said = [*after.get("excluded", ()), *after.get("left_out", ())]
    reasons = {entry["id"]: entry["reason"] for entry in said}
    for id, entry in old.items():
        if id not in new:
            yield Fell(id, entry["title"], reasons.get(id, ""))


def _gates(before: Document, after: Document) -> Iterable[GateMove]:
    old = {gate["id"]: gate for gate in before.get("gates", ())}
    new = {gate["id"]: gate for gate in after.get("gates", ())}
    for id, gate in (old | new).items():
        was, now = old.get(id, {}).get("date"), new.get(id, {}).get("date")
        if was != now:
            yield GateMove(id, gate["title"], _day(was), _day(now))


def _days(plan: Document) -> float:
    stated = plan.get("person_days")
    return float(plan["effort_days"]["likely"] if stated is None else stated)


def _cost(plan: Document) -> float | None:
    found: float | None = (plan.get("cost") or {}).get("total")
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

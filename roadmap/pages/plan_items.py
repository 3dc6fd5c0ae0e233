"""The initiatives of a plan's document as plain values.

Documents are stored and older ones know less: whatever is not there is empty, never an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Likely:
    """The days by which an initiative is finished in half, 4 of 5 and 19 of 20 simulated runs.

    `critical`: the part of the runs in which it held up the finish.
    """

    p50: date
    p80: date
    p95: date
    critical: float


@dataclass(frozen=True)
class Bound:
    """What keeps a start from being earlier. `holders`: ids of the initiatives in the way."""

    kind: str = ""
    what: str = ""
    until: date | None = None
    holders: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lift:
    question: str
    title: str
    now: Any
    then: Any


@dataclass(frozen=True)
class PlanItem:
    """`float_days`: working days it can slip before the plan's finish moves; None: not known."""

    id: str
    title: str
    kind: str
    phase: str
    step: str
    gate: str
    rank: int
    start: date
    finish: date
    days: int
    roles: tuple[str, ...]
    effort: Mapping[str, float]
    predecessors: tuple[str, ...]
    reasons: tuple[Mapping[str, str], ...]
    satisfied: tuple[Mapping[str, str], ...]
    bound: Bound
    origin: str = "guide"
    wave_of: str = ""
    systems: tuple[str, ...] = ()
    float_days: int | None = None
    free_float: int | None = None
    is_critical: bool = False
    pinned: date | None = None
    earliest: date | None = None
    has_other_effort: bool = False
    people: tuple[str, ...] = ()
    lifts: tuple[Lift, ...] = ()
    gain: float | None = None
    cost: float | None = None
    person_days: Mapping[str, float] | None = None
    likely: Likely | None = None
    is_kept: bool = False

    @property
    def is_own(self) -> bool:
        return self.origin == "own"

    @property
    def is_wave(self) -> bool:
        return self.origin == "wave"

    @property
    def is_review(self) -> bool:
        return self.kind == "review"


def plan_items(
    plan: Document, decisions: Document, forecast: Document | None = None
) -> dict[str, PlanItem]:
    """By id, in the document's order (that of rank)."""
    chances = (forecast or {}).get("initiatives", {})
    return {
        entry["id"]: _item(entry, decisions, chances.get(entry["id"]))
        for entry in plan.get("initiatives", [])
    }


def as_date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def role_titles(plan: Document) -> dict[str, str]:
    """By id, for all roles the plan speaks of."""
    titles = {part["role"]: part["title"] for part in plan.get("load", [])}
    titles |= {part["role"]: part["title"] for part in plan.get("capacity", [])}
    return titles


def _item(entry: Document, decisions: Document, chance: Document | None) -> PlanItem:
    id = entry["id"]
    bound = entry.get("bound_by", {})
    return PlanItem(
        id=id,
        title=entry["title"],
        kind=entry["kind"],
        phase=entry["phase"],
        step=entry["step"],
        gate=entry.get("gate") or "",
        rank=entry["rank"],
        start=date.fromisoformat(entry["start"]),
        finish=date.fromisoformat(entry["finish"]),
        days=entry["working_days"],
        roles=tuple(entry.get("roles", ())),
        effort=entry["effort_days"],
        predecessors=tuple(entry.get("predecessors", ())),
        reasons=tuple(entry.get("why", ())),
        satisfied=tuple(entry.get("satisfied", ())),
        bound=Bound(
            bound.get("kind", ""),
            bound.get("what", ""),
            as_date(bound.get("until")),
            tuple(bound.get("holders", ())),
        ),
        origin=entry.get("origin", "guide"),
        wave_of=entry.get("wave_of") or "",
        systems=tuple(entry.get("systems", ())),
        float_days=entry.get("float"),
        free_float=entry.get("free_float"),
        is_critical=bool(entry.get("critical")),
        pinned=as_date(entry.get("pinned") or decisions.get("pins", {}).get(id)),
        earliest=as_date(entry.get("earliest") or decisions.get("earliest", {}).get(id)),
        has_other_effort=bool(entry.get("effort_changed") or id in decisions.get("efforts", {})),
        people=tuple(entry.get("people") or decisions.get("people", {}).get(id, ())),
        lifts=_lifts(entry.get("lifts", ())),
        gain=entry.get("gain"),
        cost=entry.get("cost"),
        person_days=entry.get("person_days"),
        likely=_likely(chance),
        is_kept=id in decisions.get("kept", {}),
    )


def _lifts(entries: Sequence[Document]) -> tuple[Lift, ...]:
    return tuple(
        Lift(lift["question"], lift.get("title", ""), lift.get("from"), lift.get("to"))
        for lift in entries
    )


def _likely(chance: Document | None) -> Likely | None:
    if not chance or not chance.get("p50"):
        return None
    return Likely(
        date.fromisoformat(chance["p50"]),
        date.fromisoformat(chance["p80"]),
        date.fromisoformat(chance["p95"]),
        float(chance.get("critical", 0)),
    )

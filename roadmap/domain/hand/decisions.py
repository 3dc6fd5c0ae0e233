"""What people decided about a plan by hand; the planner keeps it, whatever else changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

MAX_OWN = 50
MAX_WAVES = 50


@dataclass(frozen=True)
class Days:
    """Person-days, low ≤ likely ≤ high."""

    low: float
    likely: float
    high: float


@dataclass(frozen=True)
class OwnInitiative:
    """Work that the guide does not know. `roles`: role → share of the effort.

    `needs` names initiatives of the plan. `waits_weeks`: weeks that pass however many help.
    """

    id: str
    title: str
    phase: str
    step: str
    roles: Mapping[str, float]
    effort: Days
    what: str = ""
    needs: tuple[str, ...] = ()
    waits_weeks: float = 0
    go_live: bool = False


@dataclass(frozen=True)
class Wave:
    """The same initiative once more for further systems, after the first time it was done."""

    initiative: str
    systems: tuple[str, ...]


@dataclass(frozen=True)
class Going:
    """What is left of work that was begun, or of which people said what is left.

    `days`: how long it is in the plan. For the last `left` of them it needs `person_days` in all.
    `effort` replaces its estimate where more is left than all of it was to take.
    """

    days: int
    left: int
    person_days: float
    effort: Days | None = None


@dataclass(frozen=True)
class DecisionFault:
    """Something decided that no plan can hold. `about`: the initiative; `field`: what to change."""

    kind: str
    about: str
    field: str
    message: str


class DecisionInvalid(ValueError):
    """Decisions that cannot be planned, with everything that is wrong about them."""

    def __init__(self, faults: Iterable[DecisionFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.message for fault in self.faults))


@dataclass(frozen=True)
class Decisions:
    """All by initiative id.

    `pins`: starts on that day. `earliest`: not before that day. `excluded` and `kept`: left out,
    or kept although budget or deadline would drop it, each with a reason. `efforts` replace the
    guide's estimate and are days of this organization: its size is not applied to them again.
    `people`: names. `done`: reported as done, so that their length is known and no estimate.
    `going`: what is left of the others, measured as the forecast of the roadmap measures it.
    """

    pins: Mapping[str, date] = field(default_factory=dict)
    earliest: Mapping[str, date] = field(default_factory=dict)
    excluded: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    efforts: Mapping[str, Days] = field(default_factory=dict)
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own: tuple[OwnInitiative, ...] = ()
    waves: tuple[Wave, ...] = ()
    done: frozenset[str] = frozenset()
    going: Mapping[str, Going] = field(default_factory=dict)


def decisions_to_json(decisions: Decisions) -> dict[str, Any]:
    """Plain data in a fixed order, so that equal decisions give equal bytes."""
    data: dict[str, Any] = {
        "pins": {k: day.isoformat() for k, day in sorted(decisions.pins.items())},
        "earliest": {k: day.isoformat() for k, day in sorted(decisions.earliest.items())},
        "excluded": dict(sorted(decisions.excluded.items())),
        "kept": dict(sorted(decisions.kept.items())),
        "efforts": {k: _days_to_json(days) for k, days in sorted(decisions.efforts.items())},
        "people": {k: list(names) for k, names in sorted(decisions.people.items())},
        "own": [_own_to_json(own) for own in decisions.own],
        "waves": [
            {"initiative": wave.initiative, "systems": list(wave.systems)}
            for wave in decisions.waves
        ],
        "done": sorted(decisions.done),
    }
    if decisions.going:
        # Not as an empty one: plans made before there was any keep their bytes.
        data["going"] = {k: _going_to_json(g) for k, g in sorted(decisions.going.items())}
    return data


def decisions_from_json(data: Mapping[str, Any]) -> Decisions:
    """The way back from `decisions_to_json`; what is not there is empty."""
    return Decisions(
        pins={k: date.fromisoformat(day) for k, day in data.get("pins", {}).items()},
        earliest={k: date.fromisoformat(day) for k, day in data.get("earliest", {}).items()},
        excluded=dict(data.get("excluded", {})),
        kept=dict(data.get("kept", {})),
        efforts={k: Days(**days) for k, days in data.get("efforts", {}).items()},
        people={k: tuple(names) for k, names in data.get("people", {}).items()},
        own=tuple(_own_from_json(own) for own in data.get("own", [])),
        waves=tuple(
            Wave(wave["initiative"], tuple(wave["systems"])) for wave in data.get("waves", [])
        ),
        done=frozenset(data.get("done", [])),
        going={k: _going_from_json(going) for k, going in data.get("going", {}).items()},
    )


def _days_to_json(days: Days) -> dict[str, float]:
    return {"low": days.low, "likely": days.likely, "high": days.high}


def _going_to_json(going: Going) -> dict[str, Any]:
    return {
        "days": going.days,
        "left": going.left,
        "person_days": going.person_days,
        "effort": _days_to_json(going.effort) if going.effort else None,
    }


def _going_from_json(data: Mapping[str, Any]) -> Going:
    effort = Days(**data["effort"]) if data["effort"] else None
    return Going(data["days"], data["left"], data["person_days"], effort)


def _own_to_json(own: OwnInitiative) -> dict[str, Any]:
    return {
        "id": own.id,
        "title": own.title,
        "phase": own.phase,
        "step": own.step,
        "roles": dict(sorted(own.roles.items())),
        "effort": _days_to_json(own.effort),
        "what": own.what,
        "needs": list(own.needs),
        "waits_weeks": own.waits_weeks,
        "go_live": own.go_live,
    }


def _own_from_json(data: Mapping[str, Any]) -> OwnInitiative:
    return OwnInitiative(
        id=data["id"],
        title=data["title"],
        phase=data["phase"],
        step=data["step"],
        roles=dict(data["roles"]),
        effort=Days(**data["effort"]),
        what=data.get("what", ""),
        needs=tuple(data.get("needs", ())),
        waits_weeks=data.get("waits_weeks", 0),
        go_live=data.get("go_live", False),
    )

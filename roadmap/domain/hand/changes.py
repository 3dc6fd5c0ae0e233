"""One decision by hand, and what it makes of the decisions that stand.

Only the form of a change is judged here; whether a plan can be made of it is for the planner.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from roadmap.domain.hand.decisions import (
    MAX_OWN,
    MAX_WAVES,
    Days,
    Decisions,
    OwnInitiative,
    Wave,
)

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
MAX_REASON = 300
MAX_TITLE = 200
MAX_WHAT = 2_000
MAX_NAME = 100
MAX_NAMES = 20
MAX_DAYS = 10_000
MAX_WEEKS = 520

V = TypeVar("V")


@dataclass(frozen=True)
class Change:
    """`kind` as in `KINDS`; `about` names an initiative; `detail` is plain data."""

    kind: str
    about: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


class ChangeInvalid(ValueError):
    """It cannot be taken as it is. `messages`: field → what to do ("": the whole change)."""

    def __init__(self, messages: Mapping[str, str]) -> None:
        self.messages = dict(messages)
        super().__init__("; ".join(self.messages.values()))


def changed(decisions: Decisions, change: Change, known: Iterable[str] = ()) -> Decisions:
    """The decisions after the change. `known`: ids that an own initiative must not be given.

    Raises:
        ChangeInvalid: a value is missing or makes no sense.
    """
    make = KINDS.get(change.kind)
    if make is None:
        raise ChangeInvalid({"": f"“{change.kind}” is not something that can be decided here."})
    if change.kind == "own_add":
        change = replace(change, about=next_own_id(decisions, known))
    return make(decisions, change)


def next_own_id(decisions: Decisions, known: Iterable[str] = ()) -> str:
    """An id that was never given before: progress and history go by it."""
    taken = {own.id for own in decisions.own} | set(known)
    numbers = [int(id[4:]) for id in taken if id.startswith("OWN-") and id[4:].isdigit()]
    return f"OWN-{max(numbers, default=0) + 1}"


def wave_id(initiative: str, number: int) -> str:
    """The first time is the initiative itself, so waves begin with the second."""
    return f"{initiative}.W{number}"


def wave_ids(decisions: Decisions) -> dict[str, Wave]:
    found: dict[str, Wave] = {}
    counts: dict[str, int] = {}
    for wave in decisions.waves:
        counts[wave.initiative] = counts.get(wave.initiative, 1) + 1
        found[wave_id(wave.initiative, counts[wave.initiative])] = wave
    return found


def _pin(decisions: Decisions, change: Change) -> Decisions:
    day = _day(change)
    return replace(
        decisions,
        pins={**decisions.pins, change.about: day},
        earliest=_without(decisions.earliest, change.about),
    )


def _unpin(decisions: Decisions, change: Change) -> Decisions:
    return replace(decisions, pins=_without(decisions.pins, change.about))


def _earliest(decisions: Decisions, change: Change) -> Decisions:
    day = _day(change)
    return replace(
        decisions,
        earliest={**decisions.earliest, change.about: day},
        pins=_without(decisions.pins, change.about),
    )


def _unearliest(decisions: Decisions, change: Change) -> Decisions:
    return replace(decisions, earliest=_without(decisions.earliest, change.about))


def _exclude(decisions: Decisions, change: Change) -> Decisions:
    reason = _text(change, "reason", MAX_REASON, "Say why it is left out.")
    return replace(
        decisions,
        excluded={**decisions.excluded, change.about: reason},
        kept=_without(decisions.kept, change.about),
        pins=_without(decisions.pins, change.about),
        earliest=_without(decisions.earliest, change.about),
    )


def _include(decisions: Decisions, change: Change) -> Decisions:
    return replace(decisions, excluded=_without(decisions.excluded, change.about))


def _keep(decisions: Decisions, change: Change) -> Decisions:
    reason = _text(change, "reason", MAX_REASON, "Say why it is kept.")
    return replace(
        decisions,
        kept={**decisions.kept, change.about: reason},
        excluded=_without(decisions.excluded, change.about),
    )


def _unkeep(decisions: Decisions, change: Change) -> Decisions:
    return replace(decisions, kept=_without(decisions.kept, change.about))


def _effort(decisions: Decisions, change: Change) -> Decisions:
    # Who says what all of it takes does not leave it at what is left.
    going = _without(decisions.going, change.about)
    efforts = {**decisions.efforts, change.about: _days(change.detail)}
    return replace(decisions, efforts=efforts, going=going)


def _uneffort(decisions: Decisions, change: Change) -> Decisions:
    return replace(decisions, efforts=_without(decisions.efforts, change.about))


def _people(decisions: Decisions, change: Change) -> Decisions:
    names = tuple(dict.fromkeys(_texts(change.detail.get("names"), "names", MAX_NAME)))
    if len(names) > MAX_NAMES:
        raise ChangeInvalid({"names": f"Name at most {MAX_NAMES} people."})
    people = _without(decisions.people, change.about)
    return replace(decisions, people={**people, change.about: names} if names else people)


def _own_add(decisions: Decisions, change: Change) -> Decisions:
    if len(decisions.own) >= MAX_OWN:
        raise ChangeInvalid({"": f"A plan takes at most {MAX_OWN} initiatives of your own."})
    return replace(decisions, own=(*decisions.own, _own(change)))


def _own_edit(decisions: Decisions, change: Change) -> Decisions:
    _known_own(decisions, change.about)
    made = _own(change)
    return replace(decisions, own=tuple(made if o.id == made.id else o for o in decisions.own))


def _own_remove(decisions: Decisions, change: Change) -> Decisions:
    _known_own(decisions, change.about)
    rest = tuple(
        replace(own, needs=tuple(need for need in own.needs if need != change.about))
        for own in decisions.own
        if own.id != change.about
    )
    waves = tuple(wave for wave in decisions.waves if wave.initiative != change.about)
    return replace(forgotten(decisions, {change.about}), own=rest, waves=waves)


def _wave_add(decisions: Decisions, change: Change) -> Decisions:
    systems = tuple(dict.fromkeys(_texts(change.detail.get("systems"), "systems", MAX_TITLE)))
    if not systems:
        raise ChangeInvalid({"systems": "Name at least one system for this wave."})
    if len(decisions.waves) >= MAX_WAVES:
        raise ChangeInvalid({"systems": f"A plan takes at most {MAX_WAVES} waves."})
    return replace(decisions, waves=(*decisions.waves, Wave(change.about, systems)))


def _wave_remove(decisions: Decisions, change: Change) -> Decisions:
    """Later waves of the same initiative move up by one, with what was decided about them."""
    ids = wave_ids(decisions)
    if change.about not in ids:
        raise ChangeInvalid({"": f"There is no wave {change.about}."})
    gone = ids[change.about].initiative
    own = [id for id, wave in ids.items() if wave.initiative == gone]
    at = own.index(change.about)
    new_names = dict(zip(own[at + 1 :], own[at:], strict=False))
    kept = tuple(wave for id, wave in ids.items() if id != change.about)
    cleared = forgotten(decisions, {change.about})
    return replace(_renamed(cleared, new_names), waves=kept)


def forgotten(decisions: Decisions, ids: set[str]) -> Decisions:
    """Without anything decided about these; own initiatives and waves stay as they are."""
    maps: Any = {name: _without(getattr(decisions, name), *ids) for name in MAPS}
    return replace(decisions, **maps)


def _renamed(decisions: Decisions, names: Mapping[str, str]) -> Decisions:
    own = tuple(replace(o, needs=tuple(names.get(n, n) for n in o.needs)) for o in decisions.own)
    maps: Any = {
        name: {names.get(id, id): value for id, value in getattr(decisions, name).items()}
        for name in MAPS
    }
    return replace(decisions, own=own, **maps)


MAPS = ("pins", "earliest", "excluded", "kept", "efforts", "people", "going")
KINDS: Mapping[str, Callable[[Decisions, Change], Decisions]] = {
    "pin": _pin,
    "unpin": _unpin,
    "earliest": _earliest,
    "unearliest": _unearliest,
    "exclude": _exclude,
    "include": _include,
    "keep": _keep,
    "unkeep": _unkeep,
    "effort": _effort,
    "uneffort": _uneffort,
    "people": _people,
    "own_add": _own_add,
    "own_edit": _own_edit,
    "own_remove": _own_remove,
    "wave_add": _wave_add,
    "wave_remove": _wave_remove,
}


def _without(given: Mapping[str, V], *ids: str) -> dict[str, V]:
    return {id: value for id, value in given.items() if id not in ids}


def _known_own(decisions: Decisions, id: str) -> None:
    if id not in {own.id for own in decisions.own}:
        raise ChangeInvalid({"": f"There is no initiative {id} of your own any more."})


def _own(change: Change) -> OwnInitiative:
    detail = change.detail
    faults: dict[str, str] = {}
    made: dict[str, Any] = {}
    readers: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("title", lambda: _text(change, "title", MAX_TITLE, "Give it a title.")),
        ("phase", lambda: _text(change, "phase", MAX_NAME, "Choose a phase.")),
        ("step", lambda: _text(change, "step", MAX_NAME, "Choose a step.")),
        ("what", lambda: _text(change, "what", MAX_WHAT, "")),
        ("roles", lambda: _roles(detail.get("roles"))),
        ("effort", lambda: _days(detail.get("effort"))),
        ("needs", lambda: tuple(dict.fromkeys(_texts(detail.get("needs"), "needs", MAX_NAME)))),
        ("waits_weeks", lambda: _number(detail.get("waits_weeks") or 0, "waits_weeks", MAX_WEEKS)),
    )
    for name, read in readers:
        try:
            made[name] = read()
        except ChangeInvalid as error:
            faults |= error.messages
    if faults:
        raise ChangeInvalid(faults)
    return OwnInitiative(id=change.about, go_live=bool(detail.get("go_live")), **made)


def _roles(raw: Any) -> dict[str, float]:
    if not isinstance(raw, Mapping) or not raw:
        raise ChangeInvalid({"roles": "Choose at least one role that does the work."})
    shares = {str(role): _number(share, "roles", 1_000) for role, share in raw.items()}
    total = math.fsum(shares.values())
    if total <= 0:
        raise ChangeInvalid({"roles": "Give at least one role a share of the work."})
    # As parts of the whole, to the thousandth: people may write shares or per cent.
    return {role: round(share / total, 3) for role, share in sorted(shares.items()) if share}


def _days(raw: Any) -> Days:
    given = raw if isinstance(raw, Mapping) else {}
    found: dict[str, float] = {}
    faults: dict[str, str] = {}
    for name in ("low", "likely", "high"):
        try:
            found[name] = _number(given.get(name), name, MAX_DAYS)
        except ChangeInvalid as error:
            faults |= error.messages
    if not faults and not found["low"] <= found["likely"] <= found["high"]:
        faults["likely"] = "The likely days lie between the low and the high ones."
    if not faults and found["likely"] <= 0:
        faults["likely"] = "Give more than 0 days; what takes no work can be left out."
    if faults:
        raise ChangeInvalid(faults)
    return Days(**found)


def _day(change: Change) -> date:
    raw = change.detail.get("day")
    try:
        day = raw if isinstance(raw, date) else date.fromisoformat(str(raw or ""))
    except ValueError:
        raise ChangeInvalid({"day": "Give the day as a date."}) from None
    if not EARLIEST <= day <= LATEST:
        raise ChangeInvalid({"day": f"Give a day from {EARLIEST} to {LATEST}."})
    return day


def _number(raw: Any, name: str, most: float) -> float:
    try:
        value = math.nan if isinstance(raw, bool) else float(raw)
    except (TypeError, ValueError):
        value = math.nan
    if not math.isfinite(value) or not 0 <= value <= most:
        raise ChangeInvalid({name: f"Give a number from 0 to {most:g}."})
    return value


def _text(change: Change, name: str, most: int, when_empty: str) -> str:
    raw = change.detail.get(name)
    text = _clean(raw if raw is not None else "")
    if not text and when_empty:
        raise ChangeInvalid({name: when_empty})
    if len(text) > most:
        raise ChangeInvalid({name: f"Write at most {most} characters; these are {len(text)}."})
    return text


def _texts(raw: Any, name: str, most: int) -> list[str]:
    if raw is None:
        return []
    if isinstance(raw, str) or not isinstance(raw, Iterable):
        raise ChangeInvalid({name: "Give a list."})
    texts = [text for text in (_clean(item) for item in raw) if text]
    if any(len(text) > most for text in texts):
        raise ChangeInvalid({name: f"Write at most {most} characters each."})
    return texts


def _clean(raw: Any) -> str:
    return str(raw).replace("\x00", "").strip()

"""Decisions that are carried into a plan from newer answers, and those that make no sense there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from guide.model import Guide
from roadmap.domain.hand.changes import MAPS, forgotten, wave_ids
from roadmap.domain.hand.decisions import Decisions
from roadmap.domain.selected import Selection


@dataclass(frozen=True)
class Dropped:
    """A decision that is not carried over. `kinds`: pins, earliest, excluded, …, needs or waves."""

    about: str
    title: str
    kinds: tuple[str, ...]
    reason: str


def carried_over(
    decisions: Decisions, guide: Guide, selection: Selection
) -> tuple[Decisions, tuple[Dropped, ...]]:
    """What still stands when the plan is made from `selection`, and what does not, with its why."""
    planned = {item.initiative.id for item in selection.items}
    own = {entry.id for entry in decisions.own}
    waves = {id: wave.initiative for id, wave in wave_ids(decisions).items()}
    standing = planned | own | {id for id, first in waves.items() if first in planned | own}
    reasons = _reasons(selection)
    gone: dict[str, list[str]] = {}
    for name in MAPS:
        for id in getattr(decisions, name):
            if id not in standing:
                gone.setdefault(id, []).append(name)
    for wave in decisions.waves:
        if wave.initiative not in planned | own:
            gone.setdefault(wave.initiative, []).append("waves")
    for entry in decisions.own:
        for need in entry.needs:
            if need not in standing:
                gone.setdefault(need, []).append("needs")
    dropped = tuple(
        Dropped(
            id,
            _title(guide, waves.get(id, id)),
            tuple(dict.fromkeys(kinds)),
            reasons.get(waves.get(id, id)) or _unknown(guide, waves.get(id, id)),
        )
        for id, kinds in sorted(gone.items())
    )
    kept = replace(
        forgotten(decisions, set(gone)),
        own=tuple(
            replace(entry, needs=tuple(need for need in entry.needs if need in standing))
            for entry in decisions.own
        ),
        waves=tuple(wave for wave in decisions.waves if wave.initiative in planned | own),
    )
    return kept, dropped


def _reasons(selection: Selection) -> Mapping[str, str]:
    found = {entry.initiative: entry.reason for entry in selection.excluded}
    return found | {entry.initiative: entry.reason for entry in selection.settled}


def _title(guide: Guide, id: str) -> str:
    return next((i.title for i in guide.initiatives if i.id == id), id)


def _unknown(guide: Guide, id: str) -> str:
    if any(initiative.id == id for initiative in guide.initiatives):
        return "The newer answers no longer call for it."
    return "The guide of the newer assessment does not have it."

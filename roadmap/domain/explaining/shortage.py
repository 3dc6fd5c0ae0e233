"""Work that is shown shorter than its people can carry, and the dates that hang on it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from roadmap.domain.constraints.capacity import LONGEST_WEEKS
from roadmap.domain.fitting.limits import in_words
from roadmap.domain.plan import Conflict, DeadlineResult
from roadmap.domain.preparing import Prepared

# So many initiatives are named, those that miss the most first.
MOST_NAMED = 3


def too_few_people(prepared: Prepared, deadlines: Iterable[DeadlineResult]) -> Iterable[Conflict]:
    """One for each role that cannot carry its work, and one for each deadline that only seems to
    be met.
    """
    short = {
        item.initiative.id: missing
        for item in prepared.selection.items
        if (missing := prepared.work[item.initiative.id].missing)
    }
    for role in prepared.capacities:
        lacking = {id: missing[role] for id, missing in short.items() if role in missing}
        if lacking:
            yield _role(prepared, role, lacking)
    for deadline in deadlines:
        behind = [id for id in _behind(prepared, deadline.about) if id in short]
        if deadline.is_met and behind:
            about = f"{deadline.about} {deadline.title}" if deadline.about else deadline.title
            text = (
                f"{about} ends by {in_words(deadline.by)} in this plan only because work is shown "
                f"shorter than its people can carry: {_listed(behind)}."
            )
            yield Conflict("people", text, tuple(behind))


def _role(prepared: Prepared, role: str, lacking: Mapping[str, float]) -> Conflict:
    titles = {item.initiative.id: item.initiative.title for item in prepared.selection.items}
    ids = sorted(lacking, key=lambda id: (-lacking[id], id))
    named = [f"{id} {titles[id]} ({lacking[id]:,g} person-days)" for id in ids]
    text = (
        f"{prepared.capacities[role].role.title} cannot carry this work in the time shown; about "
        f"{math.fsum(lacking.values()):,.1f} person-days are missing: {_listed(named)}. No work is "
        f"shown with more than {LONGEST_WEEKS} weeks for lack of people, so these dates, and all "
        "that wait for them, are too early unless more people help."
    )
    return Conflict("people", text, tuple(ids))


def _behind(prepared: Prepared, about: str) -> Sequence[str]:
    """What must be finished for it, in order of rank; everything for the whole plan."""
    items = {item.initiative.id: item for item in prepared.selection.items}
    waiting = [
        id
        for id, item in items.items()
        if about in ("", id) or (item.initiative.kind == "review" and item.initiative.gate == about)
    ]
    found = set[str]()
    while waiting:
        id = waiting.pop()
        if id not in found:
            found.add(id)
            waiting += items[id].predecessors
    return [id for id in items if id in found]


def _listed(parts: Sequence[str]) -> str:
    more = len(parts) - MOST_NAMED
    return ", ".join(parts[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")

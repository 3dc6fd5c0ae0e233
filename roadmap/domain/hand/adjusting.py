"""What people decided, applied to a selection.

A decision that no plan can hold (any more) is left aside and becomes a conflict in words; the
rest is planned. `decision_checks` says beforehand what cannot be.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from assessments.domain.answers import AnswerSet
from guide.model import Effort, Guide, Initiative
from roadmap.domain.constraints.capacity import Pace
from roadmap.domain.constraints.stated import Constraints
from roadmap.domain.hand.changes import wave_ids
from roadmap.domain.hand.checks import check_decisions
from roadmap.domain.hand.decisions import DecisionFault, Decisions, Wave
from roadmap.domain.hand.own_work import (
    is_critical,
    numbered,
    own_item,
    planned_reviews,
    tiers_by_system,
    wave_item,
)
from roadmap.domain.plan import ByHand, Conflict
from roadmap.domain.selected import SelectedInitiative, Selection, without

V = TypeVar("V")
# Who deals with vendors and contracts.
VENDOR_ROLE = "VEN"


@dataclass(frozen=True)
class ExcludedByHand:
    initiative: Initiative
    reason: str


@dataclass(frozen=True)
class Adjusted:
    """`in_own_days`: initiatives whose effort a person stated, so that the size of the organization
    is not applied to it. `held`: what budget and deadlines must not leave out. `by_hand`: only
    what was decided about.
    """

    selection: Selection
    in_own_days: frozenset[str]
    pins: Mapping[str, date]
    earliest: Mapping[str, date]
    held: frozenset[str]
    by_hand: Mapping[str, ByHand]
    excluded: tuple[ExcludedByHand, ...]
    conflicts: tuple[Conflict, ...]

    @property
    def initiatives(self) -> Iterable[Initiative]:
        """What is planned and what was left out by hand."""
        yield from (item.initiative for item in self.selection.items)
        yield from (row.initiative for row in self.excluded)


def adjust(
    guide: Guide,
    answers: AnswerSet,
    selection: Selection,
    constraints: Constraints,
    decisions: Decisions,
) -> Adjusted:
    faults = check_decisions(guide, selection, constraints, decisions)
    given, waves = _possible(decisions, faults)
    whole = _with_waves(guide, answers, _with_own(selection, given, waves), given, waves)
    excluded = tuple(
        ExcludedByHand(item.initiative, given.excluded[item.initiative.id])
        for item in whole.items
        if item.initiative.id in given.excluded
    )
    said = {e.initiative.id: f"left out by hand: {e.reason}" for e in excluded}
    stated = {*given.efforts, *(own.id for own in given.own)}
    repeated = {id for id, wave in waves.items() if wave.initiative in given.efforts}
    return Adjusted(
        selection=without(whole, said, said),
        in_own_days=frozenset(stated | repeated),
        pins=given.pins,
        earliest=given.earliest,
        held=frozenset((*given.pins, *given.kept, *(own.id for own in given.own), *waves)),
        by_hand=_by_hand(given, waves),
        excluded=excluded,
        conflicts=tuple(_conflicts(faults)),
    )


def vendor_paces(initiatives: Iterable[Initiative], constraints: Constraints) -> dict[str, Pace]:
    """By initiative: what a week is, and how late vendors make it."""
    usual = Pace(len(constraints.working_weekdays))
    late = replace(usual, late=constraints.vendor_delay_weeks)
    return {i.id: late if has_vendor_part(i) else usual for i in initiatives}


def has_vendor_part(initiative: Initiative) -> bool:
    """By role, or by what the guide says it waits for."""
    return VENDOR_ROLE in initiative.roles or "vendor" in initiative.elapsed_note.lower()


def _possible(
    decisions: Decisions, faults: Iterable[DecisionFault]
) -> tuple[Decisions, dict[str, Wave]]:
    """Without what no plan can hold; the waves with the ids they keep."""
    bad: dict[str, set[str]] = {}
    for fault in faults:
        bad.setdefault(fault.kind, set()).add(fault.about)
    waves = wave_ids(decisions)
    possible = replace(
        decisions,
        own=tuple(own for own in decisions.own if own.id not in bad.get("own", ())),
        pins=_without(decisions.pins, bad.get("pin", ())),
        # A fixed day outdoes an earliest one.
        earliest=_without(decisions.earliest, {*bad.get("earliest", ()), *decisions.pins}),
        excluded=_without(decisions.excluded, bad.get("exclude", ())),
        kept=_without(decisions.kept, bad.get("keep", ())),
        efforts=_without(decisions.efforts, bad.get("effort", ())),
        people=_without(decisions.people, bad.get("people", ())),
    )
    return possible, _without(waves, bad.get("wave", ()))


def _without(given: Mapping[str, V], bad: Collection[str]) -> dict[str, V]:
    return {id: value for id, value in given.items() if id not in bad}


def _with_own(selection: Selection, given: Decisions, waves: Collection[str]) -> Selection:
    """Work of one's own comes last in rank: the guide cannot say how much it matters."""
    items = [_with_effort(item, given) for item in selection.items]
    known = {item.initiative.id for item in items} | {own.id for own in given.own} | set(waves)
    for own in given.own:
        items.append(_with_effort(own_item(own, known, len(items) + 1), given))
    return replace(selection, items=tuple(items))


def _with_waves(
    guide: Guide,
    answers: AnswerSet,
    selection: Selection,
    given: Decisions,
    waves: Mapping[str, Wave],
) -> Selection:
    if not waves:
        return selection
    items: list[SelectedInitiative] = list(selection.items)
    by_id = {item.initiative.id: item for item in items}
    reviews, tiers = planned_reviews(selection), tiers_by_system(guide, answers)
    for numbers in numbered(tuple(waves.items())):
        critical = is_critical(numbers.wave.systems, tiers)
        made = wave_item(numbers, by_id[numbers.wave.initiative], reviews, critical)
        items.append(_with_effort(replace(made, rank=len(items) + 1), given))
    return replace(selection, items=tuple(items))


def _with_effort(item: SelectedInitiative, given: Decisions) -> SelectedInitiative:
    days = given.efforts.get(item.initiative.id)
    if days is None:
        return item
    effort = Effort(low=days.low, likely=days.likely, high=days.high)
    return replace(item, initiative=item.initiative.model_copy(update={"effort_days": effort}))


def _by_hand(given: Decisions, waves: Mapping[str, Wave]) -> dict[str, ByHand]:
    own = {o.id for o in given.own}
    about = {*given.pins, *given.earliest, *given.efforts, *given.people, *own, *waves}
    return {
        id: ByHand(
            origin="own" if id in own else "wave" if id in waves else "guide",
            pinned=given.pins.get(id),
            earliest=given.earliest.get(id),
            is_effort_changed=id in given.efforts,
            people=given.people.get(id, ()),
            wave_of=waves[id].initiative if id in waves else None,
            systems=waves[id].systems if id in waves else (),
        )
        for id in sorted(about)
    }


def _conflicts(faults: Iterable[DecisionFault]) -> Iterable[Conflict]:
    about: dict[str, list[str]] = {}
    for fault in faults:
        about.setdefault(fault.message, []).append(fault.about)
    for message, ids in about.items():
        text = f"{message} What was decided is kept, but not planned."
        yield Conflict("decision", text, tuple(dict.fromkeys(ids)))

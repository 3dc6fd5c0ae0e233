"""How far a plan has come, and what a gate still waits for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True)
class TrackedItem:
    """`effort`: likely person-days, the weight of the initiative in any progress."""

    id: str
    phase: str
    effort: float
    status: Status


@dataclass(frozen=True)
class Progress:
    """`done` and `running` are percentages of the effort that is not dropped."""

    initiatives: int
    finished: int
    done: float
    running: float

    @property
    def is_complete(self) -> bool:
        return self.initiatives > 0 and self.finished == self.initiatives

    @property
    def done_whole(self) -> int:
        return whole_percent(self.done)

    @property
    def running_whole(self) -> int:
        return whole_percent(self.running)


def whole_percent(share: float) -> int:
    """Rounded, but never to all or to nothing: 99.6 is not all of it."""
    if 0 < share < 100:
        return min(99, max(1, round(share)))
    return round(share)


class PartState(StrEnum):
    """What became of an initiative that a checklist item asks for."""

    PLANNED = "planned"
    SATISFIED = "satisfied"  # the answers say it stands already
    EXCLUDED = "excluded"  # the profile rules it out
    FIND_OUT = "find_out"  # an answer is unknown: nobody can tell yet
    LEFT_OUT = "left_out"  # called for, but not in this plan
    NOT_NEEDED = "not_needed"  # the answers do not call for it, but do not show it either


@dataclass(frozen=True)
class ChecklistPart:
    initiative: str
    title: str
    state: PartState
    reason: str = ""


@dataclass(frozen=True)
class ChecklistItem:
    """One line of a gate. An item that does not apply never stands in the way.

    `needs_evidence`: it has to be shown working, so neither finished work nor a word is enough.
    """

    id: str
    text: str
    parts: tuple[ChecklistPart, ...] = ()
    applies: bool = True
    needs_evidence: bool = False


@dataclass(frozen=True)
class Shown:
    """The items of a gate and the initiatives that have a file or link to show."""

    items: frozenset[str] = frozenset()
    initiatives: frozenset[str] = frozenset()

    def by_work(self, item: ChecklistItem) -> bool:
        worked_on = {part.initiative for part in item.parts}
        return item.id in self.items or not worked_on.isdisjoint(self.initiatives)


NOTHING_SHOWN = Shown()


class ItemState(StrEnum):
    DONE = "done"  # its work is done
    CONFIRMED = "confirmed"  # a person vouches for it
    IN_PLACE = "in_place"  # nothing of it is planned, because the answers show that it stands
    NOT_APPLICABLE = "not_applicable"  # the profile rules all of it out
    OPEN = "open"


@dataclass(frozen=True)
class ItemResult:
    """`missing`: initiatives still to be done. `to_confirm`: only a person can say it is met.
    `to_show`: all is there but the file or link that shows it working.
    """

    item: ChecklistItem
    state: ItemState
    missing: tuple[ChecklistPart, ...] = ()
    to_confirm: bool = False
    to_show: bool = False

    @property
    def is_met(self) -> bool:
        return self.state is not ItemState.OPEN


def progress(items: Iterable[TrackedItem]) -> Progress:
    """Progress by effort. Dropped work leaves the sum; work under way is shown beside, not in it.

    An initiative without effort counts a little, so that finishing it is seen.
    """
    kept = [item for item in items if item.status is not Status.DROPPED]
    total = sum(_weight(item) for item in kept)
    if not total:
        return Progress(0, 0, 0.0, 0.0)
    done = [item for item in kept if item.status is Status.DONE]
    running = [item for item in kept if item.status is Status.IN_PROGRESS]
    return Progress(
        initiatives=len(kept),
        finished=len(done),
        done=100 * sum(_weight(item) for item in done) / total,
        running=100 * sum(_weight(item) for item in running) / total,
    )


def phase_progress(items: Sequence[TrackedItem], phases: Sequence[str]) -> dict[str, Progress]:
    return {phase: progress(i for i in items if i.phase == phase) for phase in phases}


def checklist_results(
    items: Iterable[ChecklistItem],
    statuses: Mapping[str, Status],
    confirmed: Iterable[str],
    shown: Shown = NOTHING_SHOWN,
) -> tuple[ItemResult, ...]:
    """How each item stands. `confirmed`: ids of the items that a person vouched for."""
    vouched = set(confirmed)
    return tuple(
        _shown_result(item, statuses, item.id in vouched, shown)
        if item.applies and item.needs_evidence
        else _result(item, statuses, item.id in vouched)
        for item in items
    )


def _shown_result(
    item: ChecklistItem, statuses: Mapping[str, Status], vouched: bool, shown: Shown
) -> ItemResult:
    """An item that has to be shown working.

    Finished work counts with evidence on the item or on the work. Where a person vouches for the
    item instead, the evidence lies on the item itself: what lies on work that is not done shows
    something else.
    """
    by_work = _result(item, statuses, vouched=False)
    is_done = by_work.state in (ItemState.DONE, ItemState.IN_PLACE)
    if is_done and shown.by_work(item):
        return by_work
    if vouched and item.id in shown.items:
        return ItemResult(item, ItemState.CONFIRMED)
    if is_done or vouched:
        return ItemResult(item, ItemState.OPEN, to_show=True)
    # What the profile rules out nobody does; a person can still show that the item is met.
    to_confirm = by_work.to_confirm or by_work.state is ItemState.NOT_APPLICABLE
    return ItemResult(item, ItemState.OPEN, by_work.missing, to_confirm=to_confirm)


def _result(item: ChecklistItem, statuses: Mapping[str, Status], vouched: bool) -> ItemResult:
    if not item.applies:
        return ItemResult(item, ItemState.NOT_APPLICABLE)
    if vouched:
        return ItemResult(item, ItemState.CONFIRMED)
    planned = [part for part in item.parts if part.state is PartState.PLANNED]
    missing = tuple(p for p in planned if statuses.get(p.initiative) is not Status.DONE)
    # Nobody does what was left out, so only a person can say that the item is met without it.
    unclear = tuple(p for p in item.parts if p.state in (PartState.FIND_OUT, PartState.LEFT_OUT))
    if missing or unclear or not item.parts:
        return ItemResult(item, ItemState.OPEN, missing, to_confirm=not missing)
    if planned:
        return ItemResult(item, ItemState.DONE)
    if all(part.state is PartState.EXCLUDED for part in item.parts):
        return ItemResult(item, ItemState.NOT_APPLICABLE)
    if any(part.state is PartState.SATISFIED for part in item.parts):
        return ItemResult(item, ItemState.IN_PLACE)
    # Not being called for proves nothing: a person has to say that the item is met.
    return ItemResult(item, ItemState.OPEN, to_confirm=True)


def _weight(item: TrackedItem) -> float:
    return max(item.effort, 0.1)

"""What the numbers say of a pilot: each success criterion against what was measured.

The rule (our own, stated on the page): stop when a stop rule came true, or when of at least two
criteria whose day has come and that can be told every one is missed, by more than chance could do.
Scale when every criterion that has a number can be told and is met by more than chance could do,
with one at least for speed, stability, security and compliance. Otherwise extend. It is a proposal;
people decide and give their reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from roadmap.domain.pilot.charter import REQUIRED_AREAS, Criterion

# Fewer events than these say nothing of a rate or a median.
ENOUGH = 8
# Failures and findings are rare where it goes well: from three on they are told, but as uncertain
# until they are enough. One reading of coverage is all there is to know.
TOLD_FROM = {"MTTR": 3, "SVRT": 3, "COV": 1}
CERTAIN_FROM = {"COV": 1}
HIGHER_IS_BETTER = frozenset({"DF", "COV", "ATC"})


class Told(StrEnum):
    """What can be said of one criterion."""

    MET = "met"
    MISSED = "missed"
    TOO_FEW = "too_few"  # measured, but over too few events
    NOT_MEASURED = "not_measured"
    NO_NUMBER = "no_number"  # the charter states no number to compare with


class Because(StrEnum):
    """What the proposal rests on; the page has the words."""

    STOP_RULE = "stop_rule"
    ALL_MISSED = "all_missed"
    TOO_LITTLE = "too_little"
    SOME_MISSED = "some_missed"
    NOT_ALL_TOLD = "not_all_told"
    AREA_LACKS = "area_lacks"
    CHANCE = "chance"
    ALL_MET = "all_met"


class Proposed(StrEnum):
    SCALE = "scale"
    EXTEND = "extend"
    STOP = "stop"


@dataclass(frozen=True)
class Reading:
    """A measured value, in the unit of its metric, over `n` events; `interval`: 95 %."""

    value: float | None
    n: int
    interval: tuple[float, float] | None = None


@dataclass(frozen=True)
class Checked:
    """`is_certain` is False where the target lies within the interval of the value, or where the
    value rests on few events.
    `is_due`: its day has come; without a day it always has.
    """

    criterion: Criterion
    told: Told
    reading: Reading | None
    is_certain: bool = True
    is_due: bool = True

    @property
    def is_few(self) -> bool:
        enough = CERTAIN_FROM.get(self.criterion.metric, ENOUGH)
        return self.reading is not None and self.reading.n < enough


@dataclass(frozen=True)
class Outcome:
    """`about`: the areas or metrics that `because` speaks of."""

    checked: tuple[Checked, ...]
    proposed: Proposed
    because: Because
    about: tuple[str, ...] = ()

    def count(self, told: Told) -> int:
        return sum(1 for one in self.checked if one.told is told)


def judge(
    criteria: Sequence[Criterion],
    readings: Mapping[str, Reading],
    stopped_by: Sequence[str],
    today: date,
) -> Outcome:
    """The criteria checked and a proposal. `readings`: metric → what was measured; `stopped_by`:
    the stop rules that came true.
    """
    checked = tuple(_check(one, readings.get(one.metric), today) for one in criteria)
    return Outcome(checked, *_propose(checked, stopped_by))


def _check(criterion: Criterion, reading: Reading | None, today: date) -> Checked:
    is_due = not criterion.by or date.fromisoformat(criterion.by) <= today
    if criterion.aim is None:
        return Checked(criterion, Told.NO_NUMBER, reading, is_due=is_due)
    if reading is None or reading.value is None:
        return Checked(criterion, Told.NOT_MEASURED, reading, is_due=is_due)
    if reading.n < TOLD_FROM.get(criterion.metric, ENOUGH):
        return Checked(criterion, Told.TOO_FEW, reading, is_due=is_due)
    higher = criterion.metric in HIGHER_IS_BETTER
    is_met = reading.value >= criterion.aim if higher else reading.value <= criterion.aim
    low, high = reading.interval or (reading.value, reading.value)
    is_enough = reading.n >= CERTAIN_FROM.get(criterion.metric, ENOUGH)
    is_certain = is_enough and not low < criterion.aim < high
    return Checked(
        criterion, Told.MET if is_met else Told.MISSED, reading, is_certain, is_due=is_due
    )


def _propose(
    checked: Sequence[Checked], stopped_by: Sequence[str]
) -> tuple[Proposed, Because, tuple[str, ...]]:
    if stopped_by:
        return Proposed.STOP, Because.STOP_RULE, tuple(stopped_by)
    told = [one for one in checked if one.told in (Told.MET, Told.MISSED)]
    due = [one for one in told if one.is_due]
    missed = [one for one in due if one.told is Told.MISSED and one.is_certain]
    if len(due) >= 2 and len(missed) == len(due):
        return Proposed.STOP, Because.ALL_MISSED, ()
    return _go_on(checked, told)


def _go_on(
    checked: Sequence[Checked], told: Sequence[Checked]
) -> tuple[Proposed, Because, tuple[str, ...]]:
    if not told:
        return Proposed.EXTEND, Because.TOO_LITTLE, ()
    if any(one.told is Told.MISSED for one in told):
        return Proposed.EXTEND, Because.SOME_MISSED, ()
    if any(one.told in (Told.TOO_FEW, Told.NOT_MEASURED) for one in checked):
        return Proposed.EXTEND, Because.NOT_ALL_TOLD, ()
    areas = {one.criterion.area for one in told}
    if absent := tuple(area for area in REQUIRED_AREAS if area not in areas):
        return Proposed.EXTEND, Because.AREA_LACKS, absent
    if unsure := tuple(one.criterion.title for one in told if not one.is_certain):
        return Proposed.EXTEND, Because.CHANCE, unsure
    return Proposed.SCALE, Because.ALL_MET, ()

"""What the numbers say of a pilot: each success criterion against what was measured.

The rule (our own, stated on the page): stop when a stop rule came true, or when of at least two
criteria whose day has come and that can be told every one is missed, by more than chance could do.
Scale when every criterion
that has a number can be told and is met by more than chance could do, with one at least for speed,
stability, security and compliance. Otherwise extend. It is a proposal; people decide and give their
reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from roadmap.domain.pilot.charter import REQUIRED_AREAS, Criterion

# Fewer events than these say nothing of a rate or a median.
ENOUGH = 8
ENOUGH_FOR = {"MTTR": 3, "SVRT": 3, "COV": 1}
HIGHER_IS_BETTER = frozenset({"DF", "COV", "ATC"})


class Told(StrEnum):
    """What can be said of one criterion."""

    MET = "met"
    MISSED = "missed"
    TOO_FEW = "too_few"  # measured, but over too few events
    NOT_MEASURED = "not_measured"
    NO_NUMBER = "no_number"  # the charter states no number to compare with


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
    """`is_certain` is False where the target lies within the interval of the value.
    `is_due`: its day has come; without a day it always has.
    """

    criterion: Criterion
    told: Told
    reading: Reading | None
    is_certain: bool = True
    is_due: bool = True


@dataclass(frozen=True)
class Outcome:
    checked: tuple[Checked, ...]
    proposed: Proposed
    because: str

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
    proposed, because = _propose(checked, stopped_by)
    return Outcome(checked, proposed, because)


def _check(criterion: Criterion, reading: Reading | None, today: date) -> Checked:
    is_due = not criterion.by or date.fromisoformat(criterion.by) <= today
    if criterion.aim is None:
        return Checked(criterion, Told.NO_NUMBER, reading, is_due=is_due)
    if reading is None or reading.value is None:
        return Checked(criterion, Told.NOT_MEASURED, reading, is_due=is_due)
    if reading.n < ENOUGH_FOR.get(criterion.metric, ENOUGH):
        return Checked(criterion, Told.TOO_FEW, reading, is_due=is_due)
    higher = criterion.metric in HIGHER_IS_BETTER
    is_met = reading.value >= criterion.aim if higher else reading.value <= criterion.aim
    low, high = reading.interval or (reading.value, reading.value)
    is_certain = not low < criterion.aim < high
    return Checked(
        criterion, Told.MET if is_met else Told.MISSED, reading, is_certain, is_due=is_due
    )


def _propose(checked: Sequence[Checked], stopped_by: Sequence[str]) -> tuple[Proposed, str]:
    if stopped_by:
        return Proposed.STOP, "a stop rule came true"
    told = [one for one in checked if one.told in (Told.MET, Told.MISSED)]
    due = [one for one in told if one.is_due]
    missed = [one for one in due if one.told is Told.MISSED and one.is_certain]
    if len(due) >= 2 and len(missed) == len(due):
        return Proposed.STOP, "every criterion whose day has come is missed"
    if not told:
        return Proposed.EXTEND, "too little is measured to tell"
    if any(one.told is Told.MISSED for one in told):
        return Proposed.EXTEND, "some criteria are missed"
    if any(one.told in (Told.TOO_FEW, Told.NOT_MEASURED) for one in checked):
        return Proposed.EXTEND, "what can be told is met, but not every criterion can be told yet"
    areas = {one.criterion.area for one in told}
    if absent := [area for area in REQUIRED_AREAS if area not in areas]:
        return Proposed.EXTEND, f"nothing with a number speaks of {' and '.join(absent)}"
    if unsure := [one.criterion.title.lower() for one in told if not one.is_certain]:
        names = " and ".join(unsure)
        return Proposed.EXTEND, f"all are met, but of {names} chance alone could do as much"
    return Proposed.SCALE, "every criterion with a number is met"

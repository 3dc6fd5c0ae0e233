"""Control by control: which answers speak for it, what shows them, and what work would close it.

It tells what an organization said and can show. Whether that meets a law is for others to judge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assessments.domain.answers import UNANSWERED, Answer, AnswerSet, AnswerState
from assessments.domain.applicability import applicable, applicable_regimes
from assessments.domain.facts import AnswerFacts
from assessments.domain.values import value_of
from guide.model import MAX_LEVEL, ChecklistItem, Control, Gate, Guide, Initiative, Question, Regime

GOOD, POOR = 3 / MAX_LEVEL, 1 / MAX_LEVEL


class Standing(StrEnum):
    """How far answers speak for a control, weakest first."""

    MISSING = "missing"
    OPEN = "open"
    PARTLY = "partly"
    CLAIMED = "claimed"
    SHOWN = "shown"
    NOT_ASKED = "not_asked"


WEAKEST_FIRST = (
    Standing.MISSING,
    Standing.OPEN,
    Standing.PARTLY,
    Standing.CLAIMED,
    Standing.SHOWN,
)


@dataclass(frozen=True)
class Voice:
    """One question's answer as it speaks for a control; ``standing`` is None where it is a fact
    to read (a list, a number without a scale) and no judgement.
    """

    question: Question
    answer: Answer
    standing: Standing | None


@dataclass(frozen=True)
class ControlCoverage:
    """``called_for`` are initiatives that serve the control and that the answers call for;
    ``others`` serve it as well.
    """

    control: Control
    standing: Standing
    voices: tuple[Voice, ...]
    called_for: tuple[Initiative, ...]
    others: tuple[Initiative, ...]


@dataclass(frozen=True)
class RegimeCoverage:
    regime: Regime
    controls: tuple[ControlCoverage, ...]

    @property
    def counts(self) -> Mapping[Standing, int]:
        counted = Counter(control.standing for control in self.controls)
        return {standing: counted[standing] for standing in Standing}


@dataclass(frozen=True)
class ItemCoverage:
    """One item of a gate's checklist: the work behind it, the controls it serves, the answers."""

    item: ChecklistItem
    standing: Standing
    initiatives: tuple[Initiative, ...]
    controls: tuple[Control, ...]
    voices: tuple[Voice, ...]


def coverage(guide: Guide, answers: AnswerSet) -> tuple[RegimeCoverage, ...]:
    """Every control of the regimes that apply to this profile, in the guide's order."""
    reader = _Reader(guide, answers)
    return tuple(
        RegimeCoverage(
            regime,
            tuple(reader.control(c) for c in guide.controls if c.regime == regime.id),
        )
        for regime in applicable_regimes(guide, answers)
    )


def gate_coverage(guide: Guide, answers: AnswerSet, gate: Gate) -> tuple[ItemCoverage, ...]:
    """The items of the gate's checklist that apply, with controls of the regimes that apply."""
    reader = _Reader(guide, answers)
    return tuple(
        reader.item(item)
        for item in gate.checklist
        if item.applies is None or item.applies.evaluate(reader.facts) is not False
    )


def standing_of(question: Question, answer: Answer) -> Standing | None:
    """What one answer says: None for facts and for what does not apply."""
    if answer.state is AnswerState.NOT_APPLICABLE:
        return None
    if answer.state is AnswerState.UNKNOWN:
        return Standing.MISSING
    if answer.state is AnswerState.UNANSWERED:
        return Standing.OPEN
    value = value_of(question, answer)
    if value is None:
        return None
    if value <= POOR:
        return Standing.MISSING
    if value < GOOD:
        return Standing.PARTLY
    is_shown = bool(answer.evidence or answer.confirmed) and not answer.expired
    return Standing.SHOWN if is_shown else Standing.CLAIMED


def weakest(standings: Sequence[Standing]) -> Standing:
    """A control is as strong as its weakest answer."""
    return min(standings, key=WEAKEST_FIRST.index) if standings else Standing.NOT_ASKED


class _Reader:
    """The guide and the answers, indexed once for all controls."""

    def __init__(self, guide: Guide, answers: AnswerSet) -> None:
        self.guide = guide
        self.answers = answers
        self.facts = AnswerFacts(guide, answers)
        self.asked = applicable(guide, answers)
        self.regimes = {regime.id for regime in applicable_regimes(guide, answers)}
        self.initiatives = [i for i in guide.initiatives if self._can_appear(i)]

    def _can_appear(self, initiative: Initiative) -> bool:
        return initiative.applies is None or initiative.applies.evaluate(self.facts) is not False

    def _voices(self, questions: Sequence[Question]) -> tuple[Voice, ...]:
        return tuple(
            Voice(question, answer, standing_of(question, answer))
            for question in questions
            if self.asked[question.id].asked
            and (answer := self.answers.get(question.id, UNANSWERED)).state
            is not AnswerState.NOT_APPLICABLE
        )

    def control(self, control: Control) -> ControlCoverage:
        voices = self._voices(
            [q for q in self.guide.questions.values() if control.id in q.controls]
        )
        serving = [i for i in self.initiatives if control.id in i.controls]
        called = {i.id for i in serving if i.when.holds(self.facts)}
        return ControlCoverage(
            control=control,
            standing=weakest([v.standing for v in voices if v.standing is not None]),
            voices=voices,
            called_for=tuple(i for i in serving if i.id in called),
            others=tuple(i for i in serving if i.id not in called),
        )

    def item(self, item: ChecklistItem) -> ItemCoverage:
        wanted = set(item.initiatives)
        initiatives = [i for i in self.initiatives if i.id in wanted]
        lifted = {lift.question for i in initiatives for lift in i.lifts}
        served = {control for i in initiatives for control in i.controls}
        voices = self._voices([q for q in self.guide.questions.values() if q.id in lifted])
        return ItemCoverage(
            item=item,
            standing=weakest([v.standing for v in voices if v.standing is not None]),
            initiatives=tuple(initiatives),
            controls=tuple(
                c for c in self.guide.controls if c.id in served and c.regime in self.regimes
            ),
            voices=voices,
        )

"""What finished initiatives do to the answers, and what that is worth in readiness.

Only levels rise, and only those that are answered or answered with "we don't know". A question
nobody has answered stays open: what it would add is not known. Choices and numbers stay as they
are, because the guide does not say what they become.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cached_property

from assessments.domain.answers import UNANSWERED, Answer, AnswerSet, AnswerState
from assessments.domain.applicability import asked_questions
from assessments.domain.scoring import Scorecard
from assessments.domain.sensitivity import raised
from guide.model import MAX_LEVEL, Guide, Initiative, Question
from guide.model import Lift as GuideLift
from roadmap.domain.plan import Lifted, ReadinessFigures

# What an initiative reaches where the guide names no level. A higher target does not change the
# work that the guide describes, so it does not change what that work reaches.
USUAL_LEVEL = 3
RAISABLE = (AnswerState.ANSWERED, AnswerState.UNKNOWN)


def lifted(
    guide: Guide,
    answers: AnswerSet,
    initiatives: Iterable[Initiative],
    targets: Mapping[str, int] | None = None,
) -> dict[str, Answer]:
    """The answers once these initiatives are finished; nothing ever falls."""
    return Lifting(guide, answers, targets).answers_after(initiatives)


class Lifting:
    """One set of answers, and what initiatives do to them. `targets`: step → level."""

    def __init__(
        self, guide: Guide, answers: AnswerSet, targets: Mapping[str, int] | None = None
    ) -> None:
        self._guide, self._answers = guide, answers
        self._targets = targets or {}

    def lifts(self, initiative: Initiative) -> tuple[Lifted, ...]:
        """What it lifts, and from where to where; nothing that stands there already."""
        found = []
        for lift in initiative.lifts:
            question = self._raisable.get(lift.question)
            if question is None:
                continue
            answer = self._answers[question.id]
            before = int(answer.value) if answer.state is AnswerState.ANSWERED else None
            after = self._level(question, lift)
            if after > (before or 0):
                found.append(Lifted(question.id, question.title, before, after))
        return tuple(found)

    def levels_after(self, initiatives: Iterable[Initiative]) -> dict[str, int]:
        levels: dict[str, int] = {}
        for initiative in initiatives:
            for lift in self.lifts(initiative):
                levels[lift.question] = max(lift.after, levels.get(lift.question, 0))
        return levels

    def answers_after(self, initiatives: Iterable[Initiative]) -> dict[str, Answer]:
        levels = self.levels_after(initiatives)
        return {
            **self._answers,
            **{q: raised(self._answers[q], level) for q, level in levels.items()},
        }

    def _level(self, question: Question, lift: GuideLift) -> int:
        return lift.to or min(self._targets.get(question.step, USUAL_LEVEL), USUAL_LEVEL)

    @cached_property
    def _asked(self) -> dict[str, Question]:
        return {question.id: question for question in asked_questions(self._guide, self._answers)}

    @cached_property
    def _raisable(self) -> dict[str, Question]:
        return {
            question.id: question
            for question in self._asked.values()
            if question.kind == "level"
            and self._answers.get(question.id, UNANSWERED).state in RAISABLE
        }


class Gains:
    """Points of overall readiness, in closed form: it is a weighted mean of what is answered.

    That answers also decide which questions are asked is left out here; the readiness at the end
    of a plan is scored anew and counts it.
    """

    def __init__(self, guide: Guide, lifting: Lifting, card: Scorecard) -> None:
        self._lifting = lifting
        weights = {step.id: step.weight for step in guide.steps}
        sums = {s.step: math.fsum(c.weight for c in s.contributions) for s in card.steps}
        whole = math.fsum(weights[step] for step, total in sums.items() if total > 0)
        self._points: dict[str, float] = {}
        self._standing: dict[str, float] = {}
        for step in card.steps:
            for part in step.contributions:
                share = part.weight / sums[step.step] * weights[step.step] / (whole or 1)
                self._points[part.question] = 100 * share
                self._standing[part.question] = part.value

    def alone(self, initiative: Initiative) -> float:
        """What it adds when nothing else is done."""
        return self._sum({lift.question: lift.after for lift in self._lifting.lifts(initiative)})

    def beside(self, initiative: Initiative, levels: Mapping[str, int]) -> float:
        """What it adds to answers that others lift to these levels anyway."""
        return math.fsum(
            self._worth(lift.question, lift.after)
            - self._worth(lift.question, levels.get(lift.question, 0))
            for lift in self._lifting.lifts(initiative)
            if lift.after > levels.get(lift.question, 0)
        )

    def _sum(self, levels: Mapping[str, int]) -> float:
        return math.fsum(self._worth(question, level) for question, level in levels.items())

    def _worth(self, question: str, level: int) -> float:
        standing = self._standing.get(question)
        if standing is None:
            return 0.0
        return self._points[question] * max(0.0, level / MAX_LEVEL - standing)


def readiness_figures(card: Scorecard) -> ReadinessFigures:
    return ReadinessFigures(card.overall.score, {step.step: step.score for step in card.steps})

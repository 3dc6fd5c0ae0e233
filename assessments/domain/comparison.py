"""Two rounds of one organization side by side: every question, step and challenge.

Pure. Each round comes with the guide it was answered under; comparing a round with itself gives
no change, and swapping the two mirrors every finding.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from assessments.domain.answers import UNANSWERED, Answer, AnswerSet, AnswerState
from assessments.domain.applicability import applicable, asked_questions
from assessments.domain.scoring import Exposure, Readiness, Scorecard, score
from assessments.domain.values import has_score, value_of
from guide.model import Guide, Question

Part = TypeVar("Part")

# Below this part of the scored questions, what two rounds share says too little about either.
SHARED_ENOUGH = 0.5


class Change(StrEnum):
    """What became of one question between two rounds."""

    SAME = "same"
    BETTER = "better"
    WORSE = "worse"
    # Answered otherwise, and neither better nor worse: a fact, a mixed table, a changed reason.
    DIFFERENT = "different"
    NEWLY_ANSWERED = "newly_answered"
    NO_LONGER_ANSWERED = "no_longer_answered"
    # The profile or another answer switched it on or off.
    NEWLY_ASKED = "newly_asked"
    NO_LONGER_ASKED = "no_longer_asked"
    # The guide asks or values it differently: the two answers do not answer the same question.
    CHANGED_MEANING = "changed_meaning"
    NEW_QUESTION = "new_question"
    GONE_QUESTION = "gone_question"


MIRRORED: Mapping[Change, Change] = {
    Change.SAME: Change.SAME,
    Change.DIFFERENT: Change.DIFFERENT,
    Change.CHANGED_MEANING: Change.CHANGED_MEANING,
    Change.BETTER: Change.WORSE,
    Change.WORSE: Change.BETTER,
    Change.NEWLY_ANSWERED: Change.NO_LONGER_ANSWERED,
    Change.NO_LONGER_ANSWERED: Change.NEWLY_ANSWERED,
    Change.NEWLY_ASKED: Change.NO_LONGER_ASKED,
    Change.NO_LONGER_ASKED: Change.NEWLY_ASKED,
    Change.NEW_QUESTION: Change.GONE_QUESTION,
    Change.GONE_QUESTION: Change.NEW_QUESTION,
}


@dataclass(frozen=True)
class QuestionChange:
    """One question in both rounds. ``then`` and ``now`` are None where the guide lacks it."""

    question: str
    change: Change
    then: Answer | None
    now: Answer | None


@dataclass(frozen=True)
class Span:
    """A score with its range; all None where nothing is known."""

    score: float | None = None
    low: float | None = None
    high: float | None = None
    band: str | None = None


@dataclass(frozen=True)
class ScoreChange:
    """A step's readiness, a challenge's exposure, or the overall readiness (``about`` is "").

    ``difference`` is now − then. ``ranges_overlap``: the open questions alone could explain the
    difference. ``asked_alike``: the same questions with the same weights stand behind both.
    """

    about: str
    then: Span
    now: Span
    difference: float | None
    ranges_overlap: bool | None
    asked_alike: bool


@dataclass(frozen=True)
class Comparison:
    """Questions in the order of the newer guide, those that are gone at the end."""

    overall: ScoreChange
    steps: tuple[ScoreChange, ...]
    challenges: tuple[ScoreChange, ...]
    questions: tuple[QuestionChange, ...]
    high_risks_then: tuple[str, ...]
    high_risks_now: tuple[str, ...]

    def count(self, *changes: Change) -> int:
        return sum(question.change in changes for question in self.questions)

    @property
    def high_risks_gone(self) -> tuple[str, ...]:
        return tuple(q for q in self.high_risks_then if q not in self.high_risks_now)

    @property
    def high_risks_new(self) -> tuple[str, ...]:
        return tuple(q for q in self.high_risks_now if q not in self.high_risks_then)


@dataclass(frozen=True)
class Progress:
    """How far the overall readiness moved between two rounds, over what both asked alike.

    ``points`` is None when the rounds can't be compared. ``shared`` of ``scored`` questions are
    the same in both guides; where that is not all, only these count.
    """

    points: float | None
    shared: int
    scored: int

    @property
    def is_whole(self) -> bool:
        return self.shared == self.scored


def compare(
    guide_then: Guide,
    answers_then: AnswerSet,
    card_then: Scorecard,
    guide_now: Guide,
    answers_now: AnswerSet,
    card_now: Scorecard,
) -> Comparison:
    """Everything that differs between two rounds, and how far the scores moved."""
    alike = _asked_alike(guide_then, guide_now)
    return Comparison(
        overall=_score_change("", card_then.overall, card_now.overall, all(alike.values())),
        steps=tuple(
            _score_change(part, then, now, alike.get(part, False))
            for part, then, now in _pairs(
                {s.step: s for s in card_then.steps},
                {s.step: s for s in card_now.steps},
                [step.id for step in (*guide_now.steps, *guide_then.steps)],
            )
        ),
        challenges=tuple(
            _score_change(part, then, now, alike.get(part, False))
            for part, then, now in _pairs(
                {e.challenge: e for e in card_then.exposures},
                {e.challenge: e for e in card_now.exposures},
                [c.id for c in (*guide_now.challenges, *guide_then.challenges)],
            )
        ),
        questions=tuple(_question_changes(guide_then, answers_then, guide_now, answers_now)),
        high_risks_then=tuple(risk.question for risk in card_then.high_risks),
        high_risks_now=tuple(risk.question for risk in card_now.high_risks),
    )


def asks_the_same(then: Question, now: Question) -> bool:
    """Whether an answer to one is an answer to the other, worth the same."""
    return _meaning(then) == _meaning(now)


def _meaning(question: Question) -> tuple[object, ...]:
    """What makes an answer what it is. The title, the hint and the reasons for asking do not."""
    return (
        question.kind,
        question.text,
        question.levels,
        question.options,
        question.fields,
        question.columns,
        question.number,
        question.scores,
    )


def progress_between(
    guide_then: Guide, answers_then: AnswerSet, guide_now: Guide, answers_now: AnswerSet
) -> Progress:
    """The difference in overall readiness, scored by the newer guide over the shared questions.

    Shared are those both guides ask alike and both rounds have come to: a round that has answered
    a few easy questions only must not look like progress.
    """
    shared = {
        question_id
        for question_id in shared_questions(guide_then, guide_now)
        if _is_given(answers_then, question_id) and _is_given(answers_now, question_id)
    }
    asked = (*asked_questions(guide_now, answers_now), *asked_questions(guide_then, answers_then))
    ids = dict.fromkeys(
        q.id for q in asked if _is_scored(guide_now, q.id) or _is_scored(guide_then, q.id)
    )
    common = [i for i in ids if i in shared]
    if not ids or len(common) < SHARED_ENOUGH * len(ids):
        return Progress(None, len(common), len(ids))
    then = score(guide_now, {i: a for i, a in answers_then.items() if i in shared})
    now = score(guide_now, {i: a for i, a in answers_now.items() if i in shared})
    return Progress(_difference(then.overall.score, now.overall.score), len(common), len(ids))


def _is_given(answers: AnswerSet, question_id: str) -> bool:
    return answers.get(question_id, UNANSWERED).state is not AnswerState.UNANSWERED


def _is_scored(guide: Guide, question_id: str) -> bool:
    question = guide.questions.get(question_id)
    if question is None or question_id in {q.id for q in guide.profile_questions}:
        return False
    return question.weight > 0 and has_score(question)


def shared_questions(guide_then: Guide, guide_now: Guide) -> frozenset[str]:
    """The questions that both guides ask alike."""
    if guide_then is guide_now:
        return frozenset(guide_now.questions)
    return frozenset(
        question.id
        for question in guide_now.questions.values()
        if (before := guide_then.questions.get(question.id)) is not None
        and asks_the_same(before, question)
    )


def _asked_alike(guide_then: Guide, guide_now: Guide) -> dict[str, bool]:
    """For every step and challenge of either guide, whether the same evidence stands behind it."""
    then, now = _evidence(guide_then), _evidence(guide_now)
    return {part: then.get(part) == now.get(part) for part in (*then, *now)}


def _evidence(guide: Guide) -> dict[str, list[tuple[object, ...]]]:
    found: dict[str, list[tuple[object, ...]]] = {step.id: [] for step in guide.steps}
    found |= {challenge.id: [] for challenge in guide.challenges}
    for question in guide.questions.values():
        if question.step in found:
            found[question.step].append((question.id, question.weight, _meaning(question)))
        for informs in question.informs:
            if informs.challenge in found:
                part = (question.id, informs.weight, informs.score, _meaning(question))
                found[informs.challenge].append(part)
    return found


def _pairs(
    then: Mapping[str, Part], now: Mapping[str, Part], order: Iterable[str]
) -> Iterable[tuple[str, Part | None, Part | None]]:
    for name in dict.fromkeys(order):
        yield name, then.get(name), now.get(name)


def _score_change(
    about: str,
    then: Readiness | Exposure | None,
    now: Readiness | Exposure | None,
    asked_alike: bool,
) -> ScoreChange:
    before, after = _span(then), _span(now)
    return ScoreChange(
        about=about,
        then=before,
        now=after,
        difference=_difference(before.score, after.score),
        ranges_overlap=_overlap(before, after),
        asked_alike=asked_alike,
    )


def _span(part: Readiness | Exposure | None) -> Span:
    return Span() if part is None else Span(part.score, part.low, part.high, part.band)


def _difference(then: float | None, now: float | None) -> float | None:
    return None if then is None or now is None else now - then


def _overlap(then: Span, now: Span) -> bool | None:
    if then.low is None or then.high is None or now.low is None or now.high is None:
        return None
    return then.low <= now.high and now.low <= then.high


def _question_changes(
    guide_then: Guide, answers_then: AnswerSet, guide_now: Guide, answers_now: AnswerSet
) -> Iterable[QuestionChange]:
    asked_then = {i for i, a in applicable(guide_then, answers_then).items() if a.asked}
    asked_now = {i for i, a in applicable(guide_now, answers_now).items() if a.asked}
    for question_id in dict.fromkeys((*guide_now.questions, *guide_then.questions)):
        before = guide_then.questions.get(question_id)
        after = guide_now.questions.get(question_id)
        then = answers_then.get(question_id, UNANSWERED) if before else None
        now = answers_now.get(question_id, UNANSWERED) if after else None
        if question_id not in asked_then | asked_now:
            change = Change.SAME
        elif before is None or then is None:
            change = Change.NEW_QUESTION
        elif after is None or now is None:
            change = Change.GONE_QUESTION
        else:
            was, is_now = question_id in asked_then, question_id in asked_now
            change = _change(before, after, then, now, was_asked=was, is_asked=is_now)
        yield QuestionChange(question_id, change, then, now)


def _change(
    before: Question,
    after: Question,
    then: Answer,
    now: Answer,
    *,
    was_asked: bool,
    is_asked: bool,
) -> Change:
    if was_asked != is_asked:
        return Change.NEWLY_ASKED if is_asked else Change.NO_LONGER_ASKED
    if not asks_the_same(before, after):
        return Change.CHANGED_MEANING
    given = AnswerState.ANSWERED
    if then.state is given and now.state is given:
        return _better_or_worse(after, then, now)
    if then.state is now.state:
        return Change.SAME if then.reason == now.reason else Change.DIFFERENT
    if AnswerState.NOT_APPLICABLE in (then.state, now.state):
        return Change.DIFFERENT
    if given in (then.state, now.state):
        return Change.NEWLY_ANSWERED if now.state is given else Change.NO_LONGER_ANSWERED
    return Change.DIFFERENT


def _better_or_worse(question: Question, then: Answer, now: Answer) -> Change:
    if then.value == now.value:
        return Change.SAME
    moves = _moves(question, then, now)
    if moves and all(move >= 0 for move in moves) and any(moves):
        return Change.BETTER
    if moves and all(move <= 0 for move in moves) and any(moves):
        return Change.WORSE
    return Change.DIFFERENT


def _moves(question: Question, then: Answer, now: Answer) -> Sequence[float]:
    """How the answer's value moved under each score of the question; nothing if it has none."""
    names = dict.fromkeys(("default", *question.scores))
    found = []
    for name in names:
        before, after = value_of(question, then, name), value_of(question, now, name)
        if before is None or after is None:
            if before is not after:
                return ()  # one of them is no evidence: neither better nor worse
            continue
        found.append(0.0 if math.isclose(before, after, abs_tol=1e-9) else after - before)
    return found

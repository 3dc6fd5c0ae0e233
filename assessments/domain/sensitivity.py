"""What would move a score: better answers, missing answers, and answers nobody has shown.

Pure, and in closed form: a step's readiness and an exposure are weighted means, so one answer
moves them by its weight. The answers that decide which questions are asked are scored anew
instead, because with them the mean itself would change.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from assessments.domain.answers import UNANSWERED, Answer, AnswerSet, AnswerState, Value
from assessments.domain.applicability import asked_questions
from assessments.domain.proof import is_unconfirmed, proven_value
from assessments.domain.scoring import Contribution, Scorecard, score
from assessments.domain.values import has_score, value_of
from guide.model import MAX_LEVEL, Guide, Question

Rung = tuple[Value, float]  # what would be answered, and what it is worth


@dataclass(frozen=True)
class Move:
    """One answer raised. ``from_value`` is None where it was "we don't know"; ``gain`` of 0-1."""

    question: str
    from_value: Value
    to_value: Value
    gain: float


@dataclass(frozen=True)
class Lift:
    """What one answer a level better would do: points of readiness up, points of exposure down."""

    move: Move
    step: str
    step_points: float
    overall_points: float
    challenges: tuple[tuple[str, float], ...]

    @property
    def worth(self) -> float:
        """All it does, for sorting: the overall readiness and the exposures together."""
        return self.overall_points + math.fsum(max(0.0, p) for _, p in self.challenges) / 10


@dataclass(frozen=True)
class OpenQuestion:
    """A question without an answer, and the points by which an answer narrows the ranges."""

    question: str
    step_points: float
    overall_points: float
    challenges: tuple[tuple[str, float], ...]
    narrows: float


@dataclass(frozen=True)
class HeldUp:
    """An unconfirmed claim, and the points of readiness that would go if it held only as far as
    the guide takes answers on trust.
    """

    question: str
    step: str
    step_points: float
    overall_points: float


def lifts(guide: Guide, answers: AnswerSet, card: Scorecard) -> tuple[Lift, ...]:
    """For every level and choice that can go up: what one level more would do, best first."""
    sums = _Sums(guide, card)
    switches = switching_questions(guide)
    found = []
    for question, answer in _raisable(guide, answers):
        rungs = rungs_above(question, answer)
        if not rungs:
            continue
        move = move_to(question, answer, rungs[0])
        if question.id in switches:
            found.append(_scored_anew(guide, answers, card, question, move))
        else:
            found.append(
                Lift(
                    move=move,
                    step=question.step,
                    step_points=sums.step_points(question, move.gain),
                    overall_points=sums.overall_points(question, move.gain),
                    challenges=sums.challenge_points(question, move.gain),
                )
            )
    return tuple(sorted(found, key=lambda lift: -round(lift.worth, 9)))


def open_questions(guide: Guide, answers: AnswerSet, card: Scorecard) -> tuple[OpenQuestion, ...]:
    """The unanswered questions that count, the one that narrows the ranges most first."""
    unanswered = [
        question
        for question in asked_questions(guide, answers)
        if answers.get(question.id, UNANSWERED).state is AnswerState.UNANSWERED
    ]
    sums = _Sums(guide, card, unanswered)
    found = []
    for question in unanswered:
        challenges = sums.challenge_points(question, 1.0)
        overall = sums.overall_points(question, 1.0)
        narrows = overall + math.fsum(p for _, p in challenges) / max(1, len(guide.challenges))
        if narrows > 0:
            step = sums.step_points(question, 1.0)
            found.append(OpenQuestion(question.id, step, overall, challenges, narrows))
    return tuple(sorted(found, key=lambda open_one: -round(open_one.narrows, 9)))


def next_question(guide: Guide, answers: AnswerSet, card: Scorecard) -> OpenQuestion | None:
    """The unanswered question most worth answering; ties in the guide's order."""
    return next(iter(open_questions(guide, answers, card)), None)


def held_up(guide: Guide, answers: AnswerSet, card: Scorecard) -> tuple[HeldUp, ...]:
    """What rests on claims that nobody has shown or confirmed, the most first."""
    sums = _Sums(guide, card)
    found = []
    for question in asked_questions(guide, answers):
        answer = answers.get(question.id, UNANSWERED)
        if not is_unconfirmed(guide, question, answer):
            continue
        value = value_of(question, answer) or 0.0
        doubtful = value - proven_value(guide, question, answer, value)
        points = sums.step_points(question, doubtful), sums.overall_points(question, doubtful)
        found.append(HeldUp(question.id, question.step, *points))
    return tuple(sorted(found, key=lambda held: -round(held.step_points, 9)))


def with_moves(answers: AnswerSet, moves: Iterable[Move]) -> dict[str, Answer]:
    """The answers as they would be after the moves; what showed the old ones no longer counts."""
    changed = dict(answers)
    for move in moves:
        changed[move.question] = raised(answers.get(move.question, UNANSWERED), move.to_value)
    return changed


def raised(answer: Answer, value: Value) -> Answer:
    """The answer with another value, as it would stand before anyone shows it."""
    return replace(
        answer,
        state=AnswerState.ANSWERED,
        value=value,
        reason="",
        evidence=0,
        confirmed=False,
        expired=False,
    )


def ladder_of(question: Question) -> tuple[Rung, ...]:
    """What can be answered to a level or a scored choice, worst first; nothing for other kinds."""
    if question.kind == "level":
        return tuple((level, level / MAX_LEVEL) for level in range(len(question.levels)))
    if question.kind != "choice":
        return ()
    worth = {o.id: o.value for o in question.options if o.value is not None}
    return tuple(sorted(worth.items(), key=lambda rung: rung[1]))


def switching_questions(guide: Guide) -> frozenset[str]:
    """The questions whose answers decide which others are asked."""
    refs = {ref for q in guide.questions.values() if q.applies for ref in q.applies.refs}
    return frozenset(
        question.id
        for question in guide.questions.values()
        if any(ref == question.id or ref.startswith(f"{question.id}.") for ref in refs)
    )


class _Sums:
    """The weights behind each score, and what a part of one answer is worth in points.

    ``still_open``: unanswered questions to count in, for what is said about ranges.
    """

    def __init__(self, guide: Guide, card: Scorecard, still_open: Sequence[Question] = ()) -> None:
        self.steps = {step.step: _weight(step.contributions) for step in card.steps}
        self.challenges = {e.challenge: _weight(e.contributions) for e in card.exposures}
        for question in still_open:
            if question.step in self.steps and has_score(question):
                self.steps[question.step] += question.weight
            for informs in question.informs:
                if informs.challenge in self.challenges and has_score(question, informs.score):
                    self.challenges[informs.challenge] += informs.weight
        weights = {step.id: step.weight for step in guide.steps}
        counted = {step: weights[step] for step, sum_ in self.steps.items() if sum_ > 0}
        whole = math.fsum(counted.values())
        self.parts: Mapping[str, float] = {
            step: weight / whole for step, weight in counted.items() if whole
        }

    def step_points(self, question: Question, share: float) -> float:
        whole = self.steps.get(question.step, 0.0)
        if whole <= 0 or not has_score(question):
            return 0.0
        return 100 * question.weight * share / whole

    def overall_points(self, question: Question, share: float) -> float:
        return self.step_points(question, share) * self.parts.get(question.step, 0.0)

    def challenge_points(self, question: Question, share: float) -> tuple[tuple[str, float], ...]:
        found: dict[str, float] = {}
        for informs in question.informs:
            whole = self.challenges.get(informs.challenge, 0.0)
            if whole > 0 and has_score(question, informs.score):
                points = 100 * informs.weight * share / whole
                found[informs.challenge] = found.get(informs.challenge, 0.0) + points
        return tuple(found.items())


def _weight(contributions: Sequence[Contribution]) -> float:
    return math.fsum(part.weight for part in contributions)


def _raisable(guide: Guide, answers: AnswerSet) -> Iterable[tuple[Question, Answer]]:
    """Levels and choices of the steps with an answer to raise: the profile holds facts."""
    steps = {step.id for step in guide.steps}
    for question in asked_questions(guide, answers):
        answer = answers.get(question.id, UNANSWERED)
        if question.step in steps and answer.state in (AnswerState.ANSWERED, AnswerState.UNKNOWN):
            yield question, answer


def rungs_above(question: Question, answer: Answer) -> tuple[Rung, ...]:
    worth = value_of(question, answer)
    if worth is None:
        return ()
    return tuple(rung for rung in ladder_of(question) if rung[1] > worth)


def move_to(question: Question, answer: Answer, rung: Rung) -> Move:
    known = answer.state is AnswerState.ANSWERED
    before = value_of(question, answer) or 0.0
    return Move(question.id, answer.value if known else None, rung[0], rung[1] - before)


def _scored_anew(
    guide: Guide, answers: AnswerSet, card: Scorecard, question: Question, move: Move
) -> Lift:
    after = score(guide, with_moves(answers, [move]))
    return Lift(
        move=move,
        step=question.step,
        step_points=(after.step(question.step).score or 0) - (card.step(question.step).score or 0),
        overall_points=(after.overall.score or 0) - (card.overall.score or 0),
        challenges=tuple(
            (e.challenge, (e.score or 0) - (after.exposure(e.challenge).score or 0))
            for e in card.exposures
            if e.score is not None and after.exposure(e.challenge).score is not None
        ),
    )

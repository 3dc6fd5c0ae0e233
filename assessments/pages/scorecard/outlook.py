"""What would move the score: the best next lifts, what to answer next, what rests on thin ice."""

from collections.abc import Iterable
from dataclasses import dataclass

from assessments.domain.answers import AnswerSet
from assessments.domain.applicability import asked_questions
from assessments.domain.scoring import Scorecard
from assessments.domain.sensitivity import (
    HeldUp,
    Lift,
    OpenQuestion,
    held_up,
    lifts,
    open_questions,
)
from assessments.pages.scorecard.lines import LineMaker, LinkedQuestion, MoveLine
from guide.model import Challenge, Guide

SHOWN_LIFTS = 5


@dataclass(frozen=True)
class LiftLine:
    lift: Lift
    move: MoveLine
    step_number: int
    challenges: tuple[tuple[Challenge, float], ...]


@dataclass(frozen=True)
class OpenLine:
    """The question to answer next, and how many others wait."""

    linked: LinkedQuestion
    found: OpenQuestion
    step_number: int | None
    challenges: tuple[tuple[Challenge, float], ...]
    others: int


@dataclass(frozen=True)
class HeldLine:
    linked: LinkedQuestion
    held: HeldUp
    step_number: int


@dataclass(frozen=True)
class Outlook:
    lifts: tuple[LiftLine, ...]
    next_question: OpenLine | None
    held_up: tuple[HeldLine, ...]
    expired: tuple[LinkedQuestion, ...]

    @property
    def held_points(self) -> float:
        """Points of overall readiness that rest on unconfirmed claims."""
        return sum(line.held.overall_points for line in self.held_up)


def outlook(guide: Guide, answers: AnswerSet, card: Scorecard, make: LineMaker) -> Outlook:
    best = [lift for lift in lifts(guide, answers, card) if lift.worth > 0][:SHOWN_LIFTS]
    return Outlook(
        lifts=tuple(
            LiftLine(
                lift=lift,
                move=make.move(lift.move),
                step_number=guide.step(lift.step).number,
                challenges=_largest(guide, lift.challenges),
            )
            for lift in best
        ),
        next_question=_next(guide, open_questions(guide, answers, card), make),
        held_up=tuple(
            HeldLine(make.linked(held.question), held, guide.step(held.step).number)
            for held in held_up(guide, answers, card)
        ),
        expired=tuple(
            make.linked(question.id)
            for question in asked_questions(guide, answers)
            if question.id in answers and answers[question.id].expired
        ),
    )


def _next(guide: Guide, open_ones: tuple[OpenQuestion, ...], make: LineMaker) -> OpenLine | None:
    if not open_ones:
        return None
    first = open_ones[0]
    step = guide.question(first.question).step
    numbers = {s.id: s.number for s in guide.steps}
    return OpenLine(
        linked=make.linked(first.question),
        found=first,
        step_number=numbers.get(step),
        challenges=_largest(guide, first.challenges),
        others=len(open_ones) - 1,
    )


def _largest(
    guide: Guide, challenges: Iterable[tuple[str, float]]
) -> tuple[tuple[Challenge, float], ...]:
    """The challenges it moves by a point or more, the most first."""
    felt = sorted((c for c in challenges if c[1] >= 1), key=lambda c: -round(c[1], 6))
    return tuple((guide.challenge(name), points) for name, points in felt)

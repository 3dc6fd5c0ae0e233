"""How far the answers from several seats lie apart, and which differences to talk about first.

A disagreement is a finding: it shows where practice, or what people know of it, differs. Nothing
here changes a score. The order of people and of questions never matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Any

from assessments.domain.answers import Answer, AnswerState
from guide.model import MAX_LEVEL, Guide, Question

# Kinds of question that can be answered from a seat and compared with one another.
SEAT_KINDS = ("level", "choice", "choices", "number")
# Estimates of ours. Someone who doesn't know, or says it does not apply, against someone who
# answers: half the scale, since the truth may lie anywhere on it.
NO_ANSWER_AGAINST_ONE = 0.5
# Different options whose worth the guide does not compare.
OTHER_OPTION = 0.5
# The least that any difference counts for.
LEAST = 1 / MAX_LEVEL
MINUTES_AT_LEAST, MINUTES_AT_MOST = 5, 15


class Difference(StrEnum):
    """What kind of disagreement there is; one question can show several."""

    LEVELS = "levels"
    OPTIONS = "options"
    NUMBERS = "numbers"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Voice:
    """One answer from one seat."""

    seat: str
    person: str
    answer: Answer


@dataclass(frozen=True)
class Divergence:
    """How far the voices on one question lie apart: ``degree`` from 0 (none) to 1 (opposite).

    ``spread`` is in levels and None where fewer than two levels were given.
    """

    degree: float
    spread: int | None
    differences: frozenset[Difference]


@dataclass(frozen=True)
class Disagreement:
    """A question whose voices differ; ``minutes`` is an estimate of the talk it needs."""

    question: Question
    divergence: Divergence
    voices: tuple[Voice, ...]
    minutes: int


def can_be_seated(question: Question) -> bool:
    """Whether the question can be answered from a seat."""
    return question.kind in SEAT_KINDS


def divergence(question: Question, answers: Iterable[Answer]) -> Divergence:
    """How far these answers to one question lie apart."""
    given = [answer for answer in answers if answer.state is not AnswerState.UNANSWERED]
    values = [answer.value for answer in given if answer.state is AnswerState.ANSWERED]
    states = {answer.state for answer in given}
    spread = _spread(question, values)
    found: set[Difference] = set()
    degree = 0.0
    apart = max((_apart(question, a, b) for a, b in combinations(values, 2)), default=0.0)
    if apart > 0:
        found.add(_kind_of(question))
        degree = max(LEAST, apart)
    for state, difference in (
        (AnswerState.UNKNOWN, Difference.UNKNOWN),
        (AnswerState.NOT_APPLICABLE, Difference.NOT_APPLICABLE),
    ):
        if state in states and len(states) > 1:
            found.add(difference)
            degree = max(degree, NO_ANSWER_AGAINST_ONE)
    return Divergence(min(degree, 1.0), spread, frozenset(found))


def spread_of(question: Question, answers: Iterable[Answer]) -> int | None:
    """Levels between the lowest and the highest answer; None with fewer than two of them."""
    return _spread(question, [a.value for a in answers if a.state is AnswerState.ANSWERED])


def _spread(question: Question, values: Sequence[Any]) -> int | None:
    if question.kind != "level" or len(values) < 2:
        return None
    return int(max(values)) - int(min(values))


def _kind_of(question: Question) -> Difference:
    if question.kind == "level":
        return Difference.LEVELS
    return Difference.NUMBERS if question.kind == "number" else Difference.OPTIONS


def _apart(question: Question, a: Any, b: Any) -> float:
    """The distance of two values, from 0 to 1."""
    if a == b:
        return 0.0
    if question.kind == "level":
        return abs(int(a) - int(b)) / MAX_LEVEL
    if question.kind == "number":
        return min(1.0, float(abs(a - b) / max(abs(a), abs(b))))
    if question.kind == "choice":
        worth = {option.id: option.value for option in question.options}
        left, right = worth.get(a), worth.get(b)
        return OTHER_OPTION if left is None or right is None else max(LEAST, abs(left - right))
    return _sets_apart(a, b)


def _sets_apart(a: Mapping[str, Any], b: Mapping[str, Any]) -> float:
    """The share of all named options that only one of both names; extras count least."""
    left, right = set(a.get("choices", ())), set(b.get("choices", ()))
    named = left | right
    return max(LEAST, len(left ^ right) / len(named)) if named else LEAST


def rank(guide: Guide, voices: Mapping[str, Sequence[Voice]]) -> tuple[Disagreement, ...]:
    """The disagreements, the most urgent first.

    First how far apart; among equals what touches patients' safety, what can hold a step's band
    down, what weighs more in the score, and last the guide's own order.
    """
    found = []
    for question in guide.questions.values():
        heard = voices.get(question.id, ())
        apart = divergence(question, [voice.answer for voice in heard])
        if apart.degree > 0:
            found.append(
                Disagreement(question, apart, in_order(guide, heard), minutes_for(question, apart))
            )
    return tuple(sorted(found, key=_urgency))


def _urgency(found: Disagreement) -> tuple[float, bool, bool, float]:
    question = found.question
    return (-found.divergence.degree, not question.safety, not question.cap, -question.weight)


def in_order(guide: Guide, voices: Iterable[Voice]) -> tuple[Voice, ...]:
    """Voices in the guide's order of seats, then by name."""
    place = {seat.id: number for number, seat in enumerate(guide.seats)}
    return tuple(
        sorted(voices, key=lambda v: (place.get(v.seat, len(place)), v.seat, v.person, repr(v)))
    )


def minutes_for(question: Question, apart: Divergence) -> int:
    """How long to plan for it: an estimate of ours, longer where more lies between."""
    minutes = MINUTES_AT_LEAST + round(apart.degree * MAX_LEVEL) * 2
    return min(MINUTES_AT_MOST, minutes + (2 if question.safety or question.cap else 0))

"""How the scores came about and where they are to go: targets, rounds, heat map, answers. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from assessments.domain.answers import UNANSWERED, Answer, AnswerSet, AnswerState
from assessments.domain.applicability import asked_questions
from assessments.domain.scoring import Exposure, Scorecard
from assessments.domain.sensitivity import open_questions
from assessments.domain.targets import TargetSet, read_against
from assessments.domain.wording import answer_in_words, parts_in_words
from guide.model import Guide, Question

DECIMALS = 4
NARROWING = 15


@dataclass(frozen=True)
class TargetLine:
    """A step's readiness or a challenge's exposure beside what is aimed at or accepted."""

    id: str
    title: str
    now: float | None
    target: float


@dataclass(frozen=True)
class TargetsEntry:
    """`percent` of the way, None before any step scores. `why`: the guide's reason for its
    proposal. `is_own`: whether the organization set numbers of its own.
    """

    percent: float | None
    steps: tuple[TargetLine, ...] = ()
    challenges: tuple[TargetLine, ...] = ()
    why: str = ""
    is_own: bool = False


@dataclass(frozen=True)
class RoundEntry:
    """A submitted round as it was scored then."""

    name: str
    on: date
    score: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class SinceFirstEntry:
    """`points` of readiness since the first round, over what both asked alike; None where the two
    cannot be compared.
    """

    name: str
    on: date
    points: float | None
    shared: int = 0
    scored: int = 0
    rounds: tuple[RoundEntry, ...] = ()


@dataclass(frozen=True)
class HeatLine:
    """Points of exposure by column; None where no answer of the step speaks about it."""

    challenge: str
    title: str
    score: float
    points: tuple[float | None, ...]


@dataclass(frozen=True)
class HeatEntry:
    """`columns`: titles of the steps, then an empty one where the profile adds something."""

    columns: tuple[str, ...]
    rows: tuple[HeatLine, ...]


@dataclass(frozen=True)
class AnswerEntry:
    """An answer in words. `rows`: those of a table, each in a line."""

    id: str
    title: str
    step: str
    state: str
    answer: str = ""
    basis: str = ""
    note: str = ""
    is_shown: bool = False
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class OpenEntry:
    """A question without an answer; `points`: by how many its answer narrows the overall range."""

    id: str
    title: str
    step: str
    points: float


def targets_entry(
    guide: Guide, card: Scorecard, wanted: TargetSet, *, is_own: bool
) -> TargetsEntry:
    reading = read_against(card, wanted)
    steps = {step.id: step.title for step in guide.steps}
    challenges = {challenge.id: challenge.title for challenge in guide.challenges}
    return TargetsEntry(
        percent=_rounded(reading.percent),
        steps=tuple(
            TargetLine(s.step, steps[s.step], _rounded(s.now), s.target) for s in reading.steps
        ),
        challenges=tuple(
            TargetLine(c.challenge, challenges[c.challenge], _rounded(c.now), c.target)
            for c in reading.challenges
        ),
        why=wanted.why,
        is_own=is_own,
    )


def heat_entry(guide: Guide, card: Scorecard) -> HeatEntry:
    """Where each exposure comes from, as the score page shows it."""
    scored = [exposure for exposure in card.exposures if exposure.score is not None]
    sums = {exposure.challenge: _by_step(guide, exposure) for exposure in scored}
    columns = {step.id: step.title for step in guide.steps}
    if any("" in by_step for by_step in sums.values()):
        columns[""] = ""
    return HeatEntry(
        tuple(columns.values()),
        tuple(
            HeatLine(
                challenge=exposure.challenge,
                title=guide.challenge(exposure.challenge).title,
                score=round(exposure.score or 0.0, DECIMALS),
                points=tuple(_rounded(sums[exposure.challenge].get(name)) for name in columns),
            )
            for exposure in scored
        ),
    )


def _by_step(guide: Guide, exposure: Exposure) -> dict[str, float]:
    known = {step.id for step in guide.steps}
    parts: dict[str, list[float]] = {}
    for contribution in exposure.contributions:
        step = guide.question(contribution.question).step
        parts.setdefault(step if step in known else "", []).append(contribution.points)
    return {step: math.fsum(points) for step, points in parts.items()}


def answer_entries(guide: Guide, answers: AnswerSet) -> tuple[AnswerEntry, ...]:
    """Every question that was asked or answered, in the guide's order."""
    asked = {question.id for question in asked_questions(guide, answers)}
    return tuple(
        _answer(question, answers.get(question.id, UNANSWERED))
        for question in guide.questions.values()
        if question.id in asked or question.id in answers
    )


def _answer(question: Question, answer: Answer) -> AnswerEntry:
    return AnswerEntry(
        id=question.id,
        title=question.title,
        step=question.step,
        state=answer.state.value,
        answer=answer_in_words(question, answer),
        basis=answer.basis.value if answer.basis else "",
        note=answer.note,
        is_shown=bool(answer.evidence or answer.confirmed) and not answer.expired,
        rows=tuple(_rows(question, answer)),
    )


def _rows(question: Question, answer: Answer) -> Iterable[str]:
    value: Any = answer.value
    if question.kind == "table" and answer.state is AnswerState.ANSWERED:
        for row in value:
            yield parts_in_words(question.columns, row)


def open_entries(guide: Guide, answers: AnswerSet, card: Scorecard) -> tuple[OpenEntry, ...]:
    """The open questions whose answer would narrow the ranges most."""
    titles = {step.id: step.title for step in guide.steps}
    return tuple(
        OpenEntry(
            found.question,
            guide.question(found.question).title,
            titles.get(guide.question(found.question).step, ""),
            round(found.overall_points, DECIMALS),
        )
        for found in open_questions(guide, answers, card)[:NARROWING]
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)

"""Readiness of the steps and exposure to the challenges: deterministic and explained.

The rules are those of the design (Scoring); ``docs/scoring.md`` explains them for readers.
Everything is summed in the guide's order, so the order of answers never matters.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assessments.domain.answers import UNANSWERED, Answer, AnswerSet, AnswerState, Basis
from assessments.domain.applicability import asked_questions
from assessments.domain.proof import is_unconfirmed, proven_value
from assessments.domain.values import has_score, value_of
from assessments.domain.wording import answer_in_words
from guide.model import MAX_LEVEL, Challenge, Guide, Question, Step

READINESS_BANDS = ((25, "starting"), (50, "developing"), (75, "established"), (101, "leading"))
EXPOSURE_BANDS = ((30, "low"), (50, "moderate"), (70, "high"), (101, "severe"))
# How far an answer can be relied on, by what it rests on: Waymark's own estimate.
TRUST = {Basis.MEASURED: 1.0, Basis.DOCUMENT: 0.95, Basis.INTERVIEW: 0.85, Basis.OPINION: 0.7}
TRUST_UNSTATED = TRUST[Basis.OPINION]
# A high claim nobody has shown or stood for, and an answer past its date: no better than this.
TRUST_DOUBTFUL = 0.5
HIGH_RISK_LEVEL = 1
# With less than this part of the weight answered, a score has a number and no band: one good answer
# of fourteen makes no step "leading" and no exposure "low".
ENOUGH_ANSWERED = 0.5


@dataclass(frozen=True)
class Contribution:
    """What one question does to a score. ``points`` of 100: lost readiness, or added exposure."""

    question: str
    weight: float
    value: float
    points: float


@dataclass(frozen=True)
class Readiness:
    """A readiness of 0-100 (high is good), with the range the unanswered questions leave open.

    ``score`` is None while nothing is answered, all three are None when nothing applies. ``band``
    is None as well while less than half of the weight is answered.
    """

    score: float | None
    low: float | None
    high: float | None
    confidence: float
    band: str | None


@dataclass(frozen=True)
class StepReadiness(Readiness):
    step: str
    capped_by: tuple[str, ...]
    contributions: tuple[Contribution, ...]
    answered: int
    asked: int


@dataclass(frozen=True)
class Exposure:
    """An exposure of 0-100 (high is bad); ``rank`` is None where it is not ranked.

    ``band`` is None while less than half of the weight is answered.
    """

    challenge: str
    score: float | None
    low: float | None
    high: float | None
    band: str | None
    usual: float | None
    worse_than_usual: float | None
    priority: float | None
    rank: int | None
    confidence: float
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True)
class HighRisk:
    """An answer that no average may hide."""

    question: str
    reason: str


@dataclass(frozen=True)
class Scorecard:
    overall: Readiness
    steps: tuple[StepReadiness, ...]
    exposures: tuple[Exposure, ...]
    high_risks: tuple[HighRisk, ...]

    def step(self, step_id: str) -> StepReadiness:
        return next(step for step in self.steps if step.step == step_id)

    def exposure(self, challenge_id: str) -> Exposure:
        return next(e for e in self.exposures if e.challenge == challenge_id)


@dataclass(frozen=True)
class _Evidence:
    """One question's part in one score; ``value`` is None while it is unanswered.

    ``proven`` is the value that holds without taking unconfirmed claims on trust.
    """

    question: Question
    weight: float
    value: float | None
    proven: float
    trust: float


@dataclass(frozen=True)
class _Sum:
    lost: float | None
    lost_low: float | None
    lost_high: float | None
    # The part of the weight that is answered.
    known: float
    confidence: float
    contributions: tuple[Contribution, ...]


def score(guide: Guide, answers: AnswerSet) -> Scorecard:
    """Score an answer set against its guide. Pure: the same input gives the same scorecard."""
    asked = asked_questions(guide, answers)
    steps = tuple(_step_readiness(guide, step, asked, answers) for step in guide.steps)
    return Scorecard(
        overall=_overall(guide, steps),
        steps=steps,
        exposures=_ranked(guide, [_exposure(guide, c, asked, answers) for c in guide.challenges]),
        high_risks=tuple(_high_risks(asked, answers)),
    )


def band_of(number: float, bands: Sequence[tuple[int, str]]) -> str:
    """The band a number of 0-100 falls in; a limit belongs to the band above it.

    The number counts as pages print it, rounded: a 70 must not stand in the band under 70.
    """
    return next(name for limit, name in bands if math.floor(number + 0.5) < limit)


def _evidence(
    guide: Guide, weighted: Iterable[tuple[Question, float, str]], answers: AnswerSet
) -> list[_Evidence]:
    """What counts in a score: answers with a value, and the questions still open."""
    found = []
    for question, weight, name in weighted:
        answer = answers.get(question.id, UNANSWERED)
        if weight <= 0 or not has_score(question, name):
            continue
        value = value_of(question, answer, name)
        if value is not None or answer.state is AnswerState.UNANSWERED:
            proven = proven_value(guide, question, answer, value or 0.0)
            trust = _trust(guide, question, answer)
            found.append(_Evidence(question, weight, value, proven, trust))
    return found


def _trust(guide: Guide, question: Question, answer: Answer) -> float:
    if answer.state is not AnswerState.ANSWERED:
        return 0.0
    trust = TRUST[answer.basis] if answer.basis else TRUST_UNSTATED
    if answer.expired or is_unconfirmed(guide, question, answer):
        return min(trust, TRUST_DOUBTFUL)
    return trust


def _sum(evidence: Sequence[_Evidence]) -> _Sum:
    """Points lost of 100, now and with everything open at its best and at its worst.

    Open are the questions not answered and the high claims nobody has confirmed.
    """
    known = [e for e in evidence if e.value is not None]
    weight = math.fsum(e.weight for e in known)
    whole = math.fsum(e.weight for e in evidence)
    if not whole:
        return _Sum(None, None, None, 0.0, 0.0, ())
    lost = math.fsum(e.weight * (1 - (e.value or 0)) for e in known)
    contributions = tuple(
        Contribution(
            question=e.question.id,
            weight=e.weight,
            value=e.value or 0.0,
            points=100 * e.weight * (1 - (e.value or 0)) / weight,
        )
        for e in known
    )
    now = _points(lost / weight) if known else None
    doubtful = math.fsum(e.weight * (1 - e.proven) for e in known)
    best, worst = _points(lost / whole), _points((doubtful + whole - weight) / whole)
    return _Sum(
        lost=now,
        # Rounding may not push the score out of its own range.
        lost_low=best if now is None else min(best, now),
        lost_high=worst if now is None else max(worst, now),
        known=weight / whole,
        confidence=math.fsum(e.weight * e.trust for e in evidence) / whole,
        contributions=contributions,
    )


def _points(part: float) -> float:
    """A part of the whole as 0-100, kept inside against rounding."""
    return min(100.0, max(0.0, 100 * part))


def _rest(points: float | None) -> float | None:
    return None if points is None else 100 - points


def _step_readiness(
    guide: Guide, step: Step, asked: Sequence[Question], answers: AnswerSet
) -> StepReadiness:
    questions = [question for question in asked if question.step == step.id]
    total = _sum(_evidence(guide, ((q, q.weight, "default") for q in questions), answers))
    capped_by = tuple(q.id for q in questions if q.cap and _holds_cap(guide, q, answers))
    readiness = _rest(total.lost)
    return StepReadiness(
        step=step.id,
        score=readiness,
        low=_rest(total.lost_high),
        high=_rest(total.lost_low),
        confidence=total.confidence,
        band=None
        if total.known < ENOUGH_ANSWERED
        else _readiness_band(guide, readiness, capped=bool(capped_by)),
        capped_by=capped_by,
        contributions=total.contributions,
        answered=sum(_is_given(answers, q) for q in questions),
        asked=len(questions),
    )


def _is_given(answers: AnswerSet, question: Question) -> bool:
    return answers.get(question.id, UNANSWERED).state is not AnswerState.UNANSWERED


def _holds_cap(guide: Guide, question: Question, answers: AnswerSet) -> bool:
    value = value_of(question, answers.get(question.id, UNANSWERED))
    return value is not None and value * MAX_LEVEL <= guide.cap_limit.level


def _readiness_band(guide: Guide, readiness: float | None, *, capped: bool) -> str | None:
    if readiness is None:
        return None
    names = [name for _, name in READINESS_BANDS]
    band = band_of(readiness, READINESS_BANDS)
    if capped and names.index(band) > names.index(guide.cap_limit.band):
        return guide.cap_limit.band
    return band


def _overall(guide: Guide, steps: Sequence[StepReadiness]) -> Readiness:
    """Mean of the steps, weighted by the guide; a step where nothing applies leaves it."""
    weights = {step.id: step.weight for step in guide.steps}

    def mean(pairs: Sequence[tuple[float, float | None]]) -> float | None:
        known = [(weight, number) for weight, number in pairs if number is not None and weight]
        whole = math.fsum(weight for weight, _ in known)
        return math.fsum(weight * number for weight, number in known) / whole if whole else None

    readiness = mean([(weights[s.step], s.score) for s in steps])
    low = mean([(weights[s.step], s.low) for s in steps])
    high = mean([(weights[s.step], s.high) for s in steps])
    if readiness is not None and low is not None and high is not None:
        low, high = min(low, readiness), max(high, readiness)
    return Readiness(
        score=readiness,
        low=low,
        high=high,
        confidence=mean([(weights[s.step], s.confidence) for s in steps if s.low is not None])
        or 0.0,
        band=None
        if readiness is None or _known_part(weights, steps) < ENOUGH_ANSWERED
        else band_of(readiness, READINESS_BANDS),
    )


def _known_part(weights: Mapping[str, float], steps: Sequence[StepReadiness]) -> float:
    """The part of the applicable steps' weight in steps answered far enough to have a band."""
    applicable = [step for step in steps if step.low is not None]
    whole = math.fsum(weights[step.step] for step in applicable)
    known = math.fsum(weights[step.step] for step in applicable if step.band is not None)
    return known / whole if whole else 0.0


def _exposure(
    guide: Guide, challenge: Challenge, asked: Sequence[Question], answers: AnswerSet
) -> Exposure:
    weighted = (
        (question, informs.weight, informs.score)
        for question in asked
        for informs in question.informs
        if informs.challenge == challenge.id
    )
    total = _sum(_evidence(guide, weighted, answers))
    points = total.lost
    usual = challenge.usual
    worse = None if points is None or usual is None else points - usual
    return Exposure(
        challenge=challenge.id,
        score=points,
        low=total.lost_low,
        high=total.lost_high,
        band=None
        if points is None or total.known < ENOUGH_ANSWERED
        else band_of(points, EXPOSURE_BANDS),
        usual=usual,
        worse_than_usual=worse,
        priority=worse + challenge.harm if worse is not None and challenge.ranked else None,
        rank=None,
        confidence=total.confidence,
        contributions=total.contributions,
    )


def _ranked(guide: Guide, exposures: Sequence[Exposure]) -> tuple[Exposure, ...]:
    """Worst first: how much worse than usual, plus the harm the challenge can do."""
    order = {challenge.id: number for number, challenge in enumerate(guide.challenges)}
    ranked = sorted(
        (e for e in exposures if e.priority is not None),
        key=lambda e: (-round(e.priority or 0, 9), order[e.challenge]),
    )
    numbered = [
        Exposure(**{**e.__dict__, "rank": number}) for number, e in enumerate(ranked, start=1)
    ]
    return (*numbered, *(e for e in exposures if e.priority is None))


def _high_risks(asked: Sequence[Question], answers: AnswerSet) -> Iterable[HighRisk]:
    """Cap and safety questions answered low. "We don't know" is a question to ask, not a risk."""
    for question in asked:
        answer = answers.get(question.id, UNANSWERED)
        if answer.state is not AnswerState.ANSWERED or not (question.cap or question.safety):
            continue
        value = value_of(question, answer)
        if value is not None and value * MAX_LEVEL <= HIGH_RISK_LEVEL:
            yield HighRisk(question.id, answer_in_words(question, answer))

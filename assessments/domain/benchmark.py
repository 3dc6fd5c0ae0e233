"""One's own figures beside published ones: where they lie, never how good they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from assessments.domain.answers import UNANSWERED, Answer, AnswerSet, AnswerState
from assessments.domain.applicability import applicable
from guide.model import Benchmark, BenchmarkMeasure, Guide

LAST_STEP = 5
SCALE = 10

Where = Literal["lower", "within", "higher", "beside"]
Gap = Literal["not_asked", "not_applicable", "unknown", "unanswered"]


@dataclass(frozen=True)
class Published:
    """What one group said. ``where`` the own value lies: within one standard deviation of the
    mean, lower or higher; "beside" where no deviation was published.
    """

    group: str
    mean: float
    deviation: float | None
    where: Where | None


@dataclass(frozen=True)
class Standing:
    """One measure. ``own`` is on the published scale of 0-10, or a percentage as it was given;
    ``category`` is the step of the scale it falls in. ``gap`` says why there is no own value.
    """

    measure: BenchmarkMeasure
    given: float | None
    category: int | None
    own: float | None
    gap: Gap | None
    published: tuple[Published, ...]


def standings(guide: Guide, answers: AnswerSet, benchmark: Benchmark) -> tuple[Standing, ...]:
    """Every measure of the benchmark, in its order."""
    asked = applicable(guide, answers)
    return tuple(
        _standing(measure, answers.get(measure.question, UNANSWERED), asked[measure.question].asked)
        for measure in benchmark.measures
    )


def _standing(measure: BenchmarkMeasure, answer: Answer, is_asked: bool) -> Standing:
    given = _number(measure, answer) if is_asked else None
    category = None if given is None else category_of(measure, given)
    own = given if category is None else (category - 1) / LAST_STEP * SCALE
    return Standing(
        measure=measure,
        given=given,
        category=category,
        own=own,
        gap=None if given is not None else _gap(answer, is_asked),
        published=tuple(
            Published(
                group=group,
                mean=figure[0],
                deviation=figure[1] if len(figure) > 1 else None,
                where=None if own is None else _where(own, figure),
            )
            for group, figure in measure.figures.items()
        ),
    )


def category_of(measure: BenchmarkMeasure, given: float) -> int | None:
    """The answer step a figure falls in; None where the measure has none."""
    for limit, category in measure.categories:
        if given < limit:
            return category
    return measure.last_category


def _number(measure: BenchmarkMeasure, answer: Answer) -> float | None:
    value = answer.value if answer.state is AnswerState.ANSWERED else None
    if measure.field:
        value = value.get(measure.field) if isinstance(value, Mapping) else None
    return float(value) if isinstance(value, (int, float)) else None


def _gap(answer: Answer, is_asked: bool) -> Gap:
    if not is_asked:
        return "not_asked"
    if answer.state is AnswerState.UNKNOWN:
        return "unknown"
    if answer.state is AnswerState.NOT_APPLICABLE:
        return "not_applicable"
    return "unanswered"


def _where(own: float, figure: tuple[float, ...]) -> Where:
    if len(figure) == 1:
        return "beside"
    mean, deviation = figure
    if abs(own - mean) <= deviation:
        return "within"
    return "lower" if own < mean else "higher"

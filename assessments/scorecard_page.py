"""The scorecard as its page shows it: words and links beside the numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.answer_text import answer_lines
from assessments.charts import BarChart, BarInput, bar_chart, narrow_bar_chart
from assessments.domain.answers import UNANSWERED, AnswerSet
from assessments.domain.scoring import (
    Contribution,
    Exposure,
    Readiness,
    Scorecard,
    StepReadiness,
)
from assessments.models import Assessment
from assessments.queries import question_url
from guide.model import Challenge, Question, Step

# A range wider than this covers more than one band: the number alone would mislead.
EARLY_RANGE = 50

BAND_NAMES = {
    "starting": gettext_lazy("Starting"),
    "developing": gettext_lazy("Developing"),
    "established": gettext_lazy("Established"),
    "leading": gettext_lazy("Leading"),
    "low": gettext_lazy("Low"),
    "moderate": gettext_lazy("Moderate"),
    "high": gettext_lazy("High"),
    "severe": gettext_lazy("Severe"),
}


@dataclass(frozen=True)
class LinkedQuestion:
    question: Question
    url: str
    answer: str


@dataclass(frozen=True)
class ContributionLine:
    """One question's part in a score; `value` is 0-100 here, `points` are those lost."""

    linked: LinkedQuestion
    weight: float
    value: float
    points: float


@dataclass(frozen=True)
class StepLine:
    step: Step
    readiness: StepReadiness
    capped_by: tuple[LinkedQuestion, ...]
    contributions: tuple[ContributionLine, ...]


@dataclass(frozen=True)
class ExposureLine:
    challenge: Challenge
    exposure: Exposure
    contributions: tuple[ContributionLine, ...]


@dataclass(frozen=True)
class RiskLine:
    linked: LinkedQuestion
    reason: str


@dataclass(frozen=True)
class ScorecardPage:
    overall: Readiness
    steps: tuple[StepLine, ...]
    ranked: tuple[ExposureLine, ...]
    unranked: tuple[ExposureLine, ...]
    not_assessed: tuple[ExposureLine, ...]
    risks: tuple[RiskLine, ...]
    step_chart: BarChart
    step_chart_narrow: BarChart
    exposure_chart: BarChart
    exposure_chart_narrow: BarChart

    @property
    def is_early(self) -> bool:
        """Whether so little is answered that the number says less than its range."""
        low, high = self.overall.low, self.overall.high
        return low is not None and high is not None and high - low > EARLY_RANGE

    @property
    def has_score(self) -> bool:
        return self.overall.score is not None


def scorecard_page(
    assessment: Assessment, card: Scorecard, answers: AnswerSet, slug: str
) -> ScorecardPage:
    builder = _Builder(assessment, answers, slug)
    exposures = [builder.exposure(exposure) for exposure in card.exposures]
    ranked = tuple(line for line in exposures if line.exposure.rank is not None)
    steps = tuple(builder.step(step) for step in card.steps)
    step_bars = [_step_bar(line) for line in steps]
    exposure_bars = [_exposure_bar(line) for line in ranked]
    return ScorecardPage(
        overall=card.overall,
        steps=steps,
        ranked=ranked,
        unranked=tuple(
            line
            for line in exposures
            if line.exposure.rank is None and line.exposure.score is not None
        ),
        not_assessed=tuple(line for line in exposures if line.exposure.score is None),
        risks=tuple(
            RiskLine(builder.linked(risk.question), risk.reason) for risk in card.high_risks
        ),
        step_chart=bar_chart(step_bars),
        step_chart_narrow=narrow_bar_chart(step_bars),
        exposure_chart=bar_chart(exposure_bars),
        exposure_chart_narrow=narrow_bar_chart(exposure_bars),
    )


class _Builder:
    """Looks up questions, answers and addresses while a page is made."""

    def __init__(self, assessment: Assessment, answers: AnswerSet, slug: str) -> None:
        self.assessment = assessment
        self.guide = assessment.guide
        self.answers = answers
        self.slug = slug

    def linked(self, question_id: str) -> LinkedQuestion:
        question = self.guide.question(question_id)
        return LinkedQuestion(
            question=question,
            url=question_url(self.assessment, question, self.slug),
            answer="; ".join(answer_lines(question, self.answers.get(question.id, UNANSWERED))),
        )

    def contributions(self, parts: Sequence[Contribution]) -> tuple[ContributionLine, ...]:
        """The largest loss first; equal ones in the guide's order."""
        worst_first = sorted(parts, key=lambda part: -round(part.points, 6))
        return tuple(
            ContributionLine(
                linked=self.linked(part.question),
                weight=part.weight,
                value=100 * part.value,
                points=part.points,
            )
            for part in worst_first
        )

    def step(self, readiness: StepReadiness) -> StepLine:
        return StepLine(
            step=self.guide.step(readiness.step),
            readiness=readiness,
            capped_by=tuple(self.linked(question) for question in readiness.capped_by),
            contributions=self.contributions(readiness.contributions),
        )

    def exposure(self, exposure: Exposure) -> ExposureLine:
        return ExposureLine(
            challenge=self.guide.challenge(exposure.challenge),
            exposure=exposure,
            contributions=self.contributions(exposure.contributions),
        )


def _step_bar(line: StepLine) -> BarInput:
    readiness = line.readiness
    return BarInput(
        label=_("%(number)s. %(title)s")
        % {"number": line.step.number, "title": _short(line.step.title)},
        score=readiness.score,
        low=readiness.low,
        high=readiness.high,
        band=readiness.band,
    )


def _exposure_bar(line: ExposureLine) -> BarInput:
    exposure = line.exposure
    return BarInput(
        label=_("%(number)s. %(title)s")
        % {"number": exposure.rank, "title": _short(line.challenge.short)},
        score=exposure.score,
        low=exposure.low,
        high=exposure.high,
        band=exposure.band,
        marker=exposure.usual,
    )


def _short(text: str, limit: int = 42) -> str:
    """A label that fits beside its bar; the table behind the chart has it in full."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def band_name(band: str | None) -> Any:
    return BAND_NAMES.get(band or "", "")

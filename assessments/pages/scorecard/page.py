"""The score page: pictures, the words and links beside them, and what would move the numbers."""

from dataclasses import dataclass

from accounts.tenancy import Access
from assessments.domain.answers import AnswerSet
from assessments.domain.consistency import contradictions
from assessments.domain.scoring import Exposure, Readiness, Scorecard
from assessments.domain.targets import TargetReading, read_against
from assessments.domain.way_out import way_out
from assessments.models import Assessment
from assessments.pages.scorecard.heat import HeatMap, heat_map
from assessments.pages.scorecard.history import History, history_of
from assessments.pages.scorecard.lines import ExposureLine, LineMaker, RiskLine, StepLine
from assessments.pages.scorecard.outlook import Outlook, outlook
from assessments.pages.scorecard.words import shortened
from assessments.pictures.charts import (
    BarChart,
    BarInput,
    Radar,
    bar_chart,
    narrow_bar_chart,
    radar_chart,
)
from assessments.target_choice import TargetChoice, target_choice

# A range wider than this covers more than one band: the number alone would mislead.
EARLY_RANGE = 50
# Which exposures the first sentence names, and from how many unconfirmed points on it says so.
TELLING_BANDS = ("high", "severe")
TELLING_CLAIMS = 5


@dataclass(frozen=True)
class Charts:
    steps: BarChart
    steps_narrow: BarChart
    exposures: BarChart
    exposures_narrow: BarChart
    radar: Radar
    radar_narrow: Radar


@dataclass(frozen=True)
class ScorecardPage:
    overall: Readiness
    steps: tuple[StepLine, ...]
    ranked: tuple[ExposureLine, ...]
    unranked: tuple[ExposureLine, ...]
    not_assessed: tuple[ExposureLine, ...]
    risks: tuple[RiskLine, ...]
    charts: Charts
    heat: HeatMap
    targets: TargetChoice
    reading: TargetReading
    history: History
    outlook: Outlook
    contradictions: int

    @property
    def is_early(self) -> bool:
        """Whether so little is answered that the number says less than its range."""
        return _is_wide(self.overall)

    @property
    def has_score(self) -> bool:
        return self.overall.score is not None

    @property
    def worst(self) -> ExposureLine | None:
        """The challenge ranked first of those about which enough is answered."""
        known = (line for line in self.ranked if not _is_wide(line.exposure))
        return next(known, None)

    @property
    def held(self) -> tuple[StepLine, ...]:
        """The steps whose band a low answer keeps down."""
        return tuple(line for line in self.steps if line.is_held)

    @property
    def stands_out(self) -> bool:
        """Whether that challenge is bad at all."""
        return self.worst is not None and self.worst.exposure.band in TELLING_BANDS

    @property
    def rests_on_claims(self) -> bool:
        """Whether enough of the readiness is unconfirmed to say so beside it."""
        return self.outlook.held_points >= TELLING_CLAIMS

    @property
    def has_unbanded(self) -> bool:
        """Whether a step has a score and, as too little is answered, no band."""
        return any(s.readiness.score is not None and not s.readiness.band for s in self.steps)

    @property
    def has_unbanded_exposures(self) -> bool:
        return any(not line.exposure.band for line in self.ranked)

    @property
    def scored_steps(self) -> int:
        return sum(line.readiness.score is not None for line in self.steps)


def _is_wide(part: Readiness | Exposure) -> bool:
    return part.low is not None and part.high is not None and part.high - part.low > EARLY_RANGE


def scorecard_page(
    access: Access, assessment: Assessment, card: Scorecard, answers: AnswerSet
) -> ScorecardPage:
    guide = assessment.guide
    make = LineMaker(assessment, answers, access.organization.slug)
    targets = target_choice(access, guide, answers)
    steps = tuple(make.step(step, targets.wanted, card.high_risks) for step in card.steps)
    exposures = [
        make.exposure(e, targets.wanted, way_out(guide, answers, card, e.challenge))
        for e in card.exposures
    ]
    assessed = [line for line in exposures if line.exposure.score is not None]
    ranked = tuple(line for line in assessed if line.exposure.rank is not None)
    return ScorecardPage(
        overall=card.overall,
        steps=steps,
        ranked=ranked,
        unranked=tuple(line for line in assessed if line.exposure.rank is None),
        not_assessed=tuple(line for line in exposures if line.exposure.score is None),
        risks=tuple(RiskLine(make.linked(risk.question), risk.reason) for risk in card.high_risks),
        charts=_charts(steps, ranked),
        heat=heat_map(guide, card.exposures),
        targets=targets,
        reading=read_against(card, targets.wanted),
        history=history_of(access, assessment, answers),
        outlook=outlook(guide, answers, card, make),
        contradictions=len(contradictions(guide, answers)),
    )


def _charts(steps: tuple[StepLine, ...], ranked: tuple[ExposureLine, ...]) -> Charts:
    step_bars = [_step_bar(line) for line in steps]
    exposure_bars = [_exposure_bar(line) for line in ranked]
    return Charts(
        steps=bar_chart(step_bars),
        steps_narrow=narrow_bar_chart(step_bars),
        exposures=bar_chart(exposure_bars),
        exposures_narrow=narrow_bar_chart(exposure_bars),
        radar=radar_chart(step_bars, width=1000),
        radar_narrow=radar_chart(
            [
                BarInput(str(n), b.score, b.low, b.high, b.band, target=b.target)
                for n, b in enumerate(step_bars, start=1)
            ],
            width=340,
            reach=120,
        ),
    )


def _step_bar(line: StepLine) -> BarInput:
    readiness = line.readiness
    return BarInput(
        label=f"{line.step.number}. {shortened(line.step.title)}",
        score=readiness.score,
        low=readiness.low,
        high=readiness.high,
        band=readiness.band,
        target=line.target,
    )


def _exposure_bar(line: ExposureLine) -> BarInput:
    exposure = line.exposure
    return BarInput(
        label=f"{exposure.rank}. {shortened(line.challenge.short)}",
        score=exposure.score,
        low=exposure.low,
        high=exposure.high,
        band=exposure.band,
        marker=exposure.usual,
        target=line.target,
    )

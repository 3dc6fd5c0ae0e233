"""The lines of the score page: each score with the answers it comes from, linked."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.text import Truncator

from assessments.answer_text import answer_lines
from assessments.domain.answers import UNANSWERED, AnswerSet
from assessments.domain.scoring import (
    READINESS_BANDS,
    Contribution,
    Exposure,
    HighRisk,
    StepReadiness,
    band_of,
)
from assessments.domain.sensitivity import Move
from assessments.domain.targets import TargetSet
from assessments.domain.way_out import WayOut
from assessments.models import Assessment
from assessments.pages.scorecard.words import rung_meaning, rung_name
from assessments.queries import question_url
from guide.model import Challenge, Question, Step

LONGEST_ANSWER = 180


@dataclass(frozen=True)
class LinkedQuestion:
    """``url`` leads to where it is answered, ``room`` to everything about its answer."""

    question: Question
    url: str
    room: str
    answer: str


@dataclass(frozen=True)
class ContributionLine:
    """One question's part in a score: its value of 0-100, its weight and the points lost.

    In words already: a page has hundreds of them, and filters in a template cost their time.
    """

    linked: LinkedQuestion
    value_text: str
    weight_text: str
    points_text: str


@dataclass(frozen=True)
class MoveLine:
    """One answer to raise: from what, to what, and what that means."""

    linked: LinkedQuestion
    move: Move
    before: str
    after: str
    meaning: str


@dataclass(frozen=True)
class WayOutLine:
    way: WayOut
    moves: tuple[MoveLine, ...]


@dataclass(frozen=True)
class StepLine:
    step: Step
    readiness: StepReadiness
    target: float
    capped_by: tuple[LinkedQuestion, ...]
    risks: int
    contributions: tuple[ContributionLine, ...]

    @property
    def is_held(self) -> bool:
        """Whether a low answer keeps the band under the one the readiness would have."""
        score = self.readiness.score
        band = self.readiness.band
        return score is not None and band is not None and band != band_of(score, READINESS_BANDS)

    @property
    def gap(self) -> float | None:
        score = self.readiness.score
        return None if score is None else max(0.0, self.target - score)


@dataclass(frozen=True)
class ExposureLine:
    challenge: Challenge
    exposure: Exposure
    target: float
    contributions: tuple[ContributionLine, ...]
    way_out: WayOutLine | None


@dataclass(frozen=True)
class RiskLine:
    linked: LinkedQuestion
    reason: str


class LineMaker:
    """Looks up questions, answers and addresses while a page is made."""

    def __init__(self, assessment: Assessment, answers: AnswerSet, slug: str) -> None:
        self.assessment = assessment
        self.guide = assessment.guide
        self.answers = answers
        self.slug = slug
        self._linked: dict[str, LinkedQuestion] = {}

    def linked(self, question_id: str) -> LinkedQuestion:
        """The same question stands behind several scores: it is put into words once."""
        if question_id not in self._linked:
            question = self.guide.question(question_id)
            answer = self.answers.get(question.id, UNANSWERED)
            self._linked[question_id] = LinkedQuestion(
                question=question,
                url=question_url(self.assessment, question, self.slug),
                room=reverse(
                    "assessments:question", args=[self.slug, self.assessment.pk, question.id]
                ),
                answer=Truncator("; ".join(answer_lines(question, answer))).chars(LONGEST_ANSWER),
            )
        return self._linked[question_id]

    def contributions(self, parts: Sequence[Contribution]) -> tuple[ContributionLine, ...]:
        """The largest loss first; equal ones in the guide's order."""
        worst_first = sorted(parts, key=lambda part: -round(part.points, 6))
        return tuple(
            ContributionLine(
                linked=self.linked(part.question),
                value_text=number_format(round(100 * part.value)),
                weight_text=number_format(f"{part.weight:g}"),
                points_text=number_format(round(part.points, 1), decimal_pos=1),
            )
            for part in worst_first
        )

    def step(
        self, readiness: StepReadiness, targets: TargetSet, risks: Sequence[HighRisk]
    ) -> StepLine:
        return StepLine(
            step=self.guide.step(readiness.step),
            readiness=readiness,
            target=targets.steps[readiness.step],
            capped_by=tuple(self.linked(question) for question in readiness.capped_by),
            risks=sum(self.guide.question(r.question).step == readiness.step for r in risks),
            contributions=self.contributions(readiness.contributions),
        )

    def exposure(
        self, exposure: Exposure, targets: TargetSet, way_out: WayOut | None
    ) -> ExposureLine:
        return ExposureLine(
            challenge=self.guide.challenge(exposure.challenge),
            exposure=exposure,
            target=targets.challenges[exposure.challenge],
            contributions=self.contributions(exposure.contributions),
            way_out=way_out and WayOutLine(way_out, tuple(map(self.move, way_out.moves))),
        )

    def move(self, move: Move) -> MoveLine:
        question = self.guide.question(move.question)
        return MoveLine(
            linked=self.linked(move.question),
            move=move,
            before=rung_name(question, move.from_value),
            after=rung_name(question, move.to_value),
            meaning=rung_meaning(question, move.to_value),
        )

"""What the quick scan says: ranges, since ten answers carry no single number."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.domain.answers import UNANSWERED, AnswerSet, AnswerState
from assessments.domain.applicability import asked_questions
from assessments.domain.scoring import Readiness, Scorecard
from assessments.pictures.charts import BarChart, BarInput, bar_chart, narrow_bar_chart
from guide.model import Challenge, Guide


@dataclass(frozen=True)
class RangeLine:
    """A step or challenge: between which numbers it lies, and on how many answers that rests."""

    name: str
    low: float | None
    high: float | None
    answers: int


@dataclass(frozen=True)
class QuickResult:
    answered: int
    asked: int
    questions_left: int
    overall: Readiness
    steps: tuple[RangeLine, ...]
    challenges: tuple[RangeLine, ...]
    not_assessed: tuple[Challenge, ...]
    step_chart: BarChart
    step_chart_narrow: BarChart
    challenge_chart: BarChart
    challenge_chart_narrow: BarChart


def quick_result(guide: Guide, answers: AnswerSet, card: Scorecard) -> QuickResult:
    steps = [
        RangeLine(
            _("%(number)s. %(title)s") % {"number": step.number, "title": step.title},
            line.low,
            line.high,
            len(line.contributions),
        )
        for step, line in zip(guide.steps, card.steps, strict=True)
    ]
    exposures = {exposure.challenge: exposure for exposure in card.exposures}
    challenges = [
        RangeLine(c.short, e.low, e.high, len(e.contributions))
        for c in guide.challenges
        if c.ranked and (e := exposures[c.id]).score is not None
    ]
    asked = asked_questions(guide, answers)
    quick = [question for question in asked if question.id in guide.quick_scan]
    step_bars, challenge_bars = _bars(steps), _bars(challenges)
    return QuickResult(
        answered=sum(_is_given(answers, question.id) for question in quick),
        asked=len(quick),
        questions_left=sum(not _is_given(answers, question.id) for question in asked),
        overall=card.overall,
        steps=tuple(steps),
        challenges=tuple(challenges),
        not_assessed=tuple(
            c for c in guide.challenges if c.ranked and exposures[c.id].score is None
        ),
        step_chart=bar_chart(step_bars),
        step_chart_narrow=narrow_bar_chart(step_bars),
        challenge_chart=bar_chart(challenge_bars),
        challenge_chart_narrow=narrow_bar_chart(challenge_bars),
    )


def _is_given(answers: AnswerSet, question_id: str) -> bool:
    return answers.get(question_id, UNANSWERED).state is not AnswerState.UNANSWERED


def _bars(lines: list[RangeLine]) -> list[BarInput]:
    """Ranges only: a bar would be a number that ten answers do not carry."""
    return [BarInput(n.name, None, n.low, n.high, None, is_range=True) for n in lines]

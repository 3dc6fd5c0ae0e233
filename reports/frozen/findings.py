"""What a report says of readiness: the scores, what they rest on, the high risks. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from assessments.domain.answers import UNANSWERED
from assessments.domain.scoring import Contribution, HighRisk
from assessments.domain.wording import answer_in_words
from reports.frozen.facts import DECIMALS, Facts
from reports.frozen.snapshot import ChallengeResult, Fact, Loss, Overall, Ref, Risk, StepResult

LOSSES_SHOWN = 6
LONGEST_ANSWER = 160


class Findings:
    def __init__(self, about: Facts) -> None:
        self.about, self.guide, self.plan = about, about.guide, about.plan
        self.answers, self.scorecard = about.answers, about.scorecard

    def overall(self) -> Overall:
        overall = self.scorecard.overall
        return Overall(
            score=_rounded(overall.score),
            low=_rounded(overall.low),
            high=_rounded(overall.high),
            band=overall.band or "",
            confidence=round(overall.confidence, DECIMALS),
            answered=sum(step.answered for step in self.scorecard.steps),
            asked=sum(step.asked for step in self.scorecard.steps),
        )

    def profile(self) -> tuple[Fact, ...]:
        said = (
            (
                question.title,
                answer_in_words(question, self.answers.get(question.id, UNANSWERED)),
            )
            for question in self.guide.profile_questions
        )
        return tuple(Fact(label, value) for label, value in said if value)

    def steps(self) -> tuple[StepResult, ...]:
        return tuple(
            StepResult(
                id=step.id,
                number=step.number,
                title=step.title,
                score=_rounded(result.score),
                low=_rounded(result.low),
                high=_rounded(result.high),
                band=result.band or "",
                confidence=round(result.confidence, DECIMALS),
                capped_by=tuple(self.about.question(q) for q in result.capped_by),
                losses=self._losses(result.contributions),
            )
            for step in self.guide.steps
            for result in (self.scorecard.step(step.id),)
        )

    def challenges(self) -> tuple[ChallengeResult, ...]:
        return tuple(
            ChallengeResult(
                id=challenge.id,
                title=challenge.title,
                short=challenge.short,
                description=challenge.description,
                score=_rounded(result.score),
                low=_rounded(result.low),
                high=_rounded(result.high),
                band=result.band or "",
                usual=result.usual,
                worse_than_usual=_rounded(result.worse_than_usual),
                rank=result.rank,
                confidence=round(result.confidence, DECIMALS),
                mitigation=challenge.mitigation,
                reasons=self._losses(result.contributions),
            )
            for result in self.scorecard.exposures
            for challenge in (self.guide.challenge(result.challenge),)
        )

    def _losses(self, contributions: Iterable[Contribution]) -> tuple[Loss, ...]:
        worst = sorted(contributions, key=lambda c: (-round(c.points, DECIMALS), c.question))
        return tuple(
            Loss(
                self.about.question(c.question), round(c.points, DECIMALS), self._answer(c.question)
            )
            for c in worst[:LOSSES_SHOWN]
            if round(c.points, DECIMALS) > 0
        )

    def risks(self) -> tuple[Risk, ...]:
        return tuple(self._risk(risk) for risk in self.scorecard.high_risks)

    def _risk(self, risk: HighRisk) -> Risk:
        answer = self.answers.get(risk.question, UNANSWERED)
        return Risk(
            question=self.about.question(risk.question),
            step=self._step_of(risk.question),
            reason=risk.reason,
            initiatives=tuple(
                self.about.initiative(part["id"])
                for part in self.plan["initiatives"]
                if any(why["about"] == risk.question for why in part["why"])
            ),
            answer=answer_in_words(self.guide.question(risk.question), answer),
            basis=answer.basis.value if answer.basis else "",
            note=answer.note,
            is_shown=bool(answer.evidence or answer.confirmed) and not answer.expired,
        )

    def _answer(self, question_id: str) -> str:
        question = self.guide.question(question_id)
        answer = self.answers.get(question_id, UNANSWERED)
        return answer_in_words(question, answer, LONGEST_ANSWER).rstrip(".")

    def _step_of(self, question_id: str) -> Ref:
        step_id = self.guide.question(question_id).step
        known = {step.id: step.title for step in self.guide.steps}
        return Ref(step_id, known.get(step_id, ""))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)

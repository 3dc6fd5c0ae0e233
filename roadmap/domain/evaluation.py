"""Everything that follows from an answers file, as plain data: what `evaluate` prints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from assessments.domain.answers import AnswerSet
from assessments.domain.consistency import contradictions
from assessments.domain.proof import unconfirmed_questions
from assessments.domain.scoring import Contribution, Exposure, Readiness, Scorecard
from guide.model import Guide
from roadmap.domain.document import plan_document
from roadmap.domain.plan import Plan

Document = dict[str, Any]


def evaluation_document(
    guide: Guide, answers: AnswerSet, scorecard: Scorecard, plan: Plan, organization: str = ""
) -> Document:
    """`docs/evaluate-schema.json` describes it."""
    return {
        "guide": {"id": guide.id, "version": guide.version},
        "organization": organization,
        "profile": {
            question.id: answers[question.id].value
            for question in guide.profile_questions
            if question.id in answers
        },
        "readiness": {
            "overall": _score(scorecard.overall),
            "steps": [
                {
                    "id": step.step,
                    **_score(step),
                    "capped_by": list(step.capped_by),
                    "contributions": _contributions(step.contributions),
                }
                for step in scorecard.steps
            ],
        },
        "exposures": [
            {
                "id": exposure.challenge,
                **_score(exposure),
                "usual": exposure.usual,
                "worse_than_usual": exposure.worse_than_usual,
                "rank": exposure.rank,
                "contributions": _contributions(exposure.contributions),
            }
            for exposure in scorecard.exposures
        ],
        "high_risks": [
            {"question": risk.question, "reason": risk.reason} for risk in scorecard.high_risks
        ],
        "unconfirmed": [question.id for question in unconfirmed_questions(guide, answers)],
        "contradictions": [
            {
                "id": found.contradiction.id,
                "title": found.contradiction.title,
                "questions": [question.id for question in found.questions],
            }
            for found in contradictions(guide, answers)
        ],
        "plan": plan_document(guide, plan),
    }


def _score(part: Readiness | Exposure) -> Document:
    return {
        "score": part.score,
        "low": part.low,
        "high": part.high,
        "band": part.band,
        "confidence": part.confidence,
    }


def _contributions(parts: Iterable[Contribution]) -> list[Document]:
    return [
        {
            "question": part.question,
            "weight": part.weight,
            "value": part.value,
            "points": part.points,
        }
        for part in parts
    ]

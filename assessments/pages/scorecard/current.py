"""The answers and the score an assessment shows now."""

from accounts.tenancy import Access
from assessments.domain.answers import AnswerSet
from assessments.domain.scoring import Scorecard, score
from assessments.models import Assessment, Snapshot
from assessments.queries import answer_set
from assessments.stored_scorecard import scorecard_from_json


def scored(access: Access, assessment: Assessment) -> tuple[AnswerSet, Scorecard]:
    """Those of the snapshot once submitted, of the answers so far before. One query."""
    if assessment.is_submitted:
        snapshot = access.get(Snapshot, assessment=assessment)
        return snapshot.answer_set(), scorecard_from_json(snapshot.scorecard)
    answers = answer_set(assessment)
    return answers, score(assessment.guide, answers)

"""How a step's workshop ended: what was settled, parked, known by nobody, and still open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.domain.answers import AnswerState
from assessments.models import Assessment, ParkedTalk
from assessments.pages.room.seats import Settled, newest_settlements
from assessments.pages.workshop.showing import talkable
from assessments.queries import answer_rows, domain_answers
from guide.model import Question, Step


@dataclass(frozen=True)
class Outcome:
    step: Step
    settled: Sequence[tuple[Question, Settled]]
    unknown: Sequence[tuple[Question, Settled]]
    parked: Sequence[Question]
    open: Sequence[Question]
    questions: Sequence[Question]


def step_outcome(assessment: Assessment, step: Step) -> Outcome:
    """Four queries, however long the step is."""
    questions = talkable(assessment, step, domain_answers(answer_rows(assessment)))
    return _outcome(step, questions, newest_settlements(assessment), parked_ids(assessment))


def parked_ids(assessment: Assessment) -> set[str]:
    rows = ParkedTalk.objects.filter(assessment=assessment)
    return set(rows.values_list("question_id", flat=True))


def _outcome(
    step: Step, questions: Sequence[Question], settlements: dict[str, Settled], parked: set[str]
) -> Outcome:
    # A settlement that was changed afterwards settles nothing any more.
    done = {q.id: s for q in questions if (s := settlements.get(q.id)) and s.is_current}
    unknown = {key for key, s in done.items() if s.row.settled.get("state") == AnswerState.UNKNOWN}
    return Outcome(
        step=step,
        settled=[(q, done[q.id]) for q in questions if q.id in done and q.id not in unknown],
        unknown=[(q, done[q.id]) for q in questions if q.id in unknown],
        parked=[q for q in questions if q.id in parked and q.id not in done],
        open=[q for q in questions if q.id not in done and q.id not in parked],
        questions=questions,
    )

"""High claims need proof: which answers claim much and show nothing for it."""

from __future__ import annotations

from assessments.domain.answers import Answer, AnswerSet, AnswerState
from assessments.domain.applicability import asked_questions
from guide.model import MAX_LEVEL, Guide, Question


def needs_proof(guide: Guide, question: Question, answer: Answer) -> bool:
    """Whether the answer claims a level above the one the guide takes on trust."""
    return (
        question.kind == "level"
        and answer.state is AnswerState.ANSWERED
        and int(answer.value) > guide.proof_level
    )


def is_unconfirmed(guide: Guide, question: Question, answer: Answer) -> bool:
    """Whether it needs proof and has neither valid evidence nor anyone who stands for it."""
    return needs_proof(guide, question, answer) and not answer.evidence and not answer.confirmed


def unconfirmed_questions(guide: Guide, answers: AnswerSet) -> tuple[Question, ...]:
    """The questions whose answers are unconfirmed, in the guide's order."""
    return tuple(
        question
        for question in asked_questions(guide, answers)
        if question.id in answers and is_unconfirmed(guide, question, answers[question.id])
    )


def proven_value(guide: Guide, question: Question, answer: Answer, value: float) -> float:
    """What of ``value`` is left if an unconfirmed claim holds only as far as it is trusted."""
    if is_unconfirmed(guide, question, answer):
        return min(value, guide.proof_level / MAX_LEVEL)
    return value

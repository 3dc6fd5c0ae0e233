"""Which questions an organization is asked, and why another is not."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.domain.answers import Answer, AnswerSet, AnswerState
from assessments.domain.facts import AnswerFacts
from guide.model import Guide, Question, Regime


@dataclass(frozen=True)
class Applicability:
    """Whether a question is asked; ``reason`` says why not."""

    asked: bool
    reason: str = ""


ASKED = Applicability(asked=True)


def applicable(guide: Guide, answers: AnswerSet) -> dict[str, Applicability]:
    """For every question of the guide, whether it is asked.

    A question is dropped only when its rule is certainly false: as long as an answer the rule
    needs is missing, it is asked.
    """
    facts = AnswerFacts(guide, answers)
    found: dict[str, Applicability] = {}
    for question in guide.questions.values():
        asked = question.applies is None or question.applies.evaluate(facts) is not False
        found[question.id] = ASKED if asked else Applicability(False, question.not_asked)
    return found


def asked_questions(guide: Guide, answers: AnswerSet) -> tuple[Question, ...]:
    """The questions that are asked, in the guide's order."""
    switches = applicable(guide, answers)
    return tuple(q for q in guide.questions.values() if switches[q.id].asked)


def effective_answers(guide: Guide, answers: AnswerSet) -> dict[str, Answer]:
    """The answers, with those to questions that are not asked counted as not applicable."""
    switches = applicable(guide, answers)
    return {
        question_id: Answer(AnswerState.NOT_APPLICABLE, reason=switch.reason)
        if not switch.asked
        else answers[question_id]
        for question_id, switch in switches.items()
        if not switch.asked or question_id in answers
    }


def applicable_regimes(guide: Guide, answers: AnswerSet) -> tuple[Regime, ...]:
    """The bodies of rules that apply to this profile; only their controls are cited."""
    facts = AnswerFacts(guide, answers)
    return tuple(regime for regime in guide.regimes if regime.applies.holds(facts))

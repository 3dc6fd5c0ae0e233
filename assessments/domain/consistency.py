"""Answers that hardly go together, found by the guide's rules. They are shown and block nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assessments.domain.answers import AnswerSet
from assessments.domain.applicability import applicable
from assessments.domain.facts import AnswerFacts
from guide.model import Contradiction, Guide, Question


@dataclass(frozen=True)
class FoundContradiction:
    """A contradiction with the questions whose answers make it."""

    contradiction: Contradiction
    questions: tuple[Question, ...]

    def touches(self, question_ids: Iterable[str]) -> bool:
        """Whether one of its questions is among these."""
        return any(question.id in set(question_ids) for question in self.questions)


def contradictions(guide: Guide, answers: AnswerSet) -> tuple[FoundContradiction, ...]:
    """The guide's contradictions whose rule is certainly true, in the guide's order.

    Only where all their questions are asked: an answer left over from before a question fell away
    says nothing any more.
    """
    if not guide.contradictions:
        return ()
    switches = applicable(guide, answers)
    facts = AnswerFacts(guide, answers)
    found = []
    for rule in guide.contradictions:
        questions = tuple(guide.question(question_id) for question_id in rule.questions)
        if all(switches[question.id].asked for question in questions) and rule.when.holds(facts):
            found.append(FoundContradiction(rule, questions))
    return tuple(found)

"""Answers as the facts that rules look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessments.domain.answers import UNANSWERED, Answer, AnswerSet, AnswerState
from guide.model import Guide
from guide.references import find_reference


@dataclass(frozen=True)
class AnswerFacts:
    """Implements ``guide.rules.Facts`` over an answer set."""

    guide: Guide
    answers: AnswerSet

    def _answer(self, ref: str) -> tuple[Answer, str]:
        found = find_reference(self.guide, ref)
        if found is None:
            return UNANSWERED, ""
        question, field = found
        return self.answers.get(question.id, UNANSWERED), field.id if field else ""

    def state(self, ref: str) -> str:
        answer, field = self._answer(ref)
        if field and answer.state is AnswerState.ANSWERED and field not in (answer.value or {}):
            return AnswerState.UNANSWERED.value
        return answer.state.value

    def value(self, ref: str) -> Any:
        answer, field = self._answer(ref)
        if field and isinstance(answer.value, Mapping):
            return answer.value.get(field)
        return answer.value

    def question_id(self, ref: str) -> str:
        """The id of the question a reference means, or an empty text."""
        found = find_reference(self.guide, ref)
        return found[0].id if found else ""

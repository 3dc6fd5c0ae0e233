"""What to say, above a page of answers, about their proof: never in the way, always with a link."""

from collections.abc import Collection
from dataclasses import dataclass

from assessments.domain.answers import AnswerSet
from assessments.domain.applicability import asked_questions
from assessments.domain.consistency import FoundContradiction, contradictions
from assessments.domain.proof import unconfirmed_questions
from guide.model import Guide, Question


@dataclass(frozen=True)
class ProofNotes:
    contradictions: tuple[FoundContradiction, ...] = ()
    unconfirmed: tuple[Question, ...] = ()
    expired: tuple[Question, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.contradictions or self.unconfirmed or self.expired)


def proof_notes(
    guide: Guide, answers: AnswerSet, only: Collection[str] | None = None
) -> ProofNotes:
    """The notes of all answers, or of those that touch the questions `only`."""

    def of_page(questions: Collection[Question]) -> tuple[Question, ...]:
        return tuple(q for q in questions if only is None or q.id in only)

    expired = [q for q in asked_questions(guide, answers) if q.id in answers]
    return ProofNotes(
        contradictions=tuple(
            found for found in contradictions(guide, answers) if only is None or found.touches(only)
        ),
        unconfirmed=of_page(unconfirmed_questions(guide, answers)),
        expired=of_page([q for q in expired if answers[q.id].expired]),
    )

"""What stands beside each question of a page: a few grouped queries for all of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count

from accounts.models import User
from assessments.domain.proof import is_unconfirmed, needs_proof
from assessments.models import Answer, Assessment, Assignment, Comment, SeatAnswer, Suggestion
from guide.model import Question


@dataclass(frozen=True)
class Aside:
    """The facts about one question that lead to its own page."""

    evidence: int = 0
    # A high answer that was just given: whether there is evidence is not known here.
    needs_proof: bool = False
    is_expired: bool = False
    is_unconfirmed: bool = False
    comments: int = 0
    seats: int = 0
    # Levels between the lowest and the highest seat; None where they can't be compared.
    spread: int | None = None
    assignee: User | None = None
    # How many others are asked for the same question.
    others_asked: int = 0
    due_on: date | None = None
    suggestion: Suggestion | None = None

    def __bool__(self) -> bool:
        return self != Aside()


def asides_for(assessment: Assessment, rows: Mapping[str, Answer]) -> dict[str, Aside]:
    """The aside of every question that has anything to say: four queries, however many there are.

    `rows` are the stored answers as `answer_rows` gives them.
    """
    found: dict[str, Aside] = {}

    def note(question_id: str, **facts: object) -> None:
        found[question_id] = replace(found.get(question_id, Aside()), **facts)  # type: ignore[arg-type]

    for question_id, row in rows.items():
        question = assessment.guide.questions.get(question_id)
        if question is not None:
            found[question_id] = proof_aside(assessment, question, row)
    comments = Comment.objects.filter(assessment=assessment, withdrawn_at=None).order_by()
    for part in comments.values("question_id").annotate(number=Count("pk")):
        note(part["question_id"], comments=part["number"])
    for question_id, (seats, spread) in _spreads(assessment).items():
        note(question_id, seats=seats, spread=spread)
    for suggestion in Suggestion.objects.filter(assessment=assessment):
        note(suggestion.question_id, suggestion=suggestion)
    asked = Assignment.objects.filter(assessment=assessment, scope="question")
    for assignment in asked.select_related("assignee"):
        known = found.get(assignment.target, Aside())
        if known.assignee is not None:
            note(assignment.target, others_asked=known.others_asked + 1)
            continue
        note(assignment.target, assignee=assignment.assignee, due_on=assignment.due_on)
    return found


def proof_aside(assessment: Assessment, question: Question, row: Answer | None) -> Aside:
    """What the answer's own row tells, without a query: evidence, dates, confirmation."""
    if row is None:
        return Aside()
    answer = row.to_domain()
    if not row.knows_evidence:
        is_high = needs_proof(assessment.guide, question, answer) and not answer.confirmed
        return Aside(needs_proof=is_high, is_expired=row.is_past_its_date)
    return Aside(
        evidence=row.valid_evidence_count,
        is_expired=row.is_expired,
        is_unconfirmed=is_unconfirmed(assessment.guide, question, answer),
    )


def _spreads(assessment: Assessment) -> dict[str, tuple[int, int | None]]:
    """By question: how many seats answered, and how many levels lie between the answers."""
    levels: dict[str, list[int]] = {}
    seats: dict[str, set[str]] = {}
    answers = SeatAnswer.objects.filter(assessment=assessment)
    for question_id, seat, value in answers.values_list("question_id", "seat", "value"):
        seats.setdefault(question_id, set()).add(seat)
        question = assessment.guide.questions.get(question_id)
        if question is not None and question.kind == "level" and isinstance(value, int):
            levels.setdefault(question_id, []).append(value)
    return {
        question_id: (
            len(heard),
            max(levels[question_id]) - min(levels[question_id])
            if len(levels.get(question_id, [])) > 1
            else None,
        )
        for question_id, heard in seats.items()
    }

"""What a newer guide, or the round before, left over: readable without the question it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assessments.enums import BasisOfAnswer
from assessments.models import Assessment, Assignment, Comment, Evidence


@dataclass
class ParkedEntry:
    """One question with everything that hung on it."""

    question_id: str
    # As it was stored: title, question, words, why, note, reason, by, at, version, seats, earlier.
    said: Mapping[str, Any]
    basis: str
    # Whether the guide still asks a question of this id, in another way.
    is_asked: bool
    evidence: list[Evidence] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)


def parked_page(assessment: Assessment) -> list[ParkedEntry]:
    """At most three queries, however much there is."""
    asked = assessment.guide.questions
    found = {
        question_id: ParkedEntry(question_id, said, _basis(said), question_id in asked)
        for question_id, said in sorted(assessment.parked.items())
    }
    gone = [question_id for question_id in found if question_id not in asked]
    if not gone:
        return list(found.values())
    for piece in Evidence.objects.filter(
        assessment=assessment, question_id__in=gone, removed_at=None
    ):
        found[piece.question_id].evidence.append(piece)
    for comment in Comment.objects.filter(
        assessment=assessment, question_id__in=gone, withdrawn_at=None
    ).select_related("author"):
        found[comment.question_id].comments.append(comment)
    for assignment in Assignment.objects.filter(
        assessment=assessment, scope="question", target__in=gone
    ).select_related("assignee"):
        found[assignment.target].assignments.append(assignment)
    return list(found.values())


def parked_in_words(assessment: Assessment) -> dict[str, str]:
    """One line for each parked answer, for the comments of an answers file."""
    return {
        question_id: ": ".join(
            str(part) for part in (said.get("title"), said.get("words"), said.get("note")) if part
        )
        for question_id, said in sorted(assessment.parked.items())
        if said.get("words") or said.get("note")
    }


def _basis(said: Mapping[str, Any]) -> str:
    basis = said.get("basis")
    return str(BasisOfAnswer(basis).label) if basis in BasisOfAnswer.values else ""

"""Who changed which answer from what to what: entries of the append-only record.

Free texts are not copied there. They may turn out to hold what has to be removed again, and what
is appended cannot be. So of notes, reasons and texts it says that they changed, and no more.
"""

from __future__ import annotations

from typing import Any

from accounts.audit import record
from accounts.models import User
from assessments.domain import answers as domain
from assessments.models import Answer, Assessment

TEXT_FIELDS = ("reason", "note")


def record_answer(
    assessment: Assessment,
    user: User | None,
    answer: Answer,
    before: domain.Answer | None,
    after: domain.Answer,
) -> None:
    """Note a change; call it in the transaction that makes it."""
    detail: dict[str, Any] = {"assessment": assessment.pk, "question": answer.question_id}
    if before is None or before.state != after.state:
        detail["state"] = [str(before.state) if before else "", str(after.state)]
    if before is None or before.value != after.value:
        detail["value"] = [_told(before.value if before else None), _told(after.value)]
    if before is None or before.basis != after.basis:
        detail["basis"] = [str(before.basis or "") if before else "", str(after.basis or "")]
    changed = [
        name
        for name in TEXT_FIELDS
        if (getattr(before, name) if before else "") != getattr(after, name)
    ]
    if changed:
        detail["texts"] = changed
    record(
        organization=assessment.organization,
        actor=user,
        verb="answer.changed" if before else "answer.given",
        target=answer,
        detail=detail,
        name=_name(assessment, answer.question_id),
    )


def _name(assessment: Assessment, question_id: str) -> str:
    question = assessment.guide.questions.get(question_id)
    return f"{question_id} {question.title}" if question else question_id


def _told(value: Any) -> Any:
    """Levels, choices and numbers as they are; of a table its rows, of a text its length."""
    if isinstance(value, str):
        # Ids of options are short and have no spaces; anything else is somebody's words.
        return value if len(value) <= 40 and " " not in value else {"characters": len(value)}
    if isinstance(value, list) and any(isinstance(part, dict) for part in value):
        return {"rows": len(value)}
    if isinstance(value, list):
        return [_told(part) for part in value]
    if isinstance(value, dict):
        return {name: _told(part) for name, part in value.items()}
    return value

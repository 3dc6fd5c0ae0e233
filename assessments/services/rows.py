"""Adding, changing and removing one row of a table question."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from assessments.domain import answers as domain
from assessments.models import Answer, Assessment
from assessments.services.answers import (
    AnswerInvalid,
    StaleAnswer,
    find_question,
    in_plain_words,
    lock_draft,
    store_answer,
)


def row_save(
    *,
    assessment: Assessment,
    user: User | None,
    question_id: str,
    row: int | None,
    cells: dict[str, Any],
    version: int,
) -> Answer:
    """Add a row (`row` is None) or change the row of that number, counted from 0.

    A new row never collides with what others did to the table; a changed one does.
    """
    question = find_question(assessment, question_id)
    if question.kind != "table":
        raise AnswerInvalid([_("This question has no table.")])
    try:
        clean = domain.clean_row(question, cells)
    except domain.AnswerError as error:
        raise AnswerInvalid([in_plain_words(question, m) for m in error.messages]) from None
    if not clean:
        raise AnswerInvalid([_("Fill in at least one field of the row, or cancel.")])
    with transaction.atomic():
        lock_draft(assessment)
        current, rows = _table(assessment, question.id)
        if row is None:
            version = current.version if current else 0
            rows = [*rows, clean]
        else:
            _check_row(current, rows, row, version)
            rows = [clean if number == row else old for number, old in enumerate(rows)]
        return _store(assessment, user, question.id, rows, current, version)


def row_remove(
    *, assessment: Assessment, user: User | None, question_id: str, row: int, version: int
) -> Answer:
    """Take the row of that number out. The last row gone leaves the question unanswered."""
    question = find_question(assessment, question_id)
    with transaction.atomic():
        lock_draft(assessment)
        current, rows = _table(assessment, question.id)
        _check_row(current, rows, row, version)
        rest = [old for number, old in enumerate(rows) if number != row]
        return _store(assessment, user, question.id, rest, current, version)


def _table(assessment: Assessment, question_id: str) -> tuple[Answer | None, list[dict[str, Any]]]:
    current = (
        Answer.objects.select_related("updated_by")
        .filter(assessment=assessment, question_id=question_id)
        .first()
    )
    return current, list(current.value or []) if current else []


def _check_row(current: Answer | None, rows: list[dict[str, Any]], row: int, version: int) -> None:
    if current is None:
        raise AnswerInvalid([_("This row is gone: the table is empty.")])
    # Row numbers mean something only in the version of the table they were read from.
    if current.version != version or not 0 <= row < len(rows):
        raise StaleAnswer(current)


def _store(
    assessment: Assessment,
    user: User | None,
    question_id: str,
    rows: list[dict[str, Any]],
    current: Answer | None,
    version: int,
) -> Answer:
    if len(rows) > domain.MAX_ROWS:
        raise AnswerInvalid(
            [_("A table holds at most %s rows. Keep the most important ones.") % domain.MAX_ROWS]
        )
    old = current.to_domain() if current else domain.UNANSWERED
    state = domain.AnswerState.ANSWERED if rows else domain.AnswerState.UNANSWERED
    given = domain.Answer(state, rows or None, note=old.note, basis=old.basis)
    return store_answer(assessment, user, question_id, given, version)

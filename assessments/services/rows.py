"""Adding, changing and removing one row of a table question."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from assessments.domain import answers as domain
from assessments.models import Answer, Assessment
from assessments.services.answers import (
    AnswerInvalid,
    StaleAnswer,
    fields_of,
    find_question,
    in_plain_words,
    lock_draft,
    replace_answer,
    stored_answer,
)


def row_save(
    *,
    assessment: Assessment,
    user: User | None,
    question_id: str,
    row: int | None,
    cells: dict[str, Any],
    was: str = "",
) -> Answer:
    """Add a row (`row` is None) or change the row of that number, counted from 0.

    `was` is the fingerprint of the row as it was opened. People may work on different rows of
    one table at the same time; only a row that itself was changed or removed raises StaleAnswer.
    """
    question = find_question(assessment, question_id)
    if question.kind != "table":
        raise AnswerInvalid([_("This question has no table.")])
    try:
        clean = domain.clean_row(question, cells)
    except domain.AnswerError as error:
        messages = [in_plain_words(question, message) for message in error.messages]
        raise AnswerInvalid(messages, fields_of(question, error.messages)) from None
    if not clean:
        raise AnswerInvalid([_("Fill in at least one field of the row, or cancel.")])
    with transaction.atomic():
        lock_draft(assessment)
        current, rows = _table(assessment, question.id)
        if row is None:
            rows = [*rows, clean]
        else:
            place = _find_row(current, rows, row, was)
            rows = [clean if number == place else old for number, old in enumerate(rows)]
        return store_rows(assessment, user, question.id, rows, current)


def row_remove(
    *, assessment: Assessment, user: User | None, question_id: str, row: int, was: str
) -> Answer:
    """Take the row of that number out. The last row gone leaves the question unanswered."""
    question = find_question(assessment, question_id)
    with transaction.atomic():
        lock_draft(assessment)
        current, rows = _table(assessment, question.id)
        place = _find_row(current, rows, row, was)
        rest = [old for number, old in enumerate(rows) if number != place]
        return store_rows(assessment, user, question.id, rest, current)


def row_fingerprint(row: dict[str, Any]) -> str:
    """Tells whether a row is still the one that was opened."""
    return hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:16]


def _table(assessment: Assessment, question_id: str) -> tuple[Answer | None, list[dict[str, Any]]]:
    current = stored_answer(assessment, question_id)
    return current, list(current.value or []) if current else []


def _find_row(current: Answer | None, rows: list[dict[str, Any]], row: int, was: str) -> int:
    """Where the row stands now: its number moves when others add or remove rows above it."""
    if current is None:
        raise AnswerInvalid([_("This row is gone: the table is empty.")])
    same = [number for number, old in enumerate(rows) if row_fingerprint(old) == was]
    if not same:
        raise StaleAnswer(current)
    return row if row in same else same[0]


def store_rows(
    assessment: Assessment,
    user: User | None,
    question_id: str,
    rows: list[dict[str, Any]],
    current: Answer | None,
) -> Answer:
    """Write all rows of a table, its note and basis kept; call it inside the transaction."""
    if len(rows) > domain.MAX_ROWS:
        raise AnswerInvalid(
            [_("A table holds at most %s rows. Keep the most important ones.") % domain.MAX_ROWS]
        )
    old = current.to_domain() if current else domain.UNANSWERED
    state = domain.AnswerState.ANSWERED if rows else domain.AnswerState.UNANSWERED
    given = domain.Answer(state, rows or None, note=old.note, basis=old.basis)
    version = current.version if current else 0
    return replace_answer(current, assessment, user, question_id, given, version)

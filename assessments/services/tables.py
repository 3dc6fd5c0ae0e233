"""Taking the rows of a file into a table question: all of them, or none."""

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from assessments.domain.answers import MAX_ROWS
from assessments.domain.table_changes import Changes, TakeIn, changes
from assessments.models import Answer, Assessment, TableUpload
from assessments.services.answers import (
    AnswerInvalid,
    StaleAnswer,
    find_question,
    lock_draft,
    stored_answer,
)
from assessments.services.rows import store_rows

UPLOADS_WAIT = timedelta(days=2)


@transaction.atomic
def upload_keep(
    *,
    assessment: Assessment,
    user: User,
    question_id: str,
    file_name: str,
    content: dict[str, Any],
) -> TableUpload:
    """Keep the rows of a file until its sender says what to do with them, or sends another.

    `content` has clean `rows`, the `columns` of the file, and `notes` on how it was read.
    """
    question = find_question(assessment, question_id)
    uploads = TableUpload.objects.filter(assessment=assessment)
    uploads.filter(sent_by=user, question_id=question.id).delete()
    uploads.filter(created_at__lt=timezone.now() - UPLOADS_WAIT).delete()
    return TableUpload.objects.create(
        assessment=assessment,
        question_id=question.id,
        file_name=file_name[:200],
        content=content,
        sent_by=user,
    )


def upload_changes(
    assessment: Assessment, upload: TableUpload, current: Answer | None, how: TakeIn
) -> Changes:
    """What the upload would do to the table as it is now."""
    question = find_question(assessment, upload.question_id)
    there = list(current.value or []) if current else []
    return changes(question, there, upload.content["rows"], upload.content["columns"], how)


def table_import(
    *, assessment: Assessment, user: User, upload: TableUpload, how: TakeIn, version: int
) -> Changes:
    """Take the upload's rows in, given the `version` of the table its preview was made for.

    Raises:
        StaleAnswer: the table was changed in the meantime; the upload is kept.
        AnswerInvalid: the table would hold too many rows.
        AssessmentClosed: the assessment is submitted.
    """
    try:
        with transaction.atomic():
            lock_draft(assessment)
            return _take_in(assessment, user, upload, how, version)
    except IntegrityError:
        # Someone's first answer came in between, past the lock.
        winner = stored_answer(assessment, upload.question_id)
        if winner is None:
            raise
        raise StaleAnswer(winner) from None


def _take_in(
    assessment: Assessment, user: User, upload: TableUpload, how: TakeIn, version: int
) -> Changes:
    current = stored_answer(assessment, upload.question_id)
    if current is not None and current.version != version:
        raise StaleAnswer(current)
    found = upload_changes(assessment, upload, current, how)
    if len(found.rows) > MAX_ROWS:
        raise AnswerInvalid([too_many_rows(len(found.rows))])
    store_rows(assessment, user, upload.question_id, list(found.rows), current)
    record(
        organization=assessment.organization,
        actor=user,
        verb="table.imported",
        target=assessment,
        detail={
            "question": upload.question_id,
            "file": upload.file_name,
            "how": str(how),
            "added": len(found.added),
            "changed": len(found.changed),
            "removed": len(found.others) if how is TakeIn.REPLACE else 0,
        },
    )
    upload.delete()
    return found


def too_many_rows(count: int) -> str:
    return _(
        "Together with the rows that are there the table would have %(count)s rows, and it holds "
        "at most %(most)s. Replace the rows, or take some out of the file."
    ) % {"count": f"{count:,}", "most": f"{MAX_ROWS:,}"}

from assessments.services.answers import (
    NOTE_LIMIT,
    REASON_LIMIT,
    AnswerInvalid,
    AssessmentClosed,
    Expiry,
    StaleAnswer,
    answer_save,
    stored_answer,
)
from assessments.services.assessments import (
    AssessmentIncomplete,
    assessment_create,
    assessment_import,
    assessment_submit,
)
from assessments.services.rows import row_fingerprint, row_remove, row_save

__all__ = [
    "NOTE_LIMIT",
    "REASON_LIMIT",
    "AnswerInvalid",
    "AssessmentClosed",
    "AssessmentIncomplete",
    "Expiry",
    "StaleAnswer",
    "answer_save",
    "assessment_create",
    "assessment_import",
    "assessment_submit",
    "row_fingerprint",
    "row_remove",
    "row_save",
    "stored_answer",
]

"""The kinds of notices about assessments, registered when the app is ready."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from inbox.kinds import NoticeKind, register_kind

ASSIGNMENT = "assessments.assignment"
REMINDER = "assessments.assignment_reminder"
MENTION = "assessments.mention"
EXPIRED = "assessments.answers_expired"


def register() -> None:
    for kind in KINDS:
        register_kind(kind)


KINDS = (
    NoticeKind(
        ASSIGNMENT,
        _("Questions given to you"),
        _("Somebody asks you to answer part of an assessment."),
        mailed=True,
    ),
    NoticeKind(
        REMINDER,
        _("Your questions are due"),
        _("The day before your questions are due, and once when the day has passed."),
        mailed=True,
    ),
    NoticeKind(
        MENTION,
        _("You are named in a comment on a question"),
        _("Somebody names you in a comment of an assessment."),
        mailed=True,
    ),
    NoticeKind(
        EXPIRED,
        _("Answers of yours are past their date"),
        _("An answer, or all evidence of it, is to be looked at again."),
        mailed=True,
    ),
)

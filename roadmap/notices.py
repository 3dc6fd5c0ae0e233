"""The kinds of notices about work, registered when the app is ready."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from inbox.kinds import NoticeKind, register_kind
from roadmap.services.work.telling import ASSIGNED, BLOCKED_ON_YOU, DUE, MENTIONED


def register() -> None:
    for kind in KINDS:
        register_kind(kind)


KINDS = (
    NoticeKind(
        ASSIGNED,
        _("Work given to you"),
        _("Somebody made you the owner of an initiative."),
        mailed=True,
    ),
    NoticeKind(
        MENTIONED,
        _("You are named in a comment on work"),
        _("Somebody names you in a comment on an initiative or a gate."),
        mailed=True,
    ),
    NoticeKind(
        DUE,
        _("Your work is due"),
        _("Three days before an initiative of yours should be finished, and the day after."),
        mailed=True,
    ),
    NoticeKind(
        BLOCKED_ON_YOU,
        _("Work waits for you"),
        _("An initiative is blocked, and somebody says that you can help it on."),
        mailed=True,
    ),
)

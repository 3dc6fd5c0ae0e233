"""What the history's entries of this app mean to a reader."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.history import register_history


def register() -> None:
    register_history(kinds={"report": _("Reports")}, verbs=VERBS)


VERBS = {"report.requested": _("asked for a report")}

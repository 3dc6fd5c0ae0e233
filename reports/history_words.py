"""What the history's entries of this app mean to a reader."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.history import register_history


def register() -> None:
    register_history(
        kinds={
            "report": _("Reports"),
            "share": _("Shared addresses"),
            "brand": _("Look of documents"),
        },
        verbs=VERBS,
    )


VERBS = {
    "report.requested": _("asked for a report"),
    "brand.changed": _("changed how documents look"),
    "share.report": _("shared a report by an address"),
    "share.plan": _("shared the live plan by an address"),
    "share.ended": _("ended an address that was shared"),
}

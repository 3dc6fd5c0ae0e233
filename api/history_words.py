"""What the history's entries of this app mean to a reader."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.history import register_history


def register() -> None:
    register_history(
        kinds={"token": _("API"), "webhook": _("Webhooks")},
        verbs={
            "token.made": _("made an API token"),
            "token.ended": _("ended an API token"),
            "webhook.made": _("added an address for webhooks"),
            "webhook.renewed": _("renewed the secret of a webhook"),
            "webhook.went_on": _("let a stopped webhook go on"),
            "webhook.ended": _("ended a webhook"),
        },
    )

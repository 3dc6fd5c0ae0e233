"""What the history's entries of this app mean to a reader."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.history import register_history


def register() -> None:
    register_history(
        kinds={"token": _("API")},
        verbs={"token.made": _("made an API token"), "token.ended": _("ended an API token")},
    )

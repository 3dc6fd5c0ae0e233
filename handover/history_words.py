"""What the entries of this app mean to a reader."""

from django.utils.translation import gettext_lazy as _

from accounts.history import register_history


def register() -> None:
    register_history(
        kinds={"handover": _("Hand-over")},
        verbs={
            "handover.asked": _("asked for an archive of everything"),
            "handover.downloaded": _("downloaded the archive of everything"),
            "handover.imported": _("brought in everything of an archive"),
            "handover.matched": _("took up what the archive tells of them"),
        },
        fields={
            "sha256": _("SHA-256 of the file"),
            "rows": _("entries"),
            "chain": _("newest seal of the history there"),
            "name": _("organization in the archive"),
        },
    )

"""What the entries of this app mean to a reader."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.history import register_history


def register() -> None:
    register_history(
        kinds={
            "note": _("Private notes"),
            "client_template": _("Templates for clients"),
            "clients": _("Actions for several clients"),
        },
        verbs={
            "note.written": _("wrote a private note about"),
            "note.changed": _("changed a private note about"),
            "note.deleted": _("deleted a private note about"),
            "client_template.made": _("made the template"),
            "client_template.changed": _("changed the template"),
            "client_template.deleted": _("deleted the template"),
            "clients.acted_for": _("acted for several clients:"),
            "assignment.reminded": _("reminded people of their questions in"),
            "work.reminded": _("reminded people of late work in"),
        },
        fields={
            "action": _("action"),
            "clients": _("clients"),
            "people": _("people"),
        },
        values={},
        links={},
    )

"""What the entries of this app mean to a reader."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.history import register_history
from accounts.models import AuditEntry


def register() -> None:
    register_history(
        kinds={
            "organization": _("Organization"),
            "member": _("Members"),
            "invitation": _("Invitations"),
            "engagement": _("Engagements"),
        },
        verbs={
            "organization.created": _("created the organization"),
            "organization.changed": _("changed the settings"),
            "member.joined": _("joined"),
            "member.left": _("left"),
            "member.removed": _("removed a member"),
            "member.role_changed": _("changed a role"),
            "invitation.sent": _("invited"),
            "invitation.resent": _("invited again"),
            "invitation.revoked": _("took an invitation back"),
            "engagement.asked": _("asked for access to"),
            "engagement.withdrawn": _("took the request back that was made to"),
            "engagement.granted": _("agreed an engagement with"),
            "engagement.changed": _("changed the engagement with"),
            "engagement.ended": _("ended the engagement with"),
        },
        fields={
            "role": _("role"),
            "name": _("name"),
            "kind": _("kind"),
            "time_zone": _("time zone"),
            "language": _("language"),
            "reason": _("reason"),
            "areas": _("parts"),
            "until": _("until"),
            "advises": _("advises others"),
            "status": _("status"),
        },
        values={role.value: role.label for role in Role},
        links={
            "accounts.membership": _members,
            "accounts.invitation": _members,
            "accounts.organization": _settings,
        },
    )


def _members(entry: AuditEntry, slug: str) -> str:
    return reverse("accounts:members", args=[slug])


def _settings(entry: AuditEntry, slug: str) -> str:
    return reverse("accounts:organization_settings", args=[slug])

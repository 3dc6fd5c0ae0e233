"""The systems whose delivery is watched."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class System(models.Model):
    """One system under way: what is deployed, who manages it, what is aimed at.

    `baselines`: metric → {"value", "from", "until", "note"} from before the change of ways;
    `targets`: metric → value. `fix_limits`: severity → days within which a vulnerability is to be
    fixed. A vendor-managed system has no commits: its changes are timed by their tickets.
    """

    TENANT_PATH = "organization"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="systems"
    )
    name = models.CharField(_("name"), max_length=150)
    # How files and webhooks name it.
    key = models.SlugField(_("short name"), max_length=80)
    tier = models.PositiveSmallIntegerField(_("tier"), null=True, blank=True)
    is_vendor_managed = models.BooleanField(_("the vendor deploys it"), default=False)
    note = models.TextField(_("note"), blank=True)
    baselines = models.JSONField(default=dict)
    targets = models.JSONField(default=dict)
    fix_limits = models.JSONField(default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    # No longer watched: its records stay and count in nothing current.
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "key"], name="system_key_once")
        ]

    def __str__(self) -> str:
        return self.name

"""The pilot charter: one page that says what the pilot is, when it succeeds and when it stops."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PilotCharter(models.Model):
    """The chosen candidate of one submitted assessment and what was agreed about it.

    `candidate` is its row as it was chosen, `fit` what spoke for and against it then.
    `criteria`: list of {text, metric, baseline, target, by, aim}; `stop_rules`, `team`: lists.
    `system`: whose measured values the criteria are checked against, where one is named.
    `version` counts the saves; a save names the one it saw.
    """

    TENANT_PATH = "organization"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="charters"
    )
    snapshot = models.OneToOneField(
        "assessments.Snapshot", on_delete=models.RESTRICT, related_name="charter"
    )
    name = models.CharField(_("pilot"), max_length=200)
    candidate = models.JSONField(default=dict)
    fit = models.JSONField(default=dict)
    why = models.TextField(_("why this one"), blank=True)
    scope = models.TextField(_("scope"), blank=True)
    outside = models.TextField(_("outside the scope"), blank=True)
    criteria = models.JSONField(default=list)
    stop_rules = models.JSONField(default=list)
    team = models.JSONField(default=list)
    rollback = models.TextField(_("rollback plan"), blank=True)
    system = models.ForeignKey(
        "delivery.System", null=True, blank=True, on_delete=models.SET_NULL, related_name="charters"
    )
    version = models.PositiveIntegerField(default=0)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

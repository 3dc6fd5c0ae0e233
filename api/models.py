"""Who may call the API, and what was answered to calls that may come twice."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ApiToken(models.Model):
    """A key of one person to one organization's API. Only its digest is kept.

    It never allows more than the person may do now: role, engagement and parts are read anew with
    each call. A consultancy's token also reaches the clients that have let the consultancy in.
    """

    TENANT_PATH = "organization"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="api_tokens"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(_("name"), max_length=150)
    # Its first letters, to tell tokens apart in a list.
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    expires_on = models.DateField(_("good until"))
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    def is_good(self, now: datetime | None = None) -> bool:
        """Up to the end of its last day, where its organization is."""
        today = timezone.localdate(now, timezone=self.organization.zone)
        return self.revoked_at is None and today <= self.expires_on


class RepeatedRequest(models.Model):
    """What was answered to a POST with an Idempotency-Key, for when it comes again."""

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    # Of method, path and body: the same key for something else is a mistake.
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token", "key"], name="repeated_once_per_token_and_key")
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.status})"

"""Who may call the API, and what was answered to calls that may come twice."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.secret_addresses import new_nonce


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


class WebhookEndpoint(models.Model):
    """An address of another system that is told what happens here.

    Its secret is made from `secret_nonce` (accounts/secret_addresses.py) and kept nowhere. `cursor`
    is the number of the last seal of the history that was looked at.
    """

    TENANT_PATH = "organization"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="webhook_endpoints"
    )
    url = models.CharField(_("address"), max_length=500)
    # Of a consultancy's people who made it: nothing is sent once they are let in no longer.
    engagement = models.ForeignKey(
        "accounts.Engagement", null=True, on_delete=models.CASCADE, related_name="+"
    )
    events = models.JSONField(default=list)
    secret_nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    old_secret_nonce = models.CharField(max_length=32, blank=True, editable=False)
    old_secret_until = models.DateTimeField(null=True)
    cursor = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    # Stopped by us because nothing was taken for days; somebody may let it go on.
    stopped_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.url[:200]

    def is_active(self, now: datetime | None = None) -> bool:
        """Whether anything is sent there."""
        if self.ended_at or self.stopped_at:
            return False
        today = timezone.localdate(now, timezone=self.organization.zone)
        return self.engagement is None or self.engagement.is_open(today)


class WebhookDelivery(models.Model):
    """One event for one address: made once for each seal, sent until it is taken."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        TAKEN = "taken", _("taken")
        FAILED = "failed", _("given up")

    TENANT_PATH = "endpoint__organization"

    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries"
    )
    number = models.PositiveBigIntegerField()
    event = models.CharField(max_length=60)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    last_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    # What the other side said, or why nothing was heard.
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "number"], name="webhook_once_per_seal")
        ]
        indexes = [models.Index(fields=["state", "next_at"], name="webhooks_that_are_due")]

    def __str__(self) -> str:
        return f"{self.event} {self.message_id}"

    @property
    def message_id(self) -> str:
        """The same each time it is sent, so that the other side may tell what it has already."""
        return f"msg_{self.endpoint_id}_{self.number}"

"""What tools send: where it comes from, what arrived, and what was refused at the door."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.secret_addresses import new_nonce
from delivery.enums import EventState, SourceKind
from delivery.models.system import System


class Source(models.Model):
    """A tool that sends webhooks, with a secret of its own.

    Address and secret are made from `nonce` and `secret_nonce` (accounts/secret_addresses.py).
    `systems`: what the tool calls a project or repository → key of the system; what is not named
    goes to `system`, where there is one.
    """

    TENANT_PATH = "organization"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="webhook_sources"
    )
    name = models.CharField(_("name"), max_length=150)
    kind = models.CharField(_("kind"), max_length=10, choices=SourceKind.choices)
    nonce = models.CharField(max_length=32, default=new_nonce, unique=True, editable=False)
    secret_nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    # The one before, good until then: so that a tool can be given the new one in peace.
    old_secret_nonce = models.CharField(max_length=32, blank=True, editable=False)
    old_secret_until = models.DateTimeField(null=True)
    system = models.ForeignKey(
        System, null=True, blank=True, on_delete=models.SET_NULL, related_name="sources"
    )
    systems = models.JSONField(default=dict)
    # Names of environments that count as production, in lower case.
    production = models.JSONField(default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    renewed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # When its last event came before it fell silent; over as soon as there is a newer one.
    silent_since = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class InboundEvent(models.Model):
    """One accepted webhook, as it came. The worker reads it and says what became of it.

    `event_id` is the sender's own id of the delivery, or the hash of what it sent: the same again
    is a duplicate and is answered as such.
    """

    TENANT_PATH = "source__organization"

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="events")
    event_id = models.CharField(max_length=100)
    event_kind = models.CharField(max_length=60, blank=True)
    body = models.TextField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=EventState.choices, default=EventState.WAITING)
    # Why it was rejected or not needed, in words; what it became, as [model, id] pairs.
    reason = models.CharField(max_length=300, blank=True)
    made = models.JSONField(default=list)
    worked_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "event_id"], name="event_once_per_source")
        ]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(state="waiting"), name="events_waiting"),
            models.Index(fields=["source", "-received_at"], name="events_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.event_kind} {self.event_id}"


class RefusalCount(models.Model):
    """What was refused at the door, counted by hour and reason: nobody can fill the disk by it."""

    TENANT_PATH = "source__organization"

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="refusals")
    reason = models.CharField(max_length=40)
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    # What would help to find the fault: never a secret, never the body.
    last_detail = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-last_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "reason", "hour"], name="refusals_counted_by_hour"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.count}"

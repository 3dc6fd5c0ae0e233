"""What leaves the house without an account: status links, status mails, calendar feeds.

Their addresses are secrets made from `nonce` (accounts/secret_addresses.py): the database alone
gives none away, and a new nonce ends the old address.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.secret_addresses import new_nonce
from roadmap.enums import FeedScope, Rhythm
from roadmap.models.plan import Roadmap


class StatusLink(models.Model):
    """A status report that whoever holds the address may read until it ends."""

    TENANT_PATH = "roadmap__organization"

    roadmap = models.ForeignKey(Roadmap, on_delete=models.CASCADE, related_name="status_links")
    name = models.CharField(_("for whom"), max_length=150)
    nonce = models.CharField(max_length=32, default=new_nonce, unique=True, editable=False)
    password = models.CharField(max_length=128, blank=True)
    expires_on = models.DateField(_("ends after"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Through which whoever made it was let in; it ends with it, whoever has left meanwhile.
    engagement = models.ForeignKey(
        "accounts.Engagement", null=True, on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)
    views = models.PositiveIntegerField(default=0)
    last_viewed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class StatusMail(models.Model):
    """The status report as a PDF, sent to an address in a rhythm."""

    TENANT_PATH = "roadmap__organization"

    roadmap = models.ForeignKey(Roadmap, on_delete=models.CASCADE, related_name="status_mails")
    address = models.EmailField(_("e-mail address"))
    rhythm = models.CharField(max_length=8, choices=Rhythm.choices, default=Rhythm.WEEKLY)
    weekday = models.PositiveSmallIntegerField(default=0)
    hour = models.PositiveSmallIntegerField(default=7)
    nonce = models.CharField(max_length=32, default=new_nonce, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Through which whoever made it was let in; it ends with it, whoever has left meanwhile.
    engagement = models.ForeignKey(
        "accounts.Engagement", null=True, on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    # By whoever made it, or by its reader through the link in the mail.
    stopped_at = models.DateTimeField(null=True)
    last_sent_on = models.DateField(null=True)

    class Meta:
        ordering = ["address", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["roadmap", "address"],
                condition=models.Q(stopped_at=None),
                name="status_mailed_once_per_address",
            )
        ]

    def __str__(self) -> str:
        return self.address


class CalendarFeed(models.Model):
    """A person's secret calendar address in one organization."""

    TENANT_PATH = "organization"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="calendar_feeds"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feeds"
    )
    scope = models.CharField(max_length=8, choices=FeedScope.choices, default=FeedScope.MINE)
    nonce = models.CharField(max_length=32, default=new_nonce, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    renewed_at = models.DateTimeField(null=True)
    last_read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "person", "scope"], name="one_feed_per_person_and_scope"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.scope}"

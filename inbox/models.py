"""What people are told: notices in the inbox, and how each person wants to hear of them."""

from __future__ import annotations

from datetime import time

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.secret_addresses import new_nonce
from inbox.enums import Digest


class Notice(models.Model):
    """One thing a person is told. `kind` is registered (inbox/kinds.py); `path` leads there.

    `key` keeps the same thing from being told twice to the same person; empty: no such limit.
    """

    TENANT_PATH = "organization"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="notices"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    path = models.CharField(max_length=500)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    actor_name = models.CharField(max_length=254, blank=True)
    key = models.CharField(max_length=160, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    # The mail of its own, where there is one; and the digest that told of it.
    mail = models.ForeignKey("jobs.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    digested_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["organization", "person", "-created_at"], name="inbox_newest"),
            models.Index(
                fields=["organization", "person"],
                condition=models.Q(read_at=None),
                name="inbox_unread",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "person", "key"],
                condition=~models.Q(key=""),
                name="told_once_per_key",
            )
        ]

    def __str__(self) -> str:
        return self.title


class NoticeSettings(models.Model):
    """How a person wants to hear from one organization. No row: the defaults.

    `mails`: kind → whether it is mailed at once; a kind not named follows its own default. Times
    are those of the organization's time zone. `stopped_at`: no mail at all any more.
    """

    TENANT_PATH = "organization"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_settings"
    )
    digest = models.CharField(
        _("digest"), max_length=8, choices=Digest.choices, default=Digest.WEEKLY
    )
    digest_weekday = models.PositiveSmallIntegerField(_("day of the weekly digest"), default=0)
    digest_at = models.TimeField(_("time of the digest"), default=time(7))
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True, default=time(19))
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True, default=time(7))
    quiet_weekends = models.BooleanField(_("quiet on weekends"), default=True)
    mails = models.JSONField(default=dict)
    nonce = models.CharField(max_length=32, default=new_nonce, unique=True, editable=False)
    stopped_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "notice settings"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "person"], name="one_setting_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.digest}"

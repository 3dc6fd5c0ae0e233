"""What a client lets its consultancy do, and the address at which a consultancy asks for it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Area, Role
from accounts.models.tenants import Organization
from accounts.secret_addresses import new_nonce

REQUEST_LIFETIME = timedelta(days=30)
ENGAGED_ROLES = (Role.VIEWER, Role.CONTRIBUTOR, Role.EDITOR)


def request_expiry() -> datetime:
    return timezone.now() + REQUEST_LIFETIME


class Terms(models.Model):
    """What is asked for or granted. `areas`: values of `Area`; `until`: the last day."""

    role = models.CharField(
        _("role"), max_length=12, choices=[(role.value, role.label) for role in ENGAGED_ROLES]
    )
    areas = models.JSONField(_("parts"), default=list)
    until = models.DateField(_("until"))

    class Meta:
        abstract = True

    @property
    def granted_areas(self) -> frozenset[Area]:
        return frozenset(Area(value) for value in self.areas if value in Area.values)

    @property
    def area_labels(self) -> list[str]:
        return [str(area.label) for area in Area if area in self.granted_areas]


class Engagement(Terms):
    """A consultancy's access to a client: given by the client, and ended by either at once.

    Members of the consultancy then act with the lower of their role there and `role` here, in the
    parts granted, up to and including `until` in the client's time zone.
    """

    TENANT_PATH = "client"

    consultancy = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="engagements"
    )
    client = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="advisers")
    # Of a client that the consultancy itself started: it keeps the house until an owner comes.
    is_founding = models.BooleanField(default=False)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    granted_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["client__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultancy", "client"],
                condition=models.Q(ended_at=None),
                name="one_open_engagement_per_client",
            ),
            models.CheckConstraint(
                condition=~models.Q(consultancy=models.F("client")),
                name="nobody_advises_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consultancy} · {self.client}"

    def is_open(self, today: date) -> bool:
        """`today`: where the client is."""
        return self.ended_at is None and today <= self.until

    @property
    def ended_on(self) -> date:
        """The last day on which it let anybody in, where the client is."""
        ended = self.ended_at and timezone.localdate(self.ended_at, timezone=self.client.zone)
        return min(self.until, ended) if ended else self.until

    def lets_give_out(self, *areas: Area) -> bool:
        """Whether its people may still make addresses that show these parts to others."""
        return self.role == Role.EDITOR and self.granted_areas >= set(areas)


class EngagementRequest(Terms):
    """A consultancy asks for access; whoever owns a client may grant it, as asked or less."""

    TENANT_PATH = "consultancy"

    consultancy = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="engagement_requests"
    )
    name = models.CharField(_("for whom"), max_length=150)
    nonce = models.CharField(max_length=32, default=new_nonce, unique=True, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(default=request_expiry)
    withdrawn_at = models.DateTimeField(null=True)
    engagement = models.OneToOneField(
        Engagement, null=True, on_delete=models.SET_NULL, related_name="request"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        is_waiting = self.answered_at is None and self.withdrawn_at is None
        return is_waiting and timezone.now() < self.expires_at

"""Archives that were asked for, archives that came, and the history as it was elsewhere."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from jobs.enums import OPEN_STATES


class Archive(models.Model):
    """Everything of an organization in one file. `file` is set in the transaction that ends the
    job, and emptied when the days it is kept are over.
    """

    TENANT_PATH = "organization"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="archives"
    )
    job = models.ForeignKey("jobs.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    file = models.CharField(max_length=80, blank=True)
    size = models.PositiveBigIntegerField(null=True)
    rows = models.PositiveBigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    kept_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"Archive {self.pk} of {self.organization}"

    @property
    def is_open(self) -> bool:
        return not self.file and self.job is not None and self.job.state in OPEN_STATES

    @property
    def can_be_downloaded(self) -> bool:
        return bool(self.file) and self.kept_until is not None and timezone.now() < self.kept_until


class Arrival(models.Model):
    """An archive that somebody wants to bring into this organization.

    `found`: what the check found: the manifest's own figures, or what is wrong.
    """

    TENANT_PATH = "organization"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="arrivals"
    )
    job = models.ForeignKey("jobs.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    file = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=255, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    found: Any = models.JSONField(default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"Arrival {self.pk} in {self.organization}"

    @property
    def is_open(self) -> bool:
        return self.taken_at is None and self.job is not None and self.job.state in OPEN_STATES


class CarriedPerson(models.Model):
    """Somebody an archive names. `user` is a name without an account, until the person accepts an
    invitation to the address of the archive; then what they did is theirs again.
    """

    TENANT_PATH = "organization"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="carried_people"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=254, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    role = models.CharField(max_length=12, blank=True)
    matched_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name or self.email


class EarlierEntry(models.Model):
    """An entry of the history as it stood elsewhere, with its seal there.

    The chain's digests are over the numbers of that place. So what they cover is kept beside the
    entry that people read here, and the old chain can be computed anew at any time.
    """

    TENANT_PATH = "organization"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="earlier_entries"
    )
    # Of one place: an archive of an archive has several.
    chain = models.CharField(max_length=64)
    number = models.PositiveBigIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    content: Any = models.JSONField(default=dict)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.chain[:8]} {self.number}"

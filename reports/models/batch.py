from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reports.choices import Choices


class Batch(models.Model):
    """Many reports asked for at once, and the zip that holds them in the end.

    `organization` asked: a consultancy for its clients, or any organization for itself. What
    becomes of each client stands in its item; the batch goes on whatever happens to one.
    """

    TENANT_PATH = "organization"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="batches"
    )
    name = models.CharField(_("name"), max_length=150)
    choices = models.JSONField(default=list, help_text=_("Choices, one for each file of a client"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    cancelled_at = models.DateTimeField(null=True)
    # The job that puts the zip together, and the zip.
    job = models.ForeignKey("jobs.Job", on_delete=models.SET_NULL, null=True, related_name="+")
    file = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(null=True)
    finished_at = models.DateTimeField(null=True)
    kept_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name_plural = "batches"

    def __str__(self) -> str:
        return self.name

    @property
    def chosen(self) -> list[Choices]:
        return [Choices.from_json(one) for one in self.choices]


class BatchItem(models.Model):
    """One client of a batch, with one of its choices."""

    TENANT_PATH = "batch__organization"

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items")
    client = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField(help_text=_("which of the batch's choices"))
    # Freezes the client's plan and asks for the report; the report has a job of its own.
    job = models.ForeignKey("jobs.Job", on_delete=models.SET_NULL, null=True, related_name="+")
    report = models.ForeignKey(
        "reports.Report", on_delete=models.SET_NULL, null=True, related_name="batch_items"
    )
    # Why there is none: access ended, no roadmap, failed.
    problem = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["client__name", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "client", "number"], name="batch_item_once_per_client_and_choice"
            )
        ]

    def __str__(self) -> str:
        return f"{self.batch} · {self.client}"

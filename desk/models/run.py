from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jobs.enums import OPEN_STATES


class BulkAction(models.TextChoices):
    """What can be done for many clients at once."""

    REPORTS = "reports", _("Make reports")
    REMINDERS = "reminders", _("Remind people of their questions")
    WORK = "work", _("Remind people of late work")
    ROUNDS = "rounds", _("Begin a new round")


class BulkRun(models.Model):
    """One action asked for many clients; what became of each stands in its item."""

    TENANT_PATH = "organization"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="desk_runs"
    )
    action = models.CharField(max_length=12, choices=BulkAction.choices)
    # What the action needs beside the clients: the name of the round.
    wanted = models.JSONField(default=dict)
    job = models.ForeignKey("jobs.Job", on_delete=models.SET_NULL, null=True, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_action_display()} ({self.pk})"

    @property
    def is_stopped(self) -> bool:
        """Whether nobody works on it any more: what waits then waits in vain."""
        return self.job is None or self.job.state not in OPEN_STATES


class BulkItem(models.Model):
    """One client of a run. It is taken by writing `ended_at` in the transaction that acts."""

    TENANT_PATH = "run__organization"

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="items")
    client = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="+")
    is_done = models.BooleanField(default=False)
    outcome = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["client__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "client"], name="client_once_per_run")
        ]

    def __str__(self) -> str:
        return f"{self.run} · {self.client}"

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Organization
from jobs.enums import OPEN_STATES, JobState


class Job(models.Model):
    """One piece of slow work: what was asked, by whom, how far it is and how it ended.

    This row is the truth; a message on the broker is only a hint that it may be worth a look.
    """

    TENANT_PATH = "organization"

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=50)
    payload = models.JSONField(default=dict)
    input_hash = models.CharField(max_length=64, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)
    phrase = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True)

    # Whoever wrote the token last owns the job until the lease runs out (jobs/claiming.py).
    token = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Nobody may take it before; null: at once.
    not_before = models.DateTimeField(null=True)
    # When the broker was last told; null asks the sweep to tell it.
    sent_at = models.DateTimeField(null=True)

    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(
                fields=["sent_at"],
                condition=models.Q(state__in=OPEN_STATES),
                name="job_open_by_sent_at",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(progress__gte=0, progress__lte=100),
                name="job_progress_is_a_percentage",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} ({self.state})"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class Turn(models.Model):
    """A piece of scheduled work that somebody took: its key can be taken once.

    Two schedulers by mistake, or one that repeats itself, find the turn taken and do nothing.
    """

    TENANT_PATH = "organization"

    key = models.CharField(max_length=200, unique=True)
    organization = models.ForeignKey(
        Organization, null=True, on_delete=models.CASCADE, related_name="+"
    )
    taken_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return self.key

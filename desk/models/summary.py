from django.db import models


class ClientSummary(models.Model):
    """What the list of clients shows of one, counted by the worker and never typed.

    Always as `desk.domain.summary` counts it from the client's own data: `desk.services.summaries`
    finds the rows that are behind. `seal_number` is the last entry of the history that was sealed
    before counting, `forecast_made_at` the forecast that was read: what is newer makes it stale.
    """

    TENANT_PATH = "organization"

    organization = models.OneToOneField(
        "accounts.Organization", on_delete=models.CASCADE, related_name="desk_summary"
    )
    as_of = models.DateField()
    counted_at = models.DateTimeField()
    seal_number = models.PositiveBigIntegerField(default=0)
    forecast_made_at = models.DateTimeField(null=True)

    guide_id = models.CharField(max_length=80, blank=True)
    assessed_on = models.DateField(null=True)
    readiness = models.FloatField(null=True)
    readiness_low = models.FloatField(null=True)
    readiness_high = models.FloatField(null=True)
    band = models.CharField(max_length=20, blank=True)
    answered_percent = models.FloatField(null=True)
    target_percent = models.FloatField(null=True)
    high_risks = models.PositiveIntegerField(default=0)
    # Challenge id → score of 0-100; only those that are assessed.
    exposures = models.JSONField(default=dict)
    has_draft = models.BooleanField(default=False)
    overdue_reviews = models.PositiveIntegerField(default=0)
    overdue_assignments = models.PositiveIntegerField(default=0)

    roadmap = models.ForeignKey(
        "roadmap.Roadmap", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    phase = models.CharField(max_length=40, blank=True)
    phase_title = models.CharField(max_length=200, blank=True)
    progress = models.FloatField(null=True)
    planned_on = models.DateField(null=True)
    p50_on = models.DateField(null=True)
    p80_on = models.DateField(null=True)
    finished_on = models.DateField(null=True)
    # Working days later than agreed, by the newest forecast; negative is earlier.
    slip = models.IntegerField(null=True)
    late = models.PositiveIntegerField(default=0)
    blocked = models.PositiveIntegerField(default=0)
    gate_id = models.CharField(max_length=40, blank=True)
    gate_title = models.CharField(max_length=300, blank=True)
    gate_on = models.DateField(null=True)

    last_activity = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "client summaries"

    def __str__(self) -> str:
        return f"{self.organization_id} as of {self.as_of}"

"""How a roadmap under way is likely to go on, and what was said of it week by week."""

from __future__ import annotations

from django.db import models

from roadmap.enums import ForecastCause
from roadmap.models.plan import Roadmap


class ProgressForecast(models.Model):
    """The schedule of the rest from one day on, with what was known then; one for each day.

    `document`: per initiative, phase and gate the expected dates and P50/P80, and what late work
    pushes (roadmap/domain/following). Dates are days where the organization is.
    """

    TENANT_PATH = "roadmap__organization"

    roadmap = models.ForeignKey(Roadmap, on_delete=models.CASCADE, related_name="forecasts")
    as_of = models.DateField()
    cause = models.CharField(max_length=8, choices=ForecastCause.choices)
    input_hash = models.CharField(max_length=64)
    expected_on = models.DateField(null=True)
    p50_on = models.DateField(null=True)
    p80_on = models.DateField(null=True)
    document = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-as_of"]
        constraints = [
            models.UniqueConstraint(fields=["roadmap", "as_of"], name="one_forecast_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.roadmap_id} as of {self.as_of}"


class ProgressSnapshot(models.Model):
    """Where a roadmap stood in one week (`week_on` is its Monday): burn-up and old forecasts.

    Efforts are likely person-days. `figures` holds the same by phase.
    """

    TENANT_PATH = "roadmap__organization"

    roadmap = models.ForeignKey(Roadmap, on_delete=models.CASCADE, related_name="snapshots")
    week_on = models.DateField()
    taken_on = models.DateField()
    total_days = models.FloatField()
    planned_days = models.FloatField()
    done_days = models.FloatField()
    expected_on = models.DateField(null=True)
    p50_on = models.DateField(null=True)
    p80_on = models.DateField(null=True)
    figures = models.JSONField(default=dict)

    class Meta:
        ordering = ["week_on"]
        constraints = [
            models.UniqueConstraint(fields=["roadmap", "week_on"], name="one_snapshot_a_week")
        ]

    def __str__(self) -> str:
        return f"{self.roadmap_id} week of {self.week_on}"

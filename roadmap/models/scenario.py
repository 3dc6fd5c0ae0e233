"""A plan on trial: constraints, what people decided by hand, and the schedule that follows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from roadmap.domain.constraints.stated import Constraints, constraints_from_json
from roadmap.domain.hand.decisions import Decisions, decisions_from_json


class Scenario(models.Model):
    """Constraints and decisions about one submitted assessment, with their schedule.

    `version` counts the changes of decisions; whoever saves names the one they saw, and a result
    of the worker counts only for the version it was asked for. `schedule` is the raw result
    (starts in working-day numbers, engine, seed, limits, what ended the search), `plan` the
    document made of it, `forecast` the simulation (empty until the worker has made it).
    Once it became a roadmap a scenario is frozen: a change makes another one.
    """

    TENANT_PATH = "organization"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="scenarios"
    )
    snapshot = models.ForeignKey(
        "assessments.Snapshot", on_delete=models.RESTRICT, related_name="scenarios"
    )
    name = models.CharField(_("name"), max_length=150)
    note = models.TextField(_("note"), blank=True)
    based_on = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="descendants"
    )
    constraints = models.JSONField(default=dict)
    decisions = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)

    schedule = models.JSONField(default=dict)
    plan = models.JSONField(default=dict)
    input_hash = models.CharField(max_length=64, blank=True)
    forecast = models.JSONField(default=dict)
    forecast_hash = models.CharField(max_length=64, blank=True)
    job = models.ForeignKey(
        "jobs.Job", null=True, on_delete=models.SET_NULL, related_name="scenarios"
    )
    # The version the job was asked for; a result for an older one is thrown away.
    job_version = models.PositiveIntegerField(null=True)
    outcome = models.CharField(max_length=300, blank=True)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    def to_constraints(self) -> Constraints:
        return constraints_from_json(self.constraints)

    def to_decisions(self) -> Decisions:
        return decisions_from_json(self.decisions)

    @property
    def is_forecast_current(self) -> bool:
        return bool(self.forecast_hash) and self.forecast_hash == self.input_hash


class ScenarioChange(models.Model):
    """One decision by hand; `before` is what stood before it, so that it can be undone."""

    TENANT_PATH = "scenario__organization"

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="changes")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=60, blank=True)
    detail: models.JSONField[Any] = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    is_undone = models.BooleanField(default=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["scenario", "number"], name="change_number_once_per_scenario"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"

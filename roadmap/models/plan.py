"""A roadmap and what was planned in it. Written once; progress has its own columns."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from roadmap.domain.constraints.stated import Constraints, constraints_from_json
from roadmap.domain.progress import Status, TrackedItem
from roadmap.enums import InitiativeStatus


class Roadmap(models.Model):
    """A plan made from one submitted assessment. It is never recomputed: a new one is made."""

    TENANT_PATH = "organization"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="roadmaps"
    )
    snapshot = models.ForeignKey(
        "assessments.Snapshot", on_delete=models.RESTRICT, related_name="roadmaps"
    )
    # The scenario that was adopted; none for those planned before there were scenarios.
    scenario = models.OneToOneField(
        "roadmap.Scenario", null=True, on_delete=models.SET_NULL, related_name="roadmap"
    )
    forecast = models.JSONField(default=dict)
    name = models.CharField(_("name"), max_length=150)
    start_on = models.DateField(_("start"))
    finish_on = models.DateField(null=True)
    constraints = models.JSONField(default=dict)
    plan = models.JSONField()
    input_hash = models.CharField(max_length=64)
    engine = models.CharField(max_length=60)
    # Work-in-progress limits people agreed: {"all": 6, "role:OPS": 2, "phase:PHASE-1": 4}.
    limits = models.JSONField(default=dict)
    # Whose dates count as the baseline: none when it is this plan's own.
    baseline_of = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="measured_against"
    )
    baseline_note = models.CharField(max_length=300, blank=True)
    # The newest request to forecast the rest.
    forecast_job = models.ForeignKey(
        "jobs.Job", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    def to_constraints(self) -> Constraints:
        return constraints_from_json(self.constraints)


class PlannedInitiative(models.Model):
    """One initiative of a roadmap: what was planned, and how far it is.

    `details` is the guide's text at the time of planning. `version` counts the saves of its
    progress; a save names the one it saw.
    """

    TENANT_PATH = "roadmap__organization"

    roadmap = models.ForeignKey(Roadmap, on_delete=models.CASCADE, related_name="initiatives")
    initiative_id = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=20)
    rank = models.PositiveIntegerField()
    phase = models.CharField(max_length=40)
    step = models.CharField(max_length=40)
    gate = models.CharField(max_length=40, blank=True)
    start_on = models.DateField()
    finish_on = models.DateField()
    working_days = models.PositiveIntegerField()
    predecessors = models.JSONField(default=list)
    roles = models.JSONField(default=list)
    effort = models.JSONField(default=dict)
    reasons = models.JSONField(default=list)
    satisfied = models.JSONField(default=list)
    bound_by = models.JSONField(default=dict)
    details = models.JSONField(default=dict)
    # Float, cost, people, lifts and the like: what the plan's document says of it beyond columns.
    facts = models.JSONField(default=dict)

    status = models.CharField(
        _("status"),
        max_length=12,
        choices=InitiativeStatus.choices,
        default=InitiativeStatus.NOT_STARTED,
    )
    started_on = models.DateField(_("started on"), null=True, blank=True)
    finished_on = models.DateField(_("finished on"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="owned_initiatives",
    )
    # As last reported: how much is done, and how many person-days are left (none: nobody said).
    percent = models.PositiveSmallIntegerField(_("percent done"), default=0)
    remaining_days = models.FloatField(_("person-days left"), null=True, blank=True)
    # The day whoever does it expects to finish (none: nobody said).
    expected_on = models.DateField(_("expected finish"), null=True, blank=True)
    # Blocked as long as it says why; `waits_for` is whoever can end it, where that is a member.
    blocked_because = models.TextField(_("blocked because"), blank=True)
    blocked_at = models.DateTimeField(null=True)
    waits_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="awaited_by"
    )
    # The order of the cards of a board's column.
    position = models.FloatField(default=0)
    # What slip is counted from. Adopting a plan sets them; planning again keeps them if wanted.
    baseline_start_on = models.DateField(null=True)
    baseline_finish_on = models.DateField(null=True)
    note = models.TextField(_("note"), blank=True)
    version = models.PositiveIntegerField(default=0)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    updated_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["roadmap", "initiative_id"], name="initiative_once_per_roadmap"
            )
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id} {self.title}"

    def to_tracked(self) -> TrackedItem:
        return TrackedItem(
            id=self.initiative_id,
            phase=self.phase,
            effort=self.effort["likely"],
            status=Status(self.status),
        )

    @property
    def is_done(self) -> bool:
        return self.status == InitiativeStatus.DONE

    @property
    def is_open(self) -> bool:
        return self.status in (InitiativeStatus.NOT_STARTED, InitiativeStatus.IN_PROGRESS)

    def is_late(self, today: date) -> bool:
        """Open past the day planned, or past the one agreed before: planning again gives late
        work another day and makes it no less late.
        """
        due = min(self.finish_on, self.baseline_finish_on or self.finish_on)
        return self.is_open and due < today

    def progress_values(self) -> dict[str, Any]:
        """What a person may change."""
        return {"status": self.status, "finished_on": self.finished_on, "note": self.note}

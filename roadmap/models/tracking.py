"""What people report on an initiative: entries of progress, remarks and what shows it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from roadmap.enums import EntryKind, KindOfProof
from roadmap.models.gate import GateState
from roadmap.models.plan import PlannedInitiative, Roadmap


class ProgressEntry(models.Model):
    """One thing reported on an initiative. Entries are added and never changed.

    `before` and `after` hold what changed, by field. `spent_days`: person-days worked since the
    last report, as far as someone said.
    """

    TENANT_PATH = "initiative__roadmap__organization"

    initiative = models.ForeignKey(
        PlannedInitiative, on_delete=models.CASCADE, related_name="entries"
    )
    kind = models.CharField(max_length=16, choices=EntryKind.choices)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    spent_days = models.FloatField(null=True)
    note = models.TextField(blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name_plural = "progress entries"

    def __str__(self) -> str:
        return f"{self.kind} {self.initiative_id}"


class WorkComment(models.Model):
    """A remark on an initiative or a gate; whom it mentions is told."""

    TENANT_PATH = "roadmap__organization"

    roadmap = models.ForeignKey(Roadmap, on_delete=models.CASCADE, related_name="comments")
    initiative = models.ForeignKey(
        PlannedInitiative, null=True, on_delete=models.CASCADE, related_name="comments"
    )
    gate = models.ForeignKey(
        GateState, null=True, on_delete=models.CASCADE, related_name="comments"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.TextField()
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True)
    # A withdrawn remark keeps its place and loses its text.
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(initiative=None, gate__isnull=False)
                | models.Q(initiative__isnull=False, gate=None),
                name="comment_on_an_initiative_or_a_gate",
            )
        ]

    def __str__(self) -> str:
        return self.text[:40]


class WorkEvidence(models.Model):
    """A file or link that shows an initiative is done, or an item of a gate (`item_id`) is met.

    Files lie where the evidence of answers lies (`assessments/evidence_files`).
    """

    TENANT_PATH = "roadmap__organization"

    roadmap = models.ForeignKey(Roadmap, on_delete=models.CASCADE, related_name="evidence")
    initiative = models.ForeignKey(
        PlannedInitiative, null=True, on_delete=models.CASCADE, related_name="evidence"
    )
    gate = models.ForeignKey(
        GateState, null=True, on_delete=models.CASCADE, related_name="evidence"
    )
    item_id = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=8, choices=KindOfProof.choices)
    title = models.CharField(_("title"), max_length=200)
    url = models.URLField(_("address"), max_length=1000, blank=True)
    stored_name = models.CharField(max_length=100, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name_plural = "work evidence"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(initiative=None, gate__isnull=False)
                | models.Q(initiative__isnull=False, gate=None),
                name="evidence_of_an_initiative_or_a_gate",
            )
        ]

    def __str__(self) -> str:
        return self.title


class StartOverride(models.Model):
    """An initiative was started behind a gate that is still closed: who said so, and why."""

    TENANT_PATH = "initiative__roadmap__organization"

    initiative = models.ForeignKey(
        PlannedInitiative, on_delete=models.CASCADE, related_name="overrides"
    )
    gate = models.ForeignKey(GateState, on_delete=models.CASCADE, related_name="overrides")
    reason = models.TextField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return f"{self.initiative_id} before {self.gate_id}"

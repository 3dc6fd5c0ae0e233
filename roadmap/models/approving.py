"""Who has to approve a gate, what they said, and what was decided."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from roadmap.enums import DecisionKind, Verdict
from roadmap.models.gate import GateState
from roadmap.models.plan import Roadmap


class GateApprover(models.Model):
    """A person speaks for a role of the guide at the gates of a roadmap."""

    TENANT_PATH = "roadmap__organization"

    roadmap = models.ForeignKey(Roadmap, on_delete=models.CASCADE, related_name="approvers")
    role_id = models.CharField(max_length=40)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="approver_for"
    )
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    named_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["role_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["roadmap", "role_id", "person"], name="approver_once_per_role"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} for {self.role_id}"


class GateApproval(models.Model):
    """What the person for one role says to opening a gate, in the round it was asked.

    A gate that is closed again begins a new round: what was said before stays and counts no more.
    """

    TENANT_PATH = "gate__roadmap__organization"

    gate = models.ForeignKey(GateState, on_delete=models.CASCADE, related_name="approvals")
    round = models.PositiveIntegerField()
    role_id = models.CharField(max_length=40)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    reason = models.TextField(blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    person_name = models.CharField(max_length=254, blank=True)
    said_at = models.DateTimeField()

    class Meta:
        ordering = ["round", "said_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["gate", "round", "role_id"], name="one_verdict_per_role_and_round"
            )
        ]

    def __str__(self) -> str:
        return f"{self.verdict} by {self.role_id}"


class GateDecision(models.Model):
    """What became of a gate: asked for, opened, refused, closed again. Added, never changed.

    `facts` holds how the checklist and the approvals stood then, so it can be read in ten years.
    """

    TENANT_PATH = "gate__roadmap__organization"

    gate = models.ForeignKey(GateState, on_delete=models.CASCADE, related_name="decisions")
    round = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=DecisionKind.choices)
    reason = models.TextField(blank=True)
    facts = models.JSONField(default=dict)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decider_name = models.CharField(max_length=254, blank=True)
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["decided_at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.gate_id}"

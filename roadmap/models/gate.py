"""The gates of a roadmap: closed until their checklist is met and someone opens them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from roadmap.domain.document import checklist_from_document
from roadmap.domain.progress import ChecklistItem
from roadmap.domain.tracking.approving import ApproverRole
from roadmap.models.plan import Roadmap

ROLE_ID = 40
# Of a gate for which the guide names nobody: someone other than the author still has to approve.
ANYBODY = "ANYBODY"


class GateState(models.Model):
    """One gate of a roadmap. What it asks for is kept as it was when the roadmap was made."""

    TENANT_PATH = "roadmap__organization"

    roadmap = models.ForeignKey(Roadmap, on_delete=models.CASCADE, related_name="gates")
    gate_id = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    passes_when = models.TextField()
    blocks = models.TextField()
    approvers = models.JSONField(default=list)
    # The same as [{"id", "title"}]; empty for roadmaps made before approvals were recorded.
    approver_roles = models.JSONField(default=list)
    # Counts how often it was closed again: approvals count for the round they were given in.
    round = models.PositiveIntegerField(default=1)
    asked_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    review = models.CharField(max_length=40)
    planned_on = models.DateField()
    checklist = models.JSONField(default=list)
    is_open = models.BooleanField(default=False)
    opened_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["planned_on", "gate_id"]
        constraints = [
            models.UniqueConstraint(fields=["roadmap", "gate_id"], name="gate_once_per_roadmap")
        ]

    def __str__(self) -> str:
        return f"{self.gate_id} {self.title}"

    def to_checklist(self) -> tuple[ChecklistItem, ...]:
        return checklist_from_document(self.checklist)

    @property
    def roles(self) -> tuple[ApproverRole, ...]:
        """Who has to approve. Without ids the titles stand for them; without any, one person."""
        if self.approver_roles:
            return tuple(ApproverRole(role["id"], role["title"]) for role in self.approver_roles)
        if self.approvers:
            return tuple(ApproverRole(title[:ROLE_ID], title) for title in self.approvers)
        return (ApproverRole(ANYBODY, _("A second person")),)


class GateConfirmation(models.Model):
    """A person vouches that one item of a gate's checklist is met."""

    TENANT_PATH = "gate__roadmap__organization"

    gate = models.ForeignKey(GateState, on_delete=models.CASCADE, related_name="confirmations")
    item_id = models.CharField(max_length=40)
    note = models.TextField(blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gate", "item_id"], name="item_confirmed_once")
        ]

    def __str__(self) -> str:
        return self.item_id

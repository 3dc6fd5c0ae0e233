from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.enums import ScopeOfAssignment
from assessments.models.assessment import Assessment
from jobs.models import Job


class Assignment(models.Model):
    """A step, section or question that a person is asked to fill by a day."""

    TENANT_PATH = "assessment__organization"

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="assignments")
    scope = models.CharField(_("what"), max_length=12, choices=ScopeOfAssignment.choices)
    # The id of the step (PROFILE for the profile), section or question in the guide.
    target = models.CharField(max_length=60)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="assignments"
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    message = models.TextField(_("message"), blank=True)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    # Scheme and host the assigner used: the links of later reminders begin with it.
    site = models.CharField(max_length=200, blank=True)
    # The newest e-mail about it, when one left, and when each reminder was asked for.
    mail = models.ForeignKey(
        Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    overdue_told_at = models.DateTimeField(null=True, blank=True)
    # When the assignee last said it is done.
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "scope", "target", "assignee"],
                name="assigned_once_per_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.target} → {self.assignee}"

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.enums import AssessmentStatus
from guide.model import Guide
from guide.registry import get_guide


class Assessment(models.Model):
    """One organization's answers to one version of a guide, from the first to the last."""

    TENANT_PATH = "organization"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="assessments"
    )
    name = models.CharField(_("name"), max_length=120)
    guide_id = models.CharField(max_length=80)
    guide_version = models.CharField(max_length=40)
    status = models.CharField(
        max_length=20, choices=AssessmentStatus.choices, default=AssessmentStatus.DRAFT
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    # Contributors fill what is assigned to them; an open assessment lets them fill everything.
    is_open_to_contributors = models.BooleanField(
        _("contributors may fill everything"), default=False
    )
    # The round this one continues.
    previous = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="next_rounds"
    )
    # Answers a newer guide no longer asks for or cannot read, kept as they were given.
    parked = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["organization", "-created_at"])]

    def __str__(self) -> str:
        return self.name

    @property
    def is_submitted(self) -> bool:
        return self.status == AssessmentStatus.SUBMITTED

    @property
    def guide(self) -> Guide:
        return get_guide(self.guide_id, self.guide_version)

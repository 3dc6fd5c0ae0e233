from django.conf import settings
from django.db import models


class TargetProfile(models.Model):
    """Where an organization wants to be: readiness per step, exposure per challenge, 0-100.

    Without a row the guide's proposal for its kind of organization holds.
    """

    TENANT_PATH = "organization"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="target_profiles"
    )
    guide_id = models.CharField(max_length=80)
    steps = models.JSONField(default=dict)
    challenges = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "guide_id"], name="one_target_profile_per_guide"
            )
        ]

    def __str__(self) -> str:
        return f"Targets of {self.organization}"

from django.conf import settings
from django.db import models

from assessments.models.assessment import Assessment


class ExpiryNotice(models.Model):
    """That someone was told once of an answer past its date; a later date is told anew."""

    TENANT_PATH = "assessment__organization"

    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="expiry_notices"
    )
    question_id = models.CharField(max_length=40)
    expired_on = models.DateField()
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "question_id", "expired_on"], name="told_once_per_expiry"
            )
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.expired_on}"

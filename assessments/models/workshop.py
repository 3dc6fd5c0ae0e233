from django.conf import settings
from django.db import models
from django.utils import timezone

from assessments.models.assessment import Assessment


class ParkedTalk(models.Model):
    """A question that a workshop put off: to be talked about another time.

    Whoever leads the same workshop on a second screen sees it too, so it is a row.
    """

    TENANT_PATH = "assessment__organization"

    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="parked_talks"
    )
    question_id = models.CharField(max_length=40)
    parked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    parked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["assessment", "question_id"], name="talk_parked_once_per_question"
            ),
        )

    def __str__(self) -> str:
        return f"{self.question_id} of {self.assessment_id}"

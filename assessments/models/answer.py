from django.conf import settings
from django.db import models

from assessments.domain import answers as domain
from assessments.enums import BasisOfAnswer, StateOfAnswer
from assessments.models.assessment import Assessment


class Answer(models.Model):
    """One question's answer. `version` counts its saves; a save names the one it saw."""

    TENANT_PATH = "assessment__organization"

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="answers")
    question_id = models.CharField(max_length=40)
    state = models.CharField(max_length=20, choices=StateOfAnswer.choices)
    value = models.JSONField(null=True, blank=True)
    reason = models.TextField(blank=True)
    note = models.TextField(blank=True)
    basis = models.CharField(max_length=20, choices=BasisOfAnswer.choices, blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "question_id"], name="answer_once_per_question"
            )
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.state}"

    def to_domain(self) -> domain.Answer:
        return domain.Answer(
            state=domain.AnswerState(self.state),
            value=self.value,
            reason=self.reason,
            note=self.note,
            basis=domain.Basis(self.basis) if self.basis else None,
        )

from django.conf import settings
from django.db import models

from assessments.domain import answers as domain
from assessments.enums import BasisOfAnswer, StateOfAnswer
from assessments.models.assessment import Assessment


class SeatAnswer(models.Model):
    """What one person answers from their seat; it counts in no score until it is settled."""

    TENANT_PATH = "assessment__organization"

    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="seat_answers"
    )
    question_id = models.CharField(max_length=40)
    # The id of a seat of the guide, such as security.
    seat = models.CharField(max_length=60)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="seat_answers"
    )
    state = models.CharField(max_length=20, choices=StateOfAnswer.choices)
    value = models.JSONField(null=True, blank=True)
    reason = models.TextField(blank=True)
    note = models.TextField(blank=True)
    basis = models.CharField(max_length=20, choices=BasisOfAnswer.choices, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["seat", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "question_id", "seat", "user"],
                name="seat_answer_once_per_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.question_id} from {self.seat}"

    def to_domain(self) -> domain.Answer:
        return domain.Answer(
            state=domain.AnswerState(self.state),
            value=self.value,
            reason=self.reason,
            note=self.note,
            basis=domain.Basis(self.basis) if self.basis else None,
        )


class Settlement(models.Model):
    """The decision that ended a disagreement: which answer, who agreed, and why."""

    TENANT_PATH = "assessment__organization"

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="settlements")
    question_id = models.CharField(max_length=40)
    answer_version = models.PositiveIntegerField()
    # What was settled, to be told even when the answer changes later: {"state": …, "value": …}.
    settled = models.JSONField(default=dict)
    # Who agreed, as they were then: [{"user": id, "name": …, "seat": …}, …].
    agreed = models.JSONField(default=list)
    # What each seat had said: [{"seat": …, "name": …, "state": …, "value": …}, …].
    before = models.JSONField(default=list)
    note = models.TextField(blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["assessment", "question_id"])]

    def __str__(self) -> str:
        return f"{self.question_id} settled"

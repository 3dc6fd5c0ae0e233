from django.db import models

from assessments.domain import answers as domain
from assessments.enums import SourceOfSuggestion, StateOfAnswer
from assessments.models.assessment import Assessment


class Suggestion(models.Model):
    """An answer offered for a question, from the last round say. It counts when it is taken."""

    TENANT_PATH = "assessment__organization"

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="suggestions")
    question_id = models.CharField(max_length=40)
    source = models.CharField(max_length=16, choices=SourceOfSuggestion.choices)
    state = models.CharField(max_length=20, choices=StateOfAnswer.choices)
    value = models.JSONField(null=True, blank=True)
    reason = models.TextField(blank=True)
    note = models.TextField(blank=True)
    basis = models.CharField(max_length=20, blank=True)
    # Whom and when it came from, in words that stay true.
    origin = models.CharField(max_length=200, blank=True)
    # How the answer read in the words of the guide it was given in, where the question reads
    # otherwise now: the value alone would show it in words nobody chose.
    words = models.TextField(blank=True)
    # The meaning of the question changed between the guides: read it before taking it.
    needs_review = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "question_id"], name="one_suggestion_per_question"
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

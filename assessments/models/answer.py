from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce

from assessments.domain import answers as domain
from assessments.enums import BasisOfAnswer, StateOfAnswer
from assessments.models.assessment import Assessment
from assessments.models.evidence import Evidence


class AnswerQuerySet(models.QuerySet):
    def with_evidence(self, day: date) -> Self:
        """Add what `to_domain` needs to say what shows an answer on that day: in the same query."""
        pieces = Evidence.objects.filter(
            assessment=models.OuterRef("assessment"),
            question_id=models.OuterRef("question_id"),
            removed_at=None,
        )
        valid = pieces.exclude(expires_on__lt=day)
        return self.annotate(
            knows_evidence=models.Value(True, output_field=models.BooleanField()),
            evidence_count=_counted(pieces),
            valid_evidence_count=_counted(valid),
            is_past_its_date=models.Case(
                models.When(expires_on__lt=day, then=True),
                default=False,
                output_field=models.BooleanField(),
            ),
        )


def _counted(pieces: models.QuerySet) -> Coalesce:
    grouped = pieces.order_by().values("question_id").annotate(number=models.Count("pk"))
    return Coalesce(models.Subquery(grouped.values("number")), 0)


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
    # From the day after, it counts for less and returns to whoever gave it.
    expires_on = models.DateField(null=True, blank=True)
    # Who stood for a high claim without evidence. A changed answer loses it.
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    # Filled in by `with_evidence`; until then nobody knows what evidence there is.
    knows_evidence = False
    evidence_count = 0
    valid_evidence_count = 0
    is_past_its_date = False

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "question_id"], name="answer_once_per_question"
            )
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.state}"

    @property
    def is_expired(self) -> bool:
        """Whether it, or all the evidence it had, is past its date."""
        return self.is_past_its_date or (self.evidence_count > 0 and self.valid_evidence_count == 0)

    def take_evidence_from(self, before: Self | None, day: date) -> None:
        """Know of a row just saved what `with_evidence` told of the one before: no query."""
        self.is_past_its_date = self.expires_on is not None and self.expires_on < day
        if before is not None:
            self.knows_evidence = before.knows_evidence
            self.evidence_count = before.evidence_count
            self.valid_evidence_count = before.valid_evidence_count

    def to_domain(self) -> domain.Answer:
        return domain.Answer(
            state=domain.AnswerState(self.state),
            value=self.value,
            reason=self.reason,
            note=self.note,
            basis=domain.Basis(self.basis) if self.basis else None,
            evidence=self.valid_evidence_count,
            confirmed=self.confirmed_at is not None,
            expired=self.is_expired,
        )

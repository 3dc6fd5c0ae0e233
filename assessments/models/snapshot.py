from typing import Any, NoReturn

from django.conf import settings
from django.db import models

from assessments.domain import answers as domain
from assessments.models.assessment import Assessment
from guide.model import Guide
from guide.registry import get_guide


class SnapshotIsFrozen(TypeError):
    """Someone tried to change or delete what was submitted."""


class FrozenQuerySet(models.QuerySet):
    """A query set that reads and adds, and refuses the bulk ways around `Snapshot.save`."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise SnapshotIsFrozen("A snapshot is never changed; submit a new assessment instead.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise SnapshotIsFrozen("A snapshot is never changed; submit a new assessment instead.")

    def delete(self) -> NoReturn:
        raise SnapshotIsFrozen("A snapshot goes only when its organization goes.")


class Snapshot(models.Model):
    """What was submitted: the answers and the score they gave, as they were that moment.

    Roadmaps and reports hang on it, so it must still say the same in a year. It is written
    once; only deleting the whole organization takes it away.
    """

    TENANT_PATH = "organization"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="snapshots"
    )
    assessment = models.OneToOneField(
        Assessment, on_delete=models.RESTRICT, related_name="snapshot"
    )
    guide_id = models.CharField(max_length=80)
    guide_version = models.CharField(max_length=40)
    answers = models.JSONField()
    scorecard = models.JSONField()
    input_hash = models.CharField(max_length=64, db_index=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = FrozenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.assessment} ({self.input_hash[:12]})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise SnapshotIsFrozen("A snapshot is never changed; submit a new assessment instead.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise SnapshotIsFrozen("A snapshot goes only when its organization goes.")

    @property
    def guide(self) -> Guide:
        return get_guide(self.guide_id, self.guide_version)

    def answer_set(self) -> dict[str, domain.Answer]:
        return domain_answers_from_json(self.answers)


def domain_answers_from_json(stored: dict[str, Any]) -> dict[str, domain.Answer]:
    """The inverse of `answers_to_json`."""
    return {
        question_id: domain.Answer(
            state=domain.AnswerState(part["state"]),
            value=part.get("value"),
            reason=part.get("reason", ""),
            note=part.get("note", ""),
            basis=domain.Basis(part["basis"]) if part.get("basis") else None,
            evidence=part.get("evidence", 0),
            confirmed=part.get("confirmed", False),
            expired=part.get("expired", False),
        )
        for question_id, part in stored.items()
    }


def answers_to_json(answers: domain.AnswerSet) -> dict[str, Any]:
    """The answers as plain JSON, sorted by question so that equal answers give equal bytes.

    What shows an answer is written only where there is something: older snapshots lack it.
    """
    return {question_id: _answer_to_json(answer) for question_id, answer in sorted(answers.items())}


def _answer_to_json(answer: domain.Answer) -> dict[str, Any]:
    shown = {
        "evidence": answer.evidence,
        "confirmed": answer.confirmed,
        "expired": answer.expired,
    }
    return {
        "state": str(answer.state),
        "value": answer.value,
        "reason": answer.reason,
        "note": answer.note,
        "basis": str(answer.basis) if answer.basis else None,
        **{name: value for name, value in shown.items() if value},
    }

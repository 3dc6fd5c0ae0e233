"""What the history's entries of this app mean to a reader."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.history import register_history
from accounts.models import AuditEntry
from assessments.enums import BasisOfAnswer, StateOfAnswer


def register() -> None:
    register_history(
        kinds={
            "answer": _("Answers"),
            "assessment": _("Assessments"),
            "workshop": _("Workshops"),
            "assignment": _("Assignments"),
            "evidence": _("Evidence"),
            "comment": _("Comments"),
            "guide": _("Guides"),
            "targets": _("Targets"),
        },
        verbs=VERBS,
        fields={
            "value": _("answer"),
            "state": _("state"),
            "basis": _("rests on"),
            "texts": _("texts changed"),
            "guide": _("guide"),
            "proposed": _("proposed"),
            "offered": _("offered"),
        },
        lists=("texts", "proposed", "agreed"),
        values={
            **{state.value: state.label for state in StateOfAnswer},
            **{basis.value: basis.label for basis in BasisOfAnswer},
            "note": _("note"),
            "reason": _("reason"),
        },
        links={
            "assessments.answer": _question,
            "assessments.assessment": _assessment,
        },
    )


VERBS = {
    "answer.given": _("answered"),
    "answer.changed": _("changed the answer to"),
    "answer.settled": _("settled the answer to"),
    "answer.confirmed": _("confirmed the answer to"),
    "workshop.parked": _("put off, in a workshop, a question of"),
    "workshop.unparked": _("took up again, in a workshop, a question of"),
    "assessment.created": _("began the assessment"),
    "assessment.imported": _("imported the assessment"),
    "assessment.continued": _("began the next round"),
    "assessment.proposals_renewed": _("looked for proposed answers"),
    "assessment.submitted": _("submitted the assessment"),
    "assignment.done": _("said that their questions are done in"),
    "assignment.taken_up_again": _("took their questions up again in"),
    "assessment.moved": _("moved the assessment to a newer guide"),
    "assessment.opened_to_contributors": _("opened the draft to contributors"),
    "assessment.closed_to_contributors": _("closed the draft to contributors"),
    "evidence.added": _("added evidence"),
    "evidence.removed": _("removed evidence"),
    "comment.withdrawn": _("withdrew a comment"),
    "guide.uploaded": _("uploaded a guide"),
    "guide.retired": _("retired a guide"),
    "guide.offered_again": _("offered a guide again"),
    "table.imported": _("imported rows"),
    "targets.changed": _("changed targets"),
}


def _question(entry: AuditEntry, slug: str) -> str | None:
    assessment, question = entry.detail.get("assessment"), entry.detail.get("question")
    if not assessment or not question:
        return None
    return reverse("assessments:question", args=[slug, assessment, question])


def _assessment(entry: AuditEntry, slug: str) -> str:
    return reverse("assessments:detail", args=[slug, entry.target_id])

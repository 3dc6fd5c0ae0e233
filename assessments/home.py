"""The assessment's place on the organization's home page."""

from typing import Any

from django.utils import timezone

from accounts.home import Panel
from accounts.tenancy import Access
from assessments.access import fillable_parts
from assessments.models import Assessment, Assignment, Snapshot
from assessments.progress import assessment_progress
from assessments.queries import answer_set
from assessments.waiting import my_assignments


def panel(access: Access) -> Panel:
    """The newest assessment and how far it is, the score submitted last, what waits for the person.

    At most four queries. A contributor's progress counts the questions that are theirs.
    """
    assessment = access.scope(Assessment).first()
    own = list(my_assignments(access)) if access.can_answer and assessment else []
    context: dict[str, Any] = {
        "assessment": assessment,
        "standing": _standing(access) if assessment else None,
        "progress": None,
        "waiting": _waiting(own),
    }
    if assessment is not None and not assessment.is_submitted:
        parts = [(p.scope, p.target) for p in own if p.assessment_id == assessment.pk]
        mine = fillable_parts(access, assessment, parts)
        answers = answer_set(assessment)
        context["progress"] = assessment_progress(assessment.guide, answers, mine.allows)
        context["is_without_questions"] = not mine.question_ids
    return Panel(template="assessments/_home_panel.html", context=context)


def _standing(access: Access) -> dict[str, Any] | None:
    """The readiness of the assessment submitted last, which everybody of the house may read."""
    rows = access.scope(Snapshot).values(
        "assessment_id", "assessment__name", "created_at", "scorecard__overall"
    )
    found = rows.first()
    if found is None:
        return None
    return {
        "assessment_id": found["assessment_id"],
        "name": found["assessment__name"],
        "day": found["created_at"],
        **found["scorecard__overall"],
    }


def _waiting(own: list[Assignment]) -> dict[str, Any] | None:
    """How much is assigned to this person, and the next day it is due."""
    open_ones = [assignment for assignment in own if assignment.done_at is None]
    if not open_ones:
        return None
    today = timezone.localdate()
    days = [assignment.due_on for assignment in open_ones if assignment.due_on]
    return {
        "number": len(open_ones),
        "overdue": sum(day < today for day in days),
        "next_day": min((day for day in days if day >= today), default=None),
    }

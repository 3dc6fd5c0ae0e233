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
    """The newest assessment: how far it is, or the score it gave; and what waits for the person.

    At most three queries. A contributor's progress counts the questions that are theirs.
    """
    assessment = access.scope(Assessment).first()
    own = list(my_assignments(access)) if access.can_answer and assessment else []
    context: dict[str, Any] = {
        "assessment": assessment,
        "overall": None,
        "progress": None,
        "waiting": _waiting(own),
    }
    if assessment is not None and assessment.is_submitted:
        card = (
            access.scope(Snapshot).filter(assessment=assessment).values_list("scorecard", flat=True)
        )
        stored = card.first()
        context["overall"] = stored["overall"]["score"] if stored else None
    elif assessment is not None:
        parts = [(p.scope, p.target) for p in own if p.assessment_id == assessment.pk]
        mine = fillable_parts(access, assessment, parts)
        answers = answer_set(assessment)
        context["progress"] = assessment_progress(assessment.guide, answers, mine.allows)
        context["is_without_questions"] = not mine.question_ids
    return Panel(template="assessments/_home_panel.html", context=context)


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

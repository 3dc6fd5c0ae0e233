from typing import Any

from django.utils import timezone

from accounts.tenancy import Access
from assessments.assigned import assigned, covered, people_who_answer, soonest_first
from assessments.models import Answer, Assessment, Assignment
from assessments.services.assignments import people_to_ask
from guide.model import Question


def assignment_context(
    access: Access, assessment: Assessment, question: Question, row: Answer | None
) -> dict[str, Any]:
    """Everyone asked for this question, by itself or with its section or step."""
    stored = Assignment.objects.filter(assessment=assessment).select_related("assignee", "mail")
    own = [part for part in stored if question in covered(assessment.guide, part)]
    if not own:
        return {"asked_people": []}
    parts = assigned(
        assessment,
        own,
        {},
        timezone.localdate(),
        access.organization.slug,
        people_who_answer(people_to_ask(assessment)),
    )
    return {"asked_people": sorted(parts, key=soonest_first)}

"""The page of who fills what: a table of steps and people."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Membership, User
from accounts.tenancy import Access
from assessments.assigned import (
    WHO_ANSWERS,
    Assigned,
    assigned,
    part_title,
    people_who_answer,
    row_of,
    soonest_first,
)
from assessments.domain.applicability import applicable
from assessments.domain.scope import PROFILE
from assessments.models import Assessment, Assignment
from assessments.progress import Progress, part_progress
from assessments.queries import answer_set
from assessments.services.assignments import people_to_ask
from guide.model import Guide, Question


@dataclass(frozen=True)
class RowOfStep:
    """One step: its own progress, and what each person of the table has of it."""

    key: str
    title: str
    progress: Progress
    cells: tuple[tuple[User, tuple[Assigned, ...]], ...]
    # Open questions that nobody who can answer is asked for.
    unassigned: int


@dataclass(frozen=True)
class WhoFillsWhat:
    people: tuple[User, ...]
    rows: tuple[RowOfStep, ...]
    nobodys: tuple[Assigned, ...]
    overdue: int
    contributors: int
    contributors_without: tuple[User, ...]


def who_fills_what(access: Access, assessment: Assessment) -> WhoFillsWhat:
    """Three queries: the people, the assignments, the answers."""
    guide = assessment.guide
    members = people_to_ask(assessment)
    stored = Assignment.objects.filter(assessment=assessment).select_related("assignee", "mail")
    answers = answer_set(assessment)
    parts = assigned(
        assessment,
        stored,
        answers,
        timezone.localdate(),
        access.organization.slug,
        people_who_answer(members),
    )
    parts.sort(key=soonest_first)
    held = [part for part in parts if not part.is_nobodys]
    people = {part.assignment.assignee_id: part.assignment.assignee for part in held}
    contributors = [member.user for member in members if member.role == "contributor"]
    switches = applicable(guide, answers)
    rows = []
    for step_id, questions in _steps(guide):
        own = [part for part in held if row_of(guide, part.assignment) == step_id]
        covered = {question.id for part in own for question in part.progress.questions}
        progress = part_progress(questions, answers, switches)
        rows.append(
            RowOfStep(
                key=f"step:{step_id}",
                title=part_title(guide, "step", step_id),
                progress=progress,
                cells=tuple(
                    (user, tuple(part for part in own if part.assignment.assignee_id == user.pk))
                    for user in people.values()
                ),
                unassigned=sum(
                    question.id not in covered for question in progress.missing.unanswered
                ),
            )
        )
    return WhoFillsWhat(
        people=tuple(people.values()),
        rows=tuple(rows),
        nobodys=tuple(part for part in parts if part.is_nobodys),
        overdue=sum(part.is_overdue for part in held),
        contributors=len(contributors),
        contributors_without=tuple(user for user in contributors if user.pk not in people),
    )


def sum_of_assignments(assessment: Assessment) -> dict[str, int]:
    """How many there are, done, overdue and nobody's: one query."""
    answering = Membership.objects.filter(
        organization=assessment.organization_id, user=OuterRef("assignee"), role__in=WHO_ANSWERS
    )
    is_open = Q(done_at=None)
    return Assignment.objects.filter(assessment=assessment).aggregate(
        number=Count("pk"),
        done=Count("pk", filter=~is_open),
        overdue=Count("pk", filter=is_open & Q(due_on__lt=timezone.localdate())),
        nobodys=Count("pk", filter=~Exists(answering)),
    )


def _steps(guide: Guide) -> list[tuple[str, tuple[Question, ...]]]:
    return [(PROFILE, guide.profile_questions), *((s.id, s.questions) for s in guide.steps)]

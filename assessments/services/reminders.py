"""One reminder the day before an assignment is due, and one when the day has passed."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.enums import AssessmentStatus
from assessments.models import Assignment
from assessments.notices import REMINDER
from inbox.telling import notify

# In the organization's own time zone: nobody wants a reminder at three in the morning.
MORNING = 7
OVERDUE = "overdue_told_at"


def assignments_remind() -> int:
    """Ask for the reminders that are due now; returns how many. Twice changes nothing.

    A reminder is asked for in the transaction that notes it at the assignment, and the note is
    conditional: two runs at once send one.
    """
    now = timezone.now()
    # A day beyond what is due anywhere; each organization's own date decides below.
    soon = now.date() + timedelta(days=2)
    candidates = (
        Assignment.objects.filter(
            Q(reminded_at=None) | Q(overdue_told_at=None),
            done_at=None,
            due_on__lte=soon,
            assessment__status=AssessmentStatus.DRAFT,
        )
        .select_related("assessment__organization", "assignee", "assigned_by")
        .order_by("pk")
    )
    return sum(_remind(assignment) for assignment in candidates.iterator(chunk_size=500))


def _remind(assignment: Assignment) -> bool:
    organization = assignment.assessment.organization
    local = timezone.localtime(timezone=organization.zone)
    mark = _mark(assignment, local.date())
    if mark is None or local.hour < MORNING:
        return False
    with transaction.atomic():
        mine = Assignment.objects.filter(pk=assignment.pk, **{mark: None})
        if not mine.update(**{mark: timezone.now()}):
            return False
        by, assessment = assignment.assigned_by, assignment.assessment
        words = _("Overdue: questions in “%s”") if mark == OVERDUE else _("Due: questions in “%s”")
        notify(
            organization=organization,
            people=[assignment.assignee],
            kind=REMINDER,
            title=words % assessment.name,
            path=f"{reverse('assessments:mine', args=[organization.slug])}"
            f"?assignment={assignment.pk}",
            # Whoever gave it to themselves is reminded too.
            actor=None if by == assignment.assignee else by,
            template="assignment_reminder",
            context={"assignments": [assignment.pk]},
        )
    return True


def _mark(assignment: Assignment, today: date) -> str | None:
    """Which reminder is due: the column that notes it."""
    due_on = assignment.due_on
    if due_on is None:
        return None
    if due_on < today:
        return OVERDUE if assignment.overdue_told_at is None else None
    made_on = timezone.localdate(
        assignment.created_at, timezone=assignment.assessment.organization.zone
    )
    is_due_soon = due_on <= today + timedelta(days=1)
    if is_due_soon and assignment.reminded_at is None and made_on < today:
        return "reminded_at"
    return None

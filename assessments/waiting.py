"""What waits for one person in an organization: assigned, come back, mentioned, offered."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.tenancy import Access
from assessments.assigned import Assigned, assigned, covered, soonest_first
from assessments.enums import AssessmentStatus
from assessments.models import Answer, Assessment, Assignment, Comment, Suggestion
from assessments.queries import question_url
from guide.model import Question

MENTIONS = 20
# Of so many of the newest: a contributor may not see the questions of some.
MENTIONS_READ = 200


@dataclass(frozen=True)
class Returned:
    """An answer past its date that goes back to whoever gave it or is asked for it."""

    assessment: Assessment
    question: Question
    row: Answer
    url: str


@dataclass(frozen=True)
class Waiting:
    open: list[Assigned]
    done: list[Assigned]
    returned: list[Returned]
    mentions: list[Comment]
    suggestions: int
    # Drafts that contributors may fill as a whole.
    open_assessments: list[Assessment]

    def __bool__(self) -> bool:
        return bool(self.open or self.returned or self.mentions or self.open_assessments)


def my_assignments(access: Access) -> QuerySet[Assignment]:
    """This person's assignments in drafts of the organization."""
    return access.scope(Assignment).filter(
        assignee=access.user, assessment__status=AssessmentStatus.DRAFT
    )


def waiting_count(access: Access) -> int:
    """How many assignments wait for this person: one query, for the navigation."""
    if not access.can_answer:
        return 0
    return my_assignments(access).filter(done_at=None).count()


def answered_count(access: Access) -> int:
    """How many of those have every question answered: two queries."""
    own = list(my_assignments(access).filter(done_at=None).select_related("assessment"))
    today = timezone.localdate()
    drafts = {part.assessment_id for part in own}
    rows = Answer.objects.with_evidence(today).filter(assessment__in=drafts)
    parts = _assigned(own, _by_assessment(rows), today, access.organization.slug)
    return sum(part.is_complete for part in parts)


def waiting_for(access: Access) -> Waiting:
    """Everything that waits: five queries, however much it is."""
    today = timezone.localdate()
    own = list(my_assignments(access).select_related("assessment", "assigned_by", "mail"))
    drafts = {
        draft.pk: draft for draft in access.scope(Assessment).filter(status=AssessmentStatus.DRAFT)
    }
    # Not the answers of every draft: tables of hundreds of rows may be among them.
    mine = Q(assessment__in={part.assessment_id for part in own}) | Q(updated_by=access.user)
    rows = list(Answer.objects.with_evidence(today).filter(mine, assessment__in=list(drafts)))
    by_assessment = _by_assessment(rows)
    parts = _assigned(own, by_assessment, today, access.organization.slug)
    parts.sort(key=soonest_first)
    return Waiting(
        open=[part for part in parts if not part.is_done],
        done=[part for part in parts if part.is_done],
        returned=_returned(access, own, drafts, rows),
        mentions=_mentions(access, own, drafts),
        suggestions=_suggestions(own, drafts, by_assessment),
        open_assessments=[draft for draft in drafts.values() if draft.is_open_to_contributors],
    )


def _by_assessment(rows: Iterable[Answer]) -> dict[int, dict[str, Answer]]:
    found: dict[int, dict[str, Answer]] = defaultdict(dict)
    for row in rows:
        found[row.assessment_id][row.question_id] = row
    return found


def _assigned(
    own: Sequence[Assignment],
    by_assessment: dict[int, dict[str, Answer]],
    today: date,
    slug: str,
) -> list[Assigned]:
    found: list[Assigned] = []
    grouped: dict[int, list[Assignment]] = defaultdict(list)
    for assignment in own:
        grouped[assignment.assessment_id].append(assignment)
    for assignments in grouped.values():
        assessment = assignments[0].assessment
        answers = {
            question_id: row.to_domain()
            for question_id, row in by_assessment[assessment.pk].items()
        }
        found += assigned(assessment, assignments, answers, today, slug)
    return found


def _returned(
    access: Access, own: Sequence[Assignment], drafts: dict[int, Assessment], rows: list[Answer]
) -> list[Returned]:
    asked = _asked_of_me(own)
    found = []
    for row in rows:
        draft = drafts[row.assessment_id]
        question = draft.guide.questions.get(row.question_id)
        is_mine = row.question_id in asked[draft.pk]
        if not access.can_read_all and not is_mine and not draft.is_open_to_contributors:
            continue
        is_mine = is_mine or row.updated_by_id == access.user.pk
        if question is not None and is_mine and row.is_expired:
            url = question_url(draft, question, access.organization.slug)
            found.append(Returned(draft, question, row, url))
    return found


def _asked_of_me(own: Sequence[Assignment]) -> dict[int, set[str]]:
    asked: dict[int, set[str]] = defaultdict(set)
    for assignment in own:
        questions = covered(assignment.assessment.guide, assignment)
        asked[assignment.assessment_id] |= {question.id for question in questions}
    return asked


def _mentions(
    access: Access, own: Sequence[Assignment], drafts: dict[int, Assessment]
) -> list[Comment]:
    """The newest comments that name this person, in drafts, where they may see the question."""
    asked = _asked_of_me(own)
    found = (
        Comment.objects.filter(assessment__in=list(drafts), mentions=access.user, withdrawn_at=None)
        .exclude(author=access.user)
        .select_related("author", "assessment")
        .order_by("-created_at")[:MENTIONS_READ]
    )
    seen = (
        comment
        for comment in found
        # A newer guide may have dropped the question; its comments are with the parked answers.
        if comment.question_id in drafts[comment.assessment_id].guide.questions
        and (
            access.can_read_all
            or drafts[comment.assessment_id].is_open_to_contributors
            or comment.question_id in asked[comment.assessment_id]
        )
    )
    return list(islice(seen, MENTIONS))


def _suggestions(
    own: Sequence[Assignment],
    drafts: dict[int, Assessment],
    by_assessment: dict[int, dict[str, Answer]],
) -> int:
    """How many of the questions assigned to me have an answer offered and none taken."""
    asked = _asked_of_me(own)
    offered = Suggestion.objects.filter(assessment__in=list(asked)).values_list(
        "assessment_id", "question_id"
    )
    return sum(
        question_id in asked[assessment_id] and question_id not in by_assessment[assessment_id]
        for assessment_id, question_id in offered
    )

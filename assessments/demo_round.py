"""The demo's second round: under way, filled by several people, with proof, doubt and dissent."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from assessments.enums import KindOfEvidence, ScopeOfAssignment, StateOfAnswer
from assessments.models import Assessment, Assignment, Comment, Evidence, SeatAnswer
from assessments.queries import answer_set
from assessments.services import answer_save, assessment_create, stored_answer
from assessments.services.rounds import round_continue, suggestions_take


@dataclass(frozen=True)
class Seen:
    """What a person answers from a seat."""

    question: str
    seat: str
    role: Role
    level: int
    note: str = ""


# Better than in the first round; what shows it, if anything, and for how many days from today.
MOVED = (
    ("Q1.01", 2, "document", "Systems list, second draft", 120),
    ("Q1.13", 3, "measured", "Protocol of the restore test in spring", -6),
    ("Q3.06", 3, "interview", "", 0),
    ("Q2.07", 2, "interview", "", 0),
)
SEATS = (
    Seen("Q2.07", "it", Role.EDITOR, 3, "They are in every planning meeting."),
    Seen("Q2.07", "clinical", Role.CONTRIBUTOR, 1, "We hear of changes when they are decided."),
    Seen("Q2.07", "compliance", Role.OWNER, 2),
    Seen("Q3.06", "it", Role.EDITOR, 3),
    Seen("Q3.06", "security", Role.OWNER, 1, "The interface server still has one shared account."),
)
PROOF = "https://intranet.example/it/"


def demo_second_round(previous: Assessment, people: dict[Role, User], today: date) -> Assessment:
    """A draft that continues `previous`. Making it sends no mail; reminders go out in time."""
    owner = people[Role.OWNER]
    profile = {
        question.id: answer
        for question in previous.guide.profile_questions
        if (answer := answer_set(previous).get(question.id)) is not None
    }
    draft = assessment_create(
        organization=previous.organization, user=owner, name="Second assessment", profile=profile
    )
    round_continue(assessment=draft, previous=previous, user=owner)
    for step in draft.guide.steps[:2]:
        ids = [question.id for question in step.questions]
        suggestions_take(assessment=draft, user=people[Role.EDITOR], question_ids=ids)
    for question_id, level, basis, proof, days in MOVED:
        _answer(draft, people[Role.EDITOR], question_id, level, basis)
        if proof:
            _prove(draft, people[Role.EDITOR], question_id, proof, today + timedelta(days=days))
    _sit(draft, people)
    _ask(draft, people, today)
    begun = datetime.combine(today - timedelta(days=12), time(15), tzinfo=UTC)
    Assessment.objects.filter(pk=draft.pk).update(created_at=begun)
    return draft


def _answer(draft: Assessment, user: User, question_id: str, level: int, basis: str) -> None:
    stored = stored_answer(draft, question_id)
    answer_save(
        assessment=draft,
        user=user,
        question_id=question_id,
        state=StateOfAnswer.ANSWERED,
        value=level,
        basis=basis,
        version=stored.version if stored else 0,
    )


def _prove(draft: Assessment, user: User, question_id: str, title: str, until: date) -> None:
    Evidence.objects.create(
        assessment=draft,
        question_id=question_id,
        kind=KindOfEvidence.LINK,
        title=title,
        url=f"{PROOF}{question_id.lower()}",
        expires_on=until,
        added_by=user,
    )


def _sit(draft: Assessment, people: dict[Role, User]) -> None:
    SeatAnswer.objects.bulk_create(
        SeatAnswer(
            assessment=draft,
            question_id=seen.question,
            seat=seen.seat,
            user=people[seen.role],
            state=StateOfAnswer.ANSWERED,
            value=seen.level,
            note=seen.note,
            updated_at=timezone.now(),
        )
        for seen in SEATS
    )
    comment = Comment.objects.create(
        assessment=draft,
        question_id="Q2.07",
        author=people[Role.OWNER],
        text="@Carla Contributor can you bring someone from the wards on Thursday?",
    )
    comment.mentions.add(people[Role.CONTRIBUTOR])


def _ask(draft: Assessment, people: dict[Role, User], today: date) -> None:
    parts = (
        (ScopeOfAssignment.STEP, "STEP-5", Role.CONTRIBUTOR, 9),
        (ScopeOfAssignment.QUESTION, "Q2.07", Role.CONTRIBUTOR, 3),
        (ScopeOfAssignment.STEP, "STEP-3", Role.EDITOR, -2),
    )
    Assignment.objects.bulk_create(
        Assignment(
            assessment=draft,
            scope=scope,
            target=target,
            assignee=people[role],
            due_on=today + timedelta(days=days),
            assigned_by=people[Role.OWNER],
        )
        for scope, target, role, days in parts
    )

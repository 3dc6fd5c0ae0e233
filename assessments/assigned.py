"""Assignments as people read them: what, by when, how far, and whether somebody is still there."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import Membership
from accounts.tenancy import Can, role_allows
from assessments.domain.answers import AnswerSet
from assessments.domain.applicability import applicable
from assessments.domain.scope import PROFILE, NoSuchPart, find_section, questions_in
from assessments.models import Assessment, Assignment
from assessments.progress import Progress, part_progress
from assessments.queries import question_url
from guide.model import Guide, Question
from jobs.enums import JobState

WHO_ANSWERS = tuple(role for role in Role if role_allows(role, Can.ANSWER))


@dataclass(frozen=True)
class Assigned:
    """One assignment with what it covers now."""

    assignment: Assignment
    title: str
    progress: Progress
    # Where to begin: the first question without an answer, else the first.
    url: str
    today: date
    is_nobodys: bool = False

    @property
    def is_complete(self) -> bool:
        return self.progress.answered == self.progress.asked

    @property
    def is_done(self) -> bool:
        return self.assignment.done_at is not None

    @property
    def is_overdue(self) -> bool:
        due_on = self.assignment.due_on
        return not self.is_done and due_on is not None and due_on < self.today

    @property
    def is_due_today(self) -> bool:
        return not self.is_done and self.assignment.due_on == self.today

    @property
    def mail_failed(self) -> bool:
        mail = self.assignment.mail
        return mail is not None and mail.state == JobState.FAILED


def assigned(
    assessment: Assessment,
    assignments: Iterable[Assignment],
    answers: AnswerSet,
    today: date,
    slug: str,
    answering: Collection[int] | None = None,
) -> list[Assigned]:
    """The assignments of one assessment; `answering` are the people who can answer now."""
    guide = assessment.guide
    switches = applicable(guide, answers)

    def read(assignment: Assignment) -> Assigned:
        questions = covered(guide, assignment)
        progress = part_progress(questions, answers, switches)
        first = next(iter((*progress.missing.unanswered, *progress.questions, *questions)), None)
        return Assigned(
            assignment=assignment,
            title=part_title(guide, assignment.scope, assignment.target),
            progress=progress,
            url=question_url(assessment, first, slug) if first else "",
            today=today,
            is_nobodys=answering is not None and assignment.assignee_id not in answering,
        )

    return [read(assignment) for assignment in assignments]


def covered(guide: Guide, assignment: Assignment) -> tuple[Question, ...]:
    """The questions of an assignment; none where the guide lost the part."""
    try:
        return questions_in(guide, assignment.scope, assignment.target)
    except NoSuchPart:
        return ()


def part_title(guide: Guide, scope: str, target: str) -> str:
    """The name of a step, section or question, such as “Step 3: Build the pipeline”."""
    try:
        questions = questions_in(guide, scope, target)
    except NoSuchPart:
        return target
    if scope == "question":
        return f"{questions[0].id} {questions[0].title}"
    if target == PROFILE:
        return _("The organization’s profile")
    if scope == "step":
        step = guide.step(target)
        return _("Step %(number)s: %(title)s") % {"number": step.number, "title": step.title}
    title = find_section(guide, target).title
    number = _step_number(guide, questions)
    if number is None:
        return _("%s (profile)") % title
    return _("%(title)s (step %(number)s)") % {"title": title, "number": number}


def _step_number(guide: Guide, questions: tuple[Question, ...]) -> int | None:
    numbers: Mapping[str, int] = {step.id: step.number for step in guide.steps}
    return numbers.get(questions[0].step) if questions else None


def row_of(guide: Guide, assignment: Assignment) -> str:
    """The step an assignment belongs to: in the table of steps and people it stands there."""
    questions = covered(guide, assignment)
    return questions[0].step if questions else ""


def soonest_first(part: Assigned) -> tuple[bool, date, int]:
    due_on = part.assignment.due_on
    return (due_on is None, due_on or date.max, part.assignment.pk)


def people_who_answer(memberships: Iterable[Membership]) -> set[int]:
    return {membership.user_id for membership in memberships if membership.role in WHO_ANSWERS}

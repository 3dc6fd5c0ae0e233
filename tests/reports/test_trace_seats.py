"""What an auditor reads of seats and settlements: which one the printed answer rests on."""

import pytest
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from assessments.domain.answers import Answer as Said
from assessments.domain.answers import AnswerState
from assessments.models import Answer, Assessment
from assessments.services import answer_save, assessment_import, assessment_submit
from assessments.services.seats import answer_settle
from reports.choices import Choices
from reports.documents.sections import document_html
from reports.frozen.for_documents import freeze_for
from reports.frozen.snapshot import ReportSnapshot
from reports.frozen.trace import AnswerTrace
from roadmap.services import roadmap_create
from tests.assessments.factories import say_from_seat
from tests.factories import make_member, make_organization
from tests.reports.test_same_figures import words_of
from tests.roadmap.factories import MONDAY, hospital_answers

pytestmark = pytest.mark.django_db
AUDITOR = Choices(document="auditor", detail="everything")
QUESTION = "Q1.01"


@pytest.fixture
def owner() -> User:
    return make_member(make_organization(), Role.OWNER).user


@pytest.fixture
def draft(owner: User) -> Assessment:
    organization = owner.memberships.get().organization
    return assessment_import(
        organization=organization, user=owner, name="Spring", answers=hospital_answers()
    )


def settle(draft: Assessment, user: User, level: int, note: str) -> None:
    version = Answer.objects.get(assessment=draft, question_id=QUESTION).version
    answer_settle(
        assessment=draft,
        user=user,
        question_id=QUESTION,
        given=Said(AnswerState.ANSWERED, level),
        version=version,
        agreed=[user.pk],
        note=note,
    )


def answer(draft: Assessment, user: User, level: int, note: str = "") -> None:
    version = Answer.objects.get(assessment=draft, question_id=QUESTION).version
    answer_save(
        assessment=draft,
        user=user,
        question_id=QUESTION,
        state="answered",
        value=level,
        note=note,
        version=version,
    )


def frozen(draft: Assessment, user: User) -> ReportSnapshot:
    snapshot = assessment_submit(assessment=draft, user=user)
    roadmap = roadmap_create(
        organization=draft.organization, user=user, snapshot=snapshot, name="R", start_on=MONDAY
    )
    return freeze_for(roadmap, AUDITOR)


def traced(snapshot: ReportSnapshot) -> AnswerTrace:
    assert snapshot.trace is not None
    return next(one for one in snapshot.trace.answers if one.id == QUESTION)


def test_newest_settlement_is_told_with_its_day(draft: Assessment, owner: User) -> None:
    settle(draft, owner, 1, "First talk.")
    settle(draft, owner, 3, "Second talk.")

    found = traced(frozen(draft, owner))

    assert (found.settled_why, found.is_changed_since) == ("Second talk.", False)
    assert found.settled == str(owner)
    assert found.settled_on == timezone.localdate()


def test_answer_given_anew_is_not_said_to_be_what_was_agreed(
    draft: Assessment, owner: User
) -> None:
    settle(draft, owner, 1, "First talk.")
    answer(draft, owner, 4)

    snapshot = frozen(draft, owner)

    assert traced(snapshot).is_changed_since
    assert "and answered differently since" in words_of(document_html(snapshot, AUDITOR))


def test_note_added_later_leaves_the_answer_the_one_agreed_on(
    draft: Assessment, owner: User
) -> None:
    settle(draft, owner, 1, "First talk.")
    answer(draft, owner, 1, note="See the minutes.")

    assert not traced(frozen(draft, owner)).is_changed_since


def test_what_was_said_from_seats_is_printed_with_every_detail_only(
    draft: Assessment, owner: User
) -> None:
    say_from_seat(draft, QUESTION, "it", 3, note="Our list is complete.")
    say_from_seat(draft, QUESTION, "security", state="unknown")
    settle(draft, owner, 1, "")

    snapshot = frozen(draft, owner)
    printed = words_of(document_html(snapshot, AUDITOR))

    first, second = traced(snapshot).seats
    assert first.note == "Our list is complete."
    assert second.answer == "we don't know"
    assert "Said from seats" in printed
    assert "Our list is complete." in printed
    usual = Choices(document="auditor")
    assert "Our list is complete." not in words_of(document_html(snapshot, usual))

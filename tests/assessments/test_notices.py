"""What assessments tell people stands in their inbox, and follows what they want mailed."""

import pytest
from django.core import mail

from accounts.enums import Role
from accounts.tenancy import Access
from assessments.notices import ASSIGNMENT, MENTION
from assessments.services.assignments import assign, assignment_send_again
from assessments.services.comments import comment_add, comment_withdraw
from inbox.models import Notice, NoticeSettings
from jobs.models import Job
from jobs.tasks import run_job
from tests.assessments.factories import make_assessment
from tests.factories import make_member

pytestmark = pytest.mark.django_db
SITE = "https://waymark.example.org"


@pytest.fixture
def round_of_two():
    editor = make_member(role=Role.EDITOR)
    asked = make_member(editor.organization, Role.CONTRIBUTOR)
    return make_assessment(organization=editor.organization), editor, asked


def ask(assessment, editor, asked):
    [made] = assign(
        assessment=assessment,
        by=editor.user,
        parts=[("question", "Q1.01")],
        people=[asked.user],
        due_on=None,
        site=SITE,
    )
    made.refresh_from_db()
    return made


def test_assignment_stands_in_the_inbox_and_its_mail_can_be_stopped(round_of_two) -> None:
    made = ask(*round_of_two)
    notice = Notice.objects.get()
    assert (notice.kind, notice.person, notice.mail_id) == (ASSIGNMENT, made.assignee, made.mail_id)
    run_job(notice.mail_id)
    [message] = mail.outbox
    assert f"/{ASSIGNMENT}/" in message.extra_headers["List-Unsubscribe"]
    assert "/inbox/settings/" in message.body
    assert "/inbox/settings/" in message.alternatives[0][0]


def test_whoever_wants_no_such_mails_is_told_in_the_inbox_only(round_of_two) -> None:
    assessment, editor, asked = round_of_two
    NoticeSettings.objects.create(
        organization=assessment.organization, person=asked.user, mails={ASSIGNMENT: False}
    )
    made = ask(assessment, editor, asked)
    assert made.mail is None
    assert assignment_send_again(assignment=made, by=editor.user, site=SITE) is None
    assert not Job.objects.exists()
    assert Notice.objects.filter(person=asked.user).count() == 2


def test_withdrawn_comment_takes_back_what_nobody_read(round_of_two) -> None:
    assessment, editor, asked = round_of_two
    ask(assessment, editor, asked)
    comment = comment_add(
        assessment=assessment,
        author=editor.user,
        question=assessment.guide.question("Q1.01"),
        text="Weak spot here?",
        ticked=[asked.user.pk],
        site=SITE,
    )
    notice = Notice.objects.get(kind=MENTION)
    assert "Weak" not in notice.title + notice.text
    comment_withdraw(
        access=Access(assessment.organization, editor.user, Role.EDITOR), comment=comment
    )
    assert not Notice.objects.filter(kind=MENTION).exists()

"""Asking people for their part: services, pages, e-mails, reminders, and what waits for one."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEntry, Membership
from accounts.services import membership_remove
from accounts.tenancy import Access, access_to
from assessments.home import panel
from assessments.models import Answer, Assessment, Assignment, Comment
from assessments.services import AssessmentClosed, assessment_submit
from assessments.services.assignments import (
    AssignmentInvalid,
    assign,
    assignment_change,
    assignment_done,
    assignment_withdraw,
)
from assessments.services.reminders import assignments_remind
from jobs.enums import JobState
from jobs.mailing import mails_retry
from jobs.models import Job
from jobs.tasks import run_job
from tests.assessments.factories import save_answer
from tests.assessments.test_access import person
from tests.factories import make_member, make_organization

SITE = "https://waymark.example.org"
STEP_1 = ("step", "STEP-1")


def today() -> date:
    return timezone.localdate(timezone=UTC)


def ask(visitor, *people, parts=(STEP_1,), due_in=10, message="Thank you") -> list[Assignment]:
    return assign(
        assessment=visitor.assessment,
        by=visitor.user,
        parts=parts,
        people=[one.user for one in people],
        due_on=None if due_in is None else today() + timedelta(days=due_in),
        message=message,
        site=SITE,
    )


def send_mails() -> None:
    for job in Job.objects.filter(kind="mail", state=JobState.QUEUED):
        run_job(job.pk)


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def bo(visitor):
    made = person(visitor, Role.CONTRIBUTOR)
    made.user.name = "Bo"
    made.user.save()
    return made


def test_assigned_step_opens_for_the_contributor_and_withdrawn_it_closes(visitor, bo):
    (assignment,) = ask(visitor, bo)
    seen = bo.client.get(bo.page("question", "Q1.01")).status_code
    assignment_withdraw(assignment=assignment, by=visitor.user)

    assert seen == 200
    assert bo.client.get(bo.page("question", "Q1.01")).status_code == 404
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"assignment.made", "assignment.withdrawn"} <= verbs


def test_one_mail_goes_out_for_all_parts_with_link_who_what_and_when(visitor, bo):
    ask(visitor, bo, parts=(STEP_1, ("section", "S2-choice"), ("question", "Q6.01")))
    send_mails()

    (sent,) = mail.outbox
    assert sent.to == [bo.user.email]
    assert "Ada asks you to answer" in sent.subject
    for part in ("Step 1", "(step 2)", "Q6.01", "Thank you", f"{SITE}{bo.url('mine')}", "because"):
        assert part in sent.body
    assert "<html" in sent.alternatives[0][0]
    assert Assignment.objects.exclude(sent_at=None).count() == 3


def test_mail_job_that_runs_twice_sends_once(visitor, bo):
    (assignment,) = ask(visitor, bo)
    run_job(assignment.mail_id or Job.objects.get().pk)
    run_job(Job.objects.get().pk)

    assert len(mail.outbox) == 1


def test_mail_of_a_dead_server_fails_keeps_the_assignment_and_is_tried_again(
    visitor, bo, monkeypatch, settings
):
    settings.JOB_MAX_ATTEMPTS = 1
    (assignment,) = ask(visitor, bo)
    job = Job.objects.get()
    with monkeypatch.context() as away:
        away.setattr(EmailBackend, "send_messages", refuse)
        run_job(job.pk)
    page = text_of(visitor.client.get(visitor.page("assignment", assignment.pk)))

    assert Job.objects.get().state == JobState.FAILED
    assert "could not be sent" in page
    assert mails_retry() == 1
    run_job(job.pk)
    assert len(mail.outbox) == 1
    assert mails_retry() == 0


def refuse(self, messages):
    raise ConnectionRefusedError("no mail server")


def test_mail_says_nothing_about_what_was_withdrawn_or_to_who_left(visitor, bo):
    (assignment,) = ask(visitor, bo)
    assignment_withdraw(assignment=assignment, by=visitor.user)
    ask(visitor, bo, parts=[("step", "STEP-2")])
    Membership.objects.get(user=bo.user).delete()
    send_mails()

    assert mail.outbox == []
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}


def test_assignment_to_who_left_or_only_reads_is_refused_with_what_to_do(visitor, bo):
    viewer = person(visitor, Role.VIEWER)
    Membership.objects.get(user=bo.user).delete()

    with pytest.raises(AssignmentInvalid) as left:
        ask(visitor, bo)
    with pytest.raises(AssignmentInvalid) as reads:
        ask(visitor, viewer)

    assert "Invite them again" in str(left.value)
    assert "make them a contributor" in str(reads.value)
    assert not Assignment.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"due_in": -1}, "due_on"),
        ({"parts": []}, "parts"),
        ({"parts": [("section", "no-such")]}, "parts"),
        ({"message": "x" * 2001}, "message"),
    ],
)
def test_bad_assignment_is_refused_at_its_field(visitor, bo, changes, field):
    with pytest.raises(AssignmentInvalid) as invalid:
        ask(visitor, bo, **changes)

    assert set(invalid.value.errors) == {field}


def test_submitted_assessment_takes_no_assignments(visitor, bo):
    assessment_submit(assessment=visitor.assessment, user=None)
    visitor.assessment.refresh_from_db()

    with pytest.raises(AssessmentClosed):
        ask(visitor, bo)
    assert visitor.client.get(visitor.page("assign")).status_code == 409


def test_reassigned_part_moves_with_a_mail_to_the_new_person(visitor, bo):
    cy = person(visitor, Role.CONTRIBUTOR)
    (assignment,) = ask(visitor, bo)
    assignment_change(assignment=assignment, by=visitor.user, to=cy.user, due_on=today(), site=SITE)
    send_mails()

    assert [a.assignee for a in Assignment.objects.all()] == [cy.user]
    assert [sent.to for sent in mail.outbox] == [[cy.user.email]]
    assert bo.client.get(bo.page("question", "Q1.01")).status_code == 404


def test_part_of_a_removed_member_is_shown_as_nobodys_and_can_be_given_on(visitor, bo):
    (assignment,) = ask(visitor, bo)
    make_member(visitor.organization, Role.OWNER)
    membership_remove(membership=Membership.objects.get(user=bo.user), user=visitor.user)

    page = text_of(visitor.client.get(visitor.page("assignments")))
    detail = text_of(visitor.client.get(visitor.page("detail")))
    moved = visitor.client.post(
        visitor.page("assignment", assignment.pk), {"to": visitor.user.pk, "due_on": ""}
    )

    assert "Nobody’s" in page
    assert "1 is nobody’s" in detail
    assert bo.client.get(bo.page("detail")).status_code == 404
    assert moved.status_code == 302
    assert Assignment.objects.get().assignee == visitor.user


def test_form_assigns_in_bulk_and_keeps_what_was_typed_when_refused(visitor, bo):
    cy = person(visitor, Role.CONTRIBUTOR)
    typed = {
        "parts": ["step:STEP-3", "section:S1-systems"],
        "people": [str(bo.user.pk), str(cy.user.pk)],
        "message": "By Friday please",
    }
    refused = visitor.client.post(visitor.page("assign"), {**typed, "due_on": "2020-01-01"})
    sent = visitor.client.post(visitor.page("assign"), {**typed, "due_on": ""})

    shown = text_of(refused)
    assert refused.status_code == 422
    assert "This day is past" in shown
    assert "By Friday please" in shown
    assert 'value="step:STEP-3" checked' in shown
    assert 'value="2020-01-01"' in shown
    assert sent.headers["Location"] == visitor.page("assignments")
    assert Assignment.objects.count() == 4


def test_form_tells_of_a_stranger_nothing(visitor):
    stranger = make_member(make_organization(), Role.EDITOR).user
    response = visitor.client.post(
        visitor.page("assign"), {"parts": ["step:STEP-3"], "people": [str(stranger.pk)]}
    )

    assert response.status_code == 422
    assert str(stranger) not in text_of(response)


def test_only_the_assignee_says_done_and_progress_is_told_to_the_editor(visitor, bo):
    (assignment,) = ask(visitor, bo, due_in=0)
    Assignment.objects.update(due_on=today() - timedelta(days=1))
    save_answer(visitor.assessment, "Q1.01", 2)
    before = text_of(visitor.client.get(visitor.page("assignments")))
    refused = visitor.client.post(visitor.page("assignment_done", assignment.pk))
    bo.client.post(bo.page("assignment_done", assignment.pk))
    after = text_of(visitor.client.get(visitor.page("assignments")))

    assert re.search(r"1 of \d+ · due", before)
    assert "Overdue" in before
    assert refused.status_code == 404
    assert "Overdue" not in after
    assert 'wm-badge--good">Done' in after


def test_done_said_of_what_was_withdrawn_in_the_same_moment_changes_nothing(visitor, bo):
    (assignment,) = ask(visitor, bo)
    Assignment.objects.all().delete()

    assignment_done(assignment=assignment, is_done=True)

    assert not Assignment.objects.exists()


@pytest.fixture
def clock(monkeypatch):
    """Set what the organization's clock (UTC) says to the reminders."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


def test_reminders_go_once_the_day_before_and_once_when_overdue(visitor, bo, clock):
    ask(visitor, bo, due_in=10)
    due = Assignment.objects.get().due_on
    morning = datetime(due.year, due.month, due.day, 8, tzinfo=UTC)
    asked = []
    for day, hour in [(-2, 8), (-1, 5), (-1, 8), (-1, 9), (0, 8), (1, 8), (1, 9), (5, 8)]:
        clock(morning.replace(hour=hour) + timedelta(days=day))
        asked.append(assignments_remind())

    assert asked == [0, 0, 1, 0, 0, 1, 0, 0]


def test_reminder_of_an_overdue_part_is_sent_unless_all_is_answered(visitor, bo, clock):
    ask(visitor, bo, parts=[("question", "Q1.01"), ("question", "Q1.02")], due_in=0)
    save_answer(visitor.assessment, "Q1.01", 2)
    clock(datetime.now(UTC).replace(hour=8) + timedelta(days=1))
    Job.objects.all().delete()

    assert assignments_remind() == 2
    send_mails()
    (sent,) = mail.outbox
    assert sent.subject.startswith("Overdue: 1 question waits")
    assert "Q1.02" in sent.body


def test_mail_about_what_no_page_assigned_still_has_a_whole_link(visitor, bo, clock, settings):
    ask(visitor, bo, due_in=0)
    Assignment.objects.update(site="")
    clock(datetime.now(UTC).replace(hour=8) + timedelta(days=1))
    Job.objects.all().delete()

    assignments_remind()
    send_mails()

    assert f"{settings.WAYMARK_URL}/o/north/" in mail.outbox[0].body


def test_nobody_is_reminded_of_what_is_done_or_submitted(visitor, bo, clock):
    ask(visitor, bo, due_in=0)
    clock(datetime.now(UTC).replace(hour=8) + timedelta(days=1))
    Assignment.objects.update(done_at=timezone.now())
    assert assignments_remind() == 0
    Assignment.objects.update(done_at=None)
    assessment_submit(assessment=visitor.assessment, user=None)
    assert assignments_remind() == 0


def test_mine_lists_soonest_first_with_what_came_back_and_mentions(visitor, bo):
    ask(visitor, bo, parts=[("step", "STEP-2")], due_in=9)
    ask(visitor, bo, parts=[STEP_1], due_in=3)
    save_answer(visitor.assessment, "Q1.01", 2, user=bo.user)
    Answer.objects.update(expires_on=today() - timedelta(days=1))
    comment = Comment.objects.create(
        assessment=visitor.assessment, question_id="Q2.01", author=visitor.user, text="Bo, right?"
    )
    comment.mentions.add(bo.user)

    page = text_of(bo.client.get(bo.url("mine")))

    assert page.index("Step 1:") < page.index("Step 2:")
    assert "Come back to you" in page
    assert "Bo, right?" in page
    assert ">2<span" in page  # the badge of the navigation


def test_own_answer_comes_back_without_any_assignment(visitor):
    save_answer(visitor.assessment, "Q1.01", 2, user=visitor.user)
    Answer.objects.update(expires_on=today() - timedelta(days=1))

    page = text_of(visitor.client.get(visitor.url("mine")))

    assert "Come back to you" in page


def test_mention_on_a_question_of_others_is_not_shown(visitor, bo):
    comment = Comment.objects.create(
        assessment=visitor.assessment, question_id="Q2.01", author=visitor.user, text="Secret"
    )
    comment.mentions.add(bo.user)

    assert "Secret" not in text_of(bo.client.get(bo.url("mine")))


def test_mine_without_anything_says_whom_to_ask_and_knows_gone_links(visitor, bo):
    page = text_of(bo.client.get(bo.url("mine")))
    gone = text_of(bo.client.get(bo.url("mine") + "?assignment=4711"))

    assert "Nothing waits for you" in page
    assert "ask Ada" in page
    assert "no longer yours to fill" in gone


@pytest.mark.parametrize(("is_open", "verb"), [(True, "opened"), (False, "closed")])
def test_editor_opens_and_closes_the_assessment_for_contributors(visitor, bo, is_open, verb):
    Assessment.objects.update(is_open_to_contributors=not is_open)
    visitor.client.post(visitor.page("contributors"), {"open": "yes" if is_open else "no"})

    assert Assessment.objects.get().is_open_to_contributors == is_open
    assert bo.client.get(bo.page("review")).status_code == (200 if is_open else 403)
    assert AuditEntry.objects.filter(verb=f"assessment.{verb}_to_contributors").exists()


def test_new_assessment_is_closed_to_contributors(visitor):
    assert not visitor.assessment.is_open_to_contributors
    assert "contributors see only what you assign" in text_of(
        visitor.client.get(visitor.url("create"))
    )


@pytest.mark.parametrize("number", [1, 60])
def test_pages_of_assignments_do_not_grow(visitor, bo, number, django_assert_max_num_queries):
    questions = [q.id for step in visitor.assessment.guide.steps for q in step.questions]
    people = [bo, *(person(visitor, Role.CONTRIBUTOR) for _ in range(2 if number > 1 else 0))]
    ask(visitor, *people, parts=[("question", q) for q in questions[:number]])
    assignment = Assignment.objects.filter(assignee=bo.user).first()

    with django_assert_max_num_queries(10):
        visitor.client.get(visitor.page("assignments"))
    with django_assert_max_num_queries(8):
        visitor.client.get(visitor.page("assign"))
    with django_assert_max_num_queries(9):
        visitor.client.get(visitor.page("assignment", assignment.pk))
    with django_assert_max_num_queries(12):
        page = bo.client.get(bo.url("mine"))
    with django_assert_max_num_queries(15):
        bo.client.get(bo.page("detail"))

    assert text_of(page).count("wm-mine") >= 1


@pytest.mark.parametrize("number", [1, 60])
def test_home_panel_with_assignments_asks_four_queries(
    visitor, bo, number, django_assert_max_num_queries
):
    questions = [q.id for step in visitor.assessment.guide.steps for q in step.questions]
    ask(visitor, bo, parts=[("question", q) for q in questions[:number]])
    access = access_to(bo.user, visitor.organization.slug)

    with django_assert_max_num_queries(4):
        shown = panel(access)

    assert shown.context["progress"].asked <= number
    assert shown.context["waiting"]["number"] == number
    home = bo.client.get(reverse("accounts:organization_home", args=[visitor.organization.slug]))
    assert "waits for you" in text_of(home) or "wait for you" in text_of(home)


def test_badge_costs_one_query(visitor, bo, django_assert_num_queries):
    from assessments.waiting import waiting_count

    ask(visitor, bo, parts=[STEP_1, ("step", "STEP-2")])
    with django_assert_num_queries(1):
        assert waiting_count(Access(visitor.organization, bo.user, Role.CONTRIBUTOR)) == 2
    with django_assert_num_queries(0):
        assert waiting_count(Access(visitor.organization, bo.user, Role.VIEWER)) == 0


def test_question_names_who_is_asked_and_how_many_share_it(visitor, bo):
    cy = person(visitor, Role.CONTRIBUTOR)
    ask(visitor, bo, cy, parts=[("question", "Q1.01")])

    step = text_of(visitor.client.get(visitor.page("step", 1)))
    room = text_of(visitor.client.get(visitor.page("question", "Q1.01")))

    assert "Bo and 1 other" in step
    assert visitor.page("assign") + "?part=section:S1-systems" in step
    assert visitor.page("assign") + "?part=question:Q1.01" in room
    assert str(cy.user) in room

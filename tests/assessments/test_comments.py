"""Comments on a question, and telling the people they name."""

import html

import pytest
from django.core import mail
from django.test import Client

from accounts.enums import Role
from accounts.models import AuditEntry
from assessments.domain.mentions import named_in
from assessments.linked_text import linked
from assessments.models import Assignment, Comment
from assessments.services import assessment_submit
from jobs.models import Job
from jobs.tasks import run_job
from tests.factories import make_member, make_user

HOSTILE = '<script>alert("x")</script> & שלום 🏥'


def text_of(response) -> str:
    return " ".join(html.unescape(response.content.decode()).split())


def member(visitor, role=Role.EDITOR, *, name="Ben Okri"):
    return make_member(visitor.organization, role, user=make_user(name=name)).user


def browser_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def comment_on(visitor, text, *, client=None, tell=(), question_id="Q1.01"):
    url = visitor.page("comment_add", question_id)
    return (client or visitor.client).post(url, {"text": text, "tell": list(tell)})


def room(visitor, client=None, question_id="Q1.01") -> str:
    return (client or visitor.client).get(visitor.page("question", question_id)).content.decode()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Ann Lee look", {2}),
        ("Ask @ann, please", {1}),
        ("(@ANN)", {1}),
        ("@ann.lee@example.org", {2}),
        ("mail to someone@ann", set()),
        ("@Annabel", set()),
        ("at @ 3 pm", set()),
        ("@Sam and @Sam", {3, 4}),
        ("", set()),
    ],
)
def test_named_are_those_after_an_at_sign(text, named):
    names = {
        1: ("Ann", "a@example.org"),
        2: ("Ann Lee", "ann.lee@example.org"),
        3: ("Sam", ""),
        4: ("Sam", ""),
    }

    assert named_in(text, names) == named


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://a.example/x?y=1&z=2.", "https://a.example/x?y=1&amp;z=2"),
        ("(http://a.example/b_(c))", "http://a.example/b_(c)"),
        ("HTTPS://A.example", "HTTPS://A.example"),
        ("javascript:alert(1) and www.a.example and ftp://a", None),
        ('https://a"onmouseover="x', "https://a"),
    ],
)
def test_only_web_addresses_become_links(text, address):
    made = linked(text)

    assert made.count("<a ") == (1 if address else 0)
    assert address is None or f'href="{address}"' in made
    assert "<script" not in linked(HOSTILE)


def test_comment_is_kept_and_shown_escaped(visitor):
    response = comment_on(visitor, f"{HOSTILE}\r\nSecond line")

    comment = Comment.objects.get()
    assert response.headers["Location"].endswith(f"#comment-{comment.pk}")
    page = room(visitor)
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "<br>Second line" in page


def test_named_and_ticked_people_are_told_once_by_mail(visitor):
    ben, cleo = member(visitor), member(visitor, Role.VIEWER, name="Cleo")

    comment_on(visitor, "@ben okri, is this so? @Ben Okri!", tell=[cleo.pk])

    assert {user.name for user in Comment.objects.get().mentions.all()} == {"Ben Okri", "Cleo"}
    for job in Job.objects.filter(kind="mail"):
        run_job(job.pk)
    assert sorted(message.to[0] for message in mail.outbox) == sorted([ben.email, cleo.email])
    assert mail.outbox[0].subject == "Ada named you in a comment"
    assert visitor.page("question", "Q1.01") in mail.outbox[0].body
    assert "is this so" not in mail.outbox[0].body


def test_mail_is_not_sent_for_a_comment_withdrawn_meanwhile(visitor):
    member(visitor)
    comment_on(visitor, "@Ben Okri")
    visitor.client.post(visitor.page("comment_withdraw", Comment.objects.get().pk))

    for job in Job.objects.filter(kind="mail"):
        run_job(job.pk)

    assert mail.outbox == []


def test_contributor_without_the_question_cannot_be_named(visitor):
    cleo = member(visitor, Role.CONTRIBUTOR, name="Cleo")

    refused = comment_on(visitor, "@Cleo what do you say? A long text.")

    assert refused.status_code == 422
    assert "Cleo is a contributor and this question is not assigned to them" in text_of(refused)
    assert "A long text." in text_of(refused)
    assert not Comment.objects.exists()
    Assignment.objects.create(
        assessment=visitor.assessment, scope="question", target="Q1.01", assignee=cleo
    )
    assert comment_on(visitor, "@Cleo what do you say?").status_code == 302


def test_strangers_cannot_be_named_or_ticked(visitor):
    stranger = make_user(name="Zoe Stranger")

    assert comment_on(visitor, "Hello", tell=[stranger.pk]).status_code == 422
    comment_on(visitor, "Hello @Zoe Stranger")

    assert not Comment.objects.get().mentions.exists()
    assert "Zoe" not in room(visitor).replace("@Zoe Stranger", "")


@pytest.mark.parametrize("text", ["", "  \r\n ", "x" * 4_001])
def test_comment_that_is_none_is_refused(visitor, text):
    assert comment_on(visitor, text).status_code == 422
    assert not Comment.objects.exists()


def test_own_comment_is_changed_and_only_new_names_are_told(visitor):
    ben = member(visitor)
    cleo = member(visitor, Role.VIEWER, name="Cleo")
    comment_on(visitor, "First @Ben Okri")
    comment = Comment.objects.get()
    url = visitor.page("comment_edit", comment.pk)

    assert "First @Ben Okri" in text_of(visitor.client.get(url))
    visitor.client.post(url, {"text": "Second @Ben Okri @Cleo"})

    comment.refresh_from_db()
    assert comment.text == "Second @Ben Okri @Cleo"
    assert comment.edited_at is not None
    mails = [job.payload["to"] for job in Job.objects.filter(kind="mail").order_by("pk")]
    assert mails == [ben.pk, cleo.pk]


def test_withdrawn_comment_keeps_its_place_and_loses_its_text(visitor):
    comment_on(visitor, "Regrettable")

    visitor.client.post(visitor.page("comment_withdraw", Comment.objects.get().pk))

    comment = Comment.objects.get()
    assert (comment.text, comment.author) == ("", visitor.user)
    assert "This comment was withdrawn" in room(visitor)
    edit = visitor.client.post(visitor.page("comment_edit", comment.pk), {"text": "Back"})
    assert edit.status_code == 403


def test_others_comments_are_changed_by_nobody_and_withdrawn_by_owners(visitor):
    comment_on(visitor, "Mine")
    comment = Comment.objects.get()
    ben = browser_of(member(visitor))
    owner = browser_of(member(visitor, Role.OWNER, name="Olga"))

    for client in (ben, owner):
        url = visitor.page("comment_edit", comment.pk)
        assert client.post(url, {"text": "Yours"}).status_code == 403
    withdraw = visitor.page("comment_withdraw", comment.pk)
    assert ben.post(withdraw).status_code == 403
    assert owner.post(withdraw).status_code == 302
    assert AuditEntry.objects.filter(verb="comment.withdrawn").count() == 1


def test_comments_end_with_the_draft_and_belong_to_those_with_the_question(visitor):
    cleo = browser_of(member(visitor, Role.CONTRIBUTOR, name="Cleo"))
    viewer = browser_of(member(visitor, Role.VIEWER, name="Vera"))
    assert comment_on(visitor, "Hi", client=cleo).status_code == 404
    assert comment_on(visitor, "Hi", client=viewer).status_code == 403
    comment_on(visitor, "Hi")
    assessment_submit(assessment=visitor.assessment, user=None)

    assert comment_on(visitor, "Late").status_code == 409
    pk = Comment.objects.get().pk
    assert visitor.client.post(visitor.page("comment_edit", pk), {"text": "x"}).status_code == 409
    assert visitor.client.post(visitor.page("comment_withdraw", pk)).status_code == 409


def test_owner_can_take_a_text_out_of_a_submitted_assessment(visitor):
    comment_on(visitor, "What must not stay")
    assessment_submit(assessment=visitor.assessment, user=None)
    owner = browser_of(member(visitor, Role.OWNER, name="Olga"))
    withdraw = visitor.page("comment_withdraw", Comment.objects.get().pk)

    assert withdraw in text_of(owner.get(visitor.page("question", "Q1.01")))
    assert withdraw not in room(visitor)
    assert owner.post(withdraw).status_code == 302

    assert Comment.objects.get().text == ""
    assert AuditEntry.objects.filter(verb="comment.withdrawn").count() == 1


def test_typed_comment_survives_an_ended_session(visitor):
    visitor.client.logout()
    comment_on(visitor, "Do not lose me")
    visitor.client.force_login(visitor.user)

    page = text_of(visitor.client.get(visitor.page("comment_add", "Q1.01")))

    assert "Do not lose me" in page
    assert "Not saved yet" in page


def test_patient_data_in_a_comment_is_warned_of(visitor):
    comment_on(visitor, "Patient Jane Doe, born 01/02/1980")

    assert "seems to hold patient data" in room(visitor)


@pytest.mark.parametrize("number", [1, 30])
def test_room_asks_no_more_as_comments_and_people_grow(
    visitor, django_assert_max_num_queries, number
):
    for place in range(number):
        someone = member(visitor, Role.CONTRIBUTOR, name=f"Person {place}")
        row = Comment.objects.create(
            assessment=visitor.assessment, question_id="Q1.01", author=someone, text="Hi"
        )
        row.mentions.add(visitor.user)
    with django_assert_max_num_queries(20):
        room(visitor)

"""A step on the projector: everyone's spread, and the answer that was settled."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from assessments.models import ParkedTalk, Settlement
from assessments.services import assessment_submit
from tests.assessments.factories import save_answer, say_from_seat
from tests.factories import make_member


def page(visitor, name="question", *arguments):
    place = [visitor.organization.slug, visitor.assessment.pk, *(arguments or ["Q1.01"])]
    return reverse(f"workshops:{name}", args=place)


def settle(visitor, question_id="Q1.01", **parts):
    given = {f"settle-{question_id}-value": "2", f"settle-{question_id}-version": "0"}
    data = {**given, "agreed": [visitor.user.pk], "action": "settle", **parts}
    return visitor.client.post(page(visitor, "question", question_id), data)


def spread(visitor, question_id="Q1.01", **query):
    url = page(visitor, "question", question_id)
    return visitor.client.get(url, {"part": "spread", **query}).content.decode()


def person(visitor, name):
    found = make_member(visitor.organization).user
    found.name = name
    found.save()
    return found


def test_names_stay_hidden_until_they_are_shown(visitor):
    grace = person(visitor, "Grace Quill")
    say_from_seat(visitor.assessment, "Q1.01", "it", 3, user=grace, note="As on ward 4")
    for name in ("Ada Reed", "Bo Lind"):
        say_from_seat(visitor.assessment, "Q1.01", "it", 2, user=person(visitor, name))

    hidden, shown = spread(visitor), spread(visitor, names="1")

    assert "Grace Quill" not in hidden and "As on ward 4" in hidden and "●" in hidden
    assert "Grace Quill" in shown


def test_two_answers_are_counted_and_not_told(visitor):
    """Each of the two would know what the other said, and the room whose note it is."""
    two = [person(visitor, name) for name in ("Ada Reed", "Bo Lind")]
    say_from_seat(visitor.assessment, "Q1.01", "it", 1, user=two[0], note="As on ward 4")
    say_from_seat(visitor.assessment, "Q1.01", "security", 3, user=two[1])
    # The same person from another seat is nobody else.
    say_from_seat(visitor.assessment, "Q1.01", "leadership", 3, user=two[1])

    hidden = spread(visitor)

    assert "3 answers from seats" in hidden and "once 3 people have answered" in hidden
    assert not any(word in hidden for word in ("●", "rung--held", "ward 4", "apart"))
    assert "●" in spread(visitor, names="1"), "whoever leads may show them with names"


def test_settling_goes_on_to_the_next_question(visitor):
    response = settle(visitor)

    assert response.headers["Location"] == page(visitor, "question", "Q1.02")
    assert visitor.stored("Q1.01").value == 2
    assert Settlement.objects.get().agreed[0]["user"] == visitor.user.pk
    ended = visitor.client.get(page(visitor, "outcome", 1)).context["outcome"]
    assert [q.id for q, _found in ended.settled] == ["Q1.01"]


def test_second_facilitator_is_told_gently(visitor):
    save_answer(visitor.assessment, "Q1.01", 4)

    response = settle(visitor)

    assert response.status_code == 409
    assert b"Keep theirs and go on" in response.content
    assert visitor.stored("Q1.01").value == 4


def test_two_facilitators_at_the_same_question(visitor, client):
    """Both have it open; one settles, the other does it over knowingly; the first goes back."""
    lead = make_member(visitor.organization, Role.EDITOR).user
    client.force_login(lead)
    settle(visitor)
    given = {"settle-Q1.01-value": "3", "agreed": [lead.pk], "action": "settle"}

    late = client.post(page(visitor), {**given, "settle-Q1.01-version": "0"})
    assert (late.status_code, visitor.stored("Q1.01").value) == (409, 2)
    version = visitor.stored("Q1.01").version
    over = client.post(page(visitor), {**given, "settle-Q1.01-version": str(version)})
    assert (over.status_code, visitor.stored("Q1.01").value) == (302, 3)

    back = visitor.client.get(page(visitor)).content.decode()
    assert f'name="settle-Q1.01-version" value="{version + 1}"' in back
    # The first puts it off without having seen that: what is settled stays settled.
    visitor.client.post(page(visitor), {"action": "park"})
    for one in (visitor.client, client):
        ended = one.get(page(visitor, "outcome", 1)).context["outcome"]
        assert ([q.id for q, _found in ended.settled], ended.parked) == (["Q1.01"], [])


def test_people_without_an_account_may_agree_by_name(visitor):
    response = settle(visitor, agreed=[], also_agreed=" Dr. Lee,Ann  Ray\r\nDr. Lee;\n")

    assert response.status_code == 302
    assert Settlement.objects.get().agreed == [
        {"user": None, "name": "Dr. Lee", "seat": ""},
        {"user": None, "name": "Ann Ray", "seat": ""},
    ]
    ended = visitor.client.get(page(visitor, "outcome", 1))
    assert b"Agreed: Dr. Lee, Ann Ray" in ended.content


@pytest.mark.parametrize("names", ["x" * 201, "\n".join(f"Person {n}" for n in range(61))])
def test_too_much_of_a_name_is_refused_and_kept(visitor, names):
    response = settle(visitor, agreed=[], also_agreed=names)

    assert response.status_code == 422
    assert names[-9:] in response.content.decode()
    assert not Settlement.objects.exists()


def test_nobody_agreed_is_refused_and_keeps_what_was_typed(visitor):
    response = settle(visitor, agreed=[], decision_note="Only a guess")

    assert response.status_code == 422
    assert b"Only a guess" in response.content


def test_parked_and_unknown_stand_in_the_outcome(visitor):
    visitor.client.post(page(visitor), {"action": "park"})
    visitor.client.post(page(visitor), {"action": "park"})
    settle(visitor, "Q1.02", **{"settle-Q1.02-value": "~unknown"})

    ended = visitor.client.get(page(visitor, "outcome", 1)).context["outcome"]
    assert [q.id for q in ended.parked] == ["Q1.01"]
    assert [q.id for q, _found in ended.unknown] == ["Q1.02"]
    start = visitor.client.get(page(visitor, "outcome", 1) + "?start")
    assert start.headers["Location"] == page(visitor, "question", ended.open[0].id)

    settle(visitor)
    assert not ParkedTalk.objects.exists()


def test_projector_says_when_it_is_no_longer_up_to_date(visitor):
    """The spread asks every three seconds; a refusal must not leave old answers standing alone."""
    assert b'id="wm-toast"' in visitor.client.get(page(visitor)).content


def test_submitted_assessment_takes_nothing_more(visitor):
    assessment_submit(assessment=visitor.assessment, user=None)
    assert settle(visitor).status_code == 409
    assert visitor.client.post(page(visitor), {"action": "park"}).status_code == 409


@pytest.mark.parametrize("part", ["spread", ""])
def test_as_many_queries_for_many_seats_as_for_one(visitor, part):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count():
        with CaptureQueriesContext(connection) as found:
            visitor.client.get(page(visitor), {"part": part, "names": "1"})
        return len(found)

    say_from_seat(visitor.assessment, "Q1.01", "it", 3)
    count()
    one = count()
    for level in range(4):
        say_from_seat(visitor.assessment, "Q1.01", "security", level)
    assert count() == one


def test_workshop_is_found_on_the_page_of_the_assessment(visitor):
    place = [visitor.organization.slug, visitor.assessment.pk]
    found = visitor.client.get(reverse("assessments:detail", args=place)).content.decode()

    assert reverse("workshops:index", args=place) in found

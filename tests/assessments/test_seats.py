"""Answering from one's own seat, seeing the spread, and settling it."""

import html

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AuditEntry
from assessments.models import Assignment, SeatAnswer, Settlement
from assessments.services import assessment_submit
from tests.assessments.factories import save_answer, say_from_seat
from tests.factories import make_member


def text_of(response) -> str:
    return " ".join(html.unescape(response.content.decode()).split())


def send(visitor, question_id="Q1.01", seat="it", *, client=None, htmx=False, back="", **parts):
    data = {f"seat-{question_id}-{part}": value for part, value in parts.items()}
    url = visitor.page("seat_answer", seat, question_id)
    headers = {"HX-Request": "true"} if htmx else {}
    return (client or visitor.client).post(url, {**data, "back": back}, headers=headers)


def colleague(visitor, role=Role.EDITOR, *, open_to_all=False):
    member = make_member(visitor.organization, role)
    if open_to_all:
        visitor.assessment.is_open_to_contributors = True
        visitor.assessment.save()
    client = Client()
    client.force_login(member.user)
    return client, member.user


def test_seat_answer_is_kept_and_counts_in_no_score(visitor):
    response = send(visitor, value="3", note="As I see it", basis="opinion")

    assert response.headers["Location"] == visitor.page("seat_answer", "it", "Q1.01") + "#seats"
    kept = SeatAnswer.objects.get()
    assert (kept.seat, kept.user, kept.value, kept.note) == ("it", visitor.user, 3, "As I see it")
    assert visitor.stored("Q1.01") is None


def test_seat_answer_is_changed_and_taken_back(visitor):
    send(visitor, value="3")
    send(visitor, value="~unknown")
    assert SeatAnswer.objects.get().state == "unknown"

    taken = visitor.client.post(
        visitor.page("seat_answer", "it", "Q1.01"),
        {"clear": "seat-Q1.01", "seat-Q1.01-value": "~unknown"},
        headers={"HX-Request": "true"},
    )

    assert not SeatAnswer.objects.exists()
    assert taken.headers["HX-Retarget"] == "#seat-Q1-01-form"
    assert "checked" not in taken.content.decode()


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("back", ["room", "step"])
def test_seat_answer_that_is_none_is_refused_and_kept_in_the_form(visitor, htmx, back):
    response = send(visitor, "Q1.11", htmx=htmx, back=back, value="140", note="Long thought")

    assert response.status_code == 422
    assert "give a number from" in text_of(response).lower()
    assert htmx or "Long thought" in text_of(response)
    assert not SeatAnswer.objects.exists()


def test_seat_answer_is_refused_for_tables_unknown_seats_and_submitted_assessments(visitor):
    assert send(visitor, "T1", state="~nothing").status_code == 422
    assert send(visitor, seat="janitor", value="1").status_code == 404
    assessment_submit(assessment=visitor.assessment, user=None)
    assert send(visitor, value="1").status_code == 409
    assert not SeatAnswer.objects.exists()


def test_last_seat_is_remembered_and_another_can_be_taken(visitor):
    send(visitor, "Q1.01", "security", value="1")

    room = text_of(visitor.client.get(visitor.page("question", "Q1.02")))
    other = text_of(visitor.client.get(visitor.page("seat_answer", "clinical", "Q1.02")))

    assert "Your answer from the seat “Security”" in room
    assert "Your answer from the seat “Clinical”" in other
    assert "Security" in text_of(visitor.client.get(visitor.page("seats")))


def test_contributor_sees_others_only_after_answering(visitor):
    say_from_seat(visitor.assessment, "Q1.01", "it", 4, note="All documented, trust me")
    client, _user = colleague(visitor, Role.CONTRIBUTOR, open_to_all=True)
    page = visitor.page("question", "Q1.01")

    before = text_of(client.get(page))
    assert "trust me" not in before
    assert "You see their answers once you have given yours" in before
    send(visitor, seat="clinical", client=client, value="1")
    after = text_of(client.get(page))

    assert "trust me" in after
    assert "3 levels apart" in after


def test_answer_of_an_earlier_question_opens_no_other(visitor):
    say_from_seat(visitor.assessment, "Q1.01", "it", 4, note="trust me")
    client, _user = colleague(visitor, Role.CONTRIBUTOR, open_to_all=True)
    send(visitor, "Q1.02", "clinical", client=client, value="1")

    for page in (visitor.page("question", "Q1.01"), visitor.page("seat_step", "clinical", 1)):
        assert "trust me" not in text_of(client.get(page))


def test_step_page_never_shows_a_spread_to_whoever_may_be_swayed(visitor):
    say_from_seat(visitor.assessment, "Q1.01", "it", 4)
    say_from_seat(visitor.assessment, "Q1.01", "security", 0)
    client, _user = colleague(visitor, Role.CONTRIBUTOR, open_to_all=True)

    assert "4 levels apart" not in text_of(client.get(visitor.page("step", 1)))
    assert "4 levels apart" in text_of(visitor.client.get(visitor.page("step", 1)))


def test_parked_seat_answers_stay_hidden_from_whoever_may_be_swayed(visitor):
    said = {"title": "Restores", "words": "Rehearsed", "why": "Changed", "seat": "it", "by": "Ben"}
    visitor.assessment.parked = {"Q1.01": {**said, "words": "", "seats": [said]}}
    client, _ = colleague(visitor, Role.CONTRIBUTOR, open_to_all=True)

    assert "Rehearsed" in text_of(visitor.client.get(visitor.page("parked")))
    assert "Rehearsed" not in text_of(client.get(visitor.page("parked")))


def test_contributor_fills_only_what_is_assigned(visitor):
    client, user = colleague(visitor, Role.CONTRIBUTOR)
    Assignment.objects.create(
        assessment=visitor.assessment, scope="question", target="Q1.01", assignee=user
    )

    page = text_of(client.get(visitor.page("seat_step", "it", 1)))

    assert 'id="seat-Q1-01"' in page
    assert 'id="seat-Q1-02"' not in page
    assert send(visitor, client=client, value="1").status_code == 302
    assert send(visitor, "Q1.02", client=client, value="1").status_code == 404


def test_seat_step_saves_without_script_and_returns_to_the_question(visitor):
    response = send(visitor, back="step", value="2")

    expected = visitor.page("seat_step", "it", 1) + "#seat-Q1-01"
    assert response.headers["Location"] == expected
    page = visitor.client.get(visitor.page("seat_step", "it", 1)).content.decode()
    assert 'id="seat-Q1-01-value-2" name="seat-Q1.01-value" value="2" checked' in page
    assert "Not answered from seats" in page


def test_typed_seat_answer_survives_an_ended_session(visitor):
    visitor.client.logout()
    send(visitor, value="3", note="Do not lose me")
    visitor.client.force_login(visitor.user)

    page = text_of(visitor.client.get(visitor.page("seat_answer", "it", "Q1.01")))

    assert "Do not lose me" in page
    assert "Not saved yet" in page


def settle(visitor, question_id="Q1.01", *, note="We met.", **changes):
    parts = {"value": "2", "version": "0", **changes}
    agreed = parts.pop("agreed", [visitor.user.pk])
    data = {f"settle-{question_id}-{part}": value for part, value in parts.items()}
    url = visitor.page("settle", question_id)
    return visitor.client.post(url, {**data, "agreed": agreed, "decision_note": note})


def test_seat_answer_to_a_fact_of_the_profile_is_refused_in_words(visitor):
    response = send(visitor, "P.05", back="step", value="no-such-option")

    assert response.status_code == 422
    assert "choose one of" in text_of(response).lower()


def test_what_was_entered_to_settle_survives_an_ended_session(visitor):
    visitor.client.logout()
    settle(visitor, value="3")
    visitor.client.force_login(visitor.user)

    page = text_of(visitor.client.get(visitor.page("settle", "Q1.01")))

    assert "You were signed out before this could be settled" in page
    assert "We met." in page
    assert 'value="3" checked' in page


def test_settling_writes_answer_settlement_and_audit_together(visitor):
    ben = say_from_seat(visitor.assessment, "Q1.01", "clinical", 0).user
    say_from_seat(visitor.assessment, "Q1.01", "it", 4)

    response = settle(visitor, agreed=[visitor.user.pk, ben.pk])

    assert response.status_code == 302
    assert visitor.stored("Q1.01").value == 2
    kept = Settlement.objects.get()
    assert (kept.answer_version, kept.settled_by, kept.note) == (1, visitor.user, "We met.")
    assert {(one["seat"], one["value"]) for one in kept.before} == {("clinical", 0), ("it", 4)}
    assert {(one["name"], one["seat"]) for one in kept.agreed} == {
        (str(ben), "clinical"),
        ("Ada", ""),
    }
    entry = AuditEntry.objects.get(verb="answer.settled")
    assert entry.detail["question"] == "Q1.01"
    room = text_of(visitor.client.get(visitor.page("question", "Q1.01")))
    assert f"Agreed: <bdi>{ben} (Clinical)</bdi>, <bdi>Ada</bdi>" in room
    assert "Settled on" in text_of(visitor.client.get(visitor.page("review")))


def test_settling_on_a_stale_version_shows_both_and_keeps_what_was_chosen(visitor):
    say_from_seat(visitor.assessment, "Q1.01", "clinical", 0)
    save_answer(visitor.assessment, "Q1.01", 4)

    refused = settle(visitor, value="1")

    assert refused.status_code == 409
    page = text_of(refused)
    levels = visitor.assessment.guide.question("Q1.01").levels
    assert levels[1] in page
    assert levels[4] in page
    assert "We met." in page
    assert visitor.stored("Q1.01").value == 4
    assert not Settlement.objects.exists()
    assert settle(visitor, value="1", version="1").status_code == 302


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"agreed": []}, "Tick who agreed"),
        ({"value": ""}, "Choose the answer you settled on"),
        ({"value": "~not_applicable"}, "Say why the question does not apply"),
        ({"value": "7"}, "level from 0 to 4"),
        ({"agreed": [987654]}, "no longer a member"),
    ],
)
def test_settling_without_what_it_needs_is_refused_with_the_reason(visitor, changes, reason):
    say_from_seat(visitor.assessment, "Q1.01", "clinical", 0)

    response = settle(visitor, **changes)

    assert response.status_code == 422
    assert reason in text_of(response)
    assert "We met." in text_of(response)
    assert visitor.stored("Q1.01") is None


def test_note_on_a_decision_holds_nothing_postgresql_refuses(visitor):
    assert settle(visitor, note="We\x00 met.").status_code == 302

    assert Settlement.objects.get().note == "We met."


def test_settlement_of_a_later_changed_answer_is_told_as_of_an_earlier_version(visitor):
    say_from_seat(visitor.assessment, "Q1.01", "clinical", 0)
    settle(visitor)
    save_answer(visitor.assessment, "Q1.01", 4, version=1)

    page = text_of(visitor.client.get(visitor.page("question", "Q1.01")))

    assert "settled for an earlier version" in page
    assert visitor.assessment.guide.question("Q1.01").levels[2] in page


def test_nothing_is_settled_once_submitted(visitor):
    say_from_seat(visitor.assessment, "Q1.01", "clinical", 0)
    assessment_submit(assessment=visitor.assessment, user=None)

    assert settle(visitor).status_code == 409
    assert not Settlement.objects.exists()


@pytest.mark.parametrize("number", [1, 12])
def test_pages_of_seats_ask_no_more_as_answers_grow(visitor, django_assert_max_num_queries, number):
    questions = [q for q in visitor.assessment.guide.steps[0].questions if q.kind == "level"]
    for question in questions[:number]:
        for seat in ("it", "clinical", "security"):
            say_from_seat(visitor.assessment, question.id, seat, 2)
        send(visitor, question.id, value="1")
    for url, most in (
        (visitor.page("seats"), 10),
        (visitor.page("seat_step", "it", 1), 10),
        (visitor.page("question", "Q1.01"), 18),
        (visitor.page("settle", "Q1.01"), 10),
    ):
        with django_assert_max_num_queries(most):
            assert visitor.client.get(url).status_code == 200
    with django_assert_max_num_queries(10):
        assert send(visitor, htmx=True, value="4").status_code == 200


def test_answer_to_an_earlier_version_of_a_question_is_kept_but_not_compared(visitor):
    say_from_seat(visitor.assessment, "Q1.01", "it", "formerly_an_option")
    say_from_seat(visitor.assessment, "Q1.01", "clinical", 1)

    page = text_of(visitor.client.get(visitor.page("question", "Q1.01")))

    assert "1 answer was given to an earlier version" in page
    assert visitor.client.get(visitor.page("divergence")).status_code == 200
    assert SeatAnswer.objects.count() == 2


def test_stranger_finds_nothing_behind_a_seat(visitor):
    stranger = make_member().user
    client = Client()
    client.force_login(stranger)
    url = reverse("assessments:seat_answer", args=["north", visitor.assessment.pk, "it", "Q1.01"])

    assert client.post(url, {"seat-Q1.01-value": "1"}).status_code == 404

"""The next round: answers offered, never taken over unseen; and two rounds side by side."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from accounts.enums import Role
from assessments.models import Answer, Assessment, Suggestion
from assessments.services import AssessmentClosed, StaleAnswer, assessment_submit
from assessments.services.rounds import (
    origin_of,
    round_continue,
    suggestion_take,
    suggestions_take,
)
from tests.assessments.factories import make_assessment, save_answer
from tests.assessments.test_access import person
from tests.factories import make_organization


@pytest.fixture
def last(visitor) -> Assessment:
    """A submitted round of the visitor's organization."""
    last = make_assessment(organization=visitor.organization, name="Spring review")
    save_answer(last, "Q1.01", 3, note="seen", basis="document")
    save_answer(last, "Q1.02", None, state="unknown")
    save_answer(last, "Q1.03", None, state="not_applicable", reason="one site")
    save_answer(last, "Q2.06", 2)
    Answer.objects.filter(assessment=last, question_id="Q1.01").update(
        confirmed_by=visitor.user, confirmed_at="2026-05-01T00:00Z"
    )
    assessment_submit(assessment=last, user=visitor.user)
    return last


@pytest.fixture
def following(visitor, last) -> Assessment:
    save_answer(visitor.assessment, "Q2.06", 4)
    round_continue(assessment=visitor.assessment, previous=last, user=visitor.user)
    return visitor.assessment


def test_answers_are_offered_and_count_for_nothing(following, last):
    offered = {s.question_id: s for s in Suggestion.objects.filter(assessment=following)}

    # The profile and Q2.06 are answered in the new round already.
    assert set(offered) == {"Q1.01", "Q1.02", "Q1.03"}
    assert (offered["Q1.01"].value, offered["Q1.01"].note) == (3, "seen")
    assert offered["Q1.01"].origin.startswith("Spring review")
    assert following.previous == last
    assert not Answer.objects.filter(assessment=following, question_id="Q1.01").exists()


def test_offer_names_the_month_of_where_people_are(last):
    last.submitted_at = datetime(2026, 6, 1, 2, tzinfo=UTC)

    with timezone.override("America/Denver"):
        assert origin_of(last) == "Spring review, May 2026"


def test_taken_answer_is_given_anew_and_unconfirmed(visitor, following):
    saved = suggestion_take(assessment=following, user=visitor.user, question_id="Q1.01")

    assert (saved.value, saved.note, saved.basis) == (3, "seen", "document")
    assert saved.updated_by == visitor.user
    assert saved.confirmed_at is None
    assert not Suggestion.objects.filter(assessment=following, question_id="Q1.01").exists()


def test_offer_does_not_replace_what_someone_answered_meanwhile(visitor, following):
    save_answer(following, "Q1.01", 0)

    with pytest.raises(StaleAnswer):
        suggestion_take(assessment=following, user=visitor.user, question_id="Q1.01")
    assert visitor.stored("Q1.01").value == 0
    assert suggestions_take(assessment=following, user=None, question_ids=["Q1.01"]) == 0


def test_whole_step_is_taken_but_for_changed_questions(visitor, following):
    Suggestion.objects.filter(question_id="Q1.02").update(needs_review=True)

    visitor.client.post(visitor.page("suggestions", 1))

    assert visitor.stored("Q1.01").value == 3
    assert visitor.stored("Q1.03").reason == "one site"
    assert visitor.stored("Q1.02") is None


def test_submitted_round_takes_no_offers(visitor, following):
    assessment_submit(assessment=following, user=None)

    with pytest.raises(AssessmentClosed):
        suggestions_take(assessment=following, user=None, question_ids=["Q1.01"])
    assert visitor.client.post(visitor.page("suggestion", "Q1.01")).status_code == 409


def test_step_page_offers_and_the_click_takes(visitor, following):
    page = visitor.client.get(visitor.page("step", 1)).content.decode()
    assert "Answer of Spring review" in page
    assert "offers 3 answers on this page" in page

    visitor.client.post(visitor.page("suggestion", "Q1.01"), {"act": "take"})
    visitor.client.post(visitor.page("suggestion", "Q1.02"), {"act": "dismiss"})

    assert visitor.stored("Q1.01").value == 3
    assert visitor.stored("Q1.02") is None
    assert [s.question_id for s in Suggestion.objects.all()] == ["Q1.03"]


@pytest.mark.parametrize("continues", [True, False])
def test_new_round_is_offered_the_last_answers_if_wanted(visitor, last, continues):
    shown = visitor.client.get(visitor.url("create")).content.decode()
    assert "Offer the answers of “Spring review”" in shown

    data = {"name": "Autumn", **({"continue": "1"} if continues else {})}
    visitor.client.post(visitor.url("create"), data)

    made = Assessment.objects.get(name="Autumn")
    assert made.suggestions.exists() == continues
    assert made.previous == (last if continues else None)


def test_compare_shows_what_moved(visitor, following):
    save_answer(following, "Q1.01", 1)

    page = visitor.client.get(visitor.page("compare")).content.decode()

    assert "Spring review" in page
    assert "Worse" in page  # Q1.01 fell from 3 to 1
    assert "Better" in page  # Q2.06 rose from 2 to 4


def test_compare_with_a_strangers_round_is_404(visitor, last):
    theirs = make_assessment(organization=make_organization())

    assert visitor.client.get(f"{visitor.page('compare')}?with={theirs.pk}").status_code == 404
    assert visitor.client.get(f"{visitor.page('compare')}?with=x").status_code == 404


def test_compare_of_the_only_round_says_so(visitor):
    page = visitor.client.get(visitor.page("compare")).content.decode()

    assert "There is one round only" in page


def test_contributor_is_not_turned_away_by_a_round_they_may_not_read(visitor):
    make_assessment(organization=visitor.organization, name="Never finished")
    draft = Assessment.objects.get(name="Never finished")
    Assessment.objects.filter(pk=draft.pk).update(created_at="2026-01-01T00:00Z")
    assessment_submit(assessment=visitor.assessment, user=visitor.user)
    contributor = person(visitor, Role.CONTRIBUTOR)

    assert contributor.client.get(contributor.page("compare")).status_code == 200
    asked_for = contributor.client.get(f"{contributor.page('compare')}?with={draft.pk}")
    assert asked_for.status_code == 403


@pytest.mark.parametrize("rounds", [1, 12])
def test_compare_stays_within_its_queries(visitor, last, django_assert_max_num_queries, rounds):
    for number in range(rounds - 1):
        make_assessment(organization=visitor.organization, name=f"Round {number}")

    with django_assert_max_num_queries(12):
        assert visitor.client.get(visitor.page("compare")).status_code == 200

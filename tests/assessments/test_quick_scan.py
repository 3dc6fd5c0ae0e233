"""Ten questions, a first range, and nothing to type twice."""

import pytest
from django.urls import reverse

from assessments.domain.scoring import score
from assessments.models import Assessment
from assessments.pages.quick_result import quick_result
from assessments.queries import answer_set
from assessments.services import assessment_submit
from guide.registry import current_guide
from tests.assessments.factories import PROFILE, save_answer


def answer_the_ten(assessment: Assessment) -> None:
    for question_id in assessment.guide.quick_scan:
        question = assessment.guide.question(question_id)
        value = 1 if question.kind == "level" else question.options[0].id
        save_answer(assessment, question_id, value)


def test_ten_questions_touch_every_step_and_most_challenges():
    guide = current_guide()
    asked = [guide.question(question_id) for question_id in guide.quick_scan]

    assert len(asked) == 10
    assert {question.step for question in asked} >= {step.id for step in guide.steps}
    informed = {informs.challenge for question in asked for informs in question.informs}
    assert len(informed & {c.id for c in guide.challenges if c.ranked}) >= 6
    assert {question.kind for question in asked} <= {"level", "choice"}


def test_start_opens_the_ten_questions_of_the_draft_that_is_there(visitor):
    """A new one would take the place of the one people work on."""
    response = visitor.client.post(visitor.url("quick_start"))

    assert response.url == visitor.page("quick")
    assert Assessment.objects.count() == 1


def test_start_makes_a_draft_with_the_last_profile_where_none_is_open(visitor):
    assessment_submit(assessment=visitor.assessment, user=visitor.user)

    response = visitor.client.post(visitor.url("quick_start"))

    made = Assessment.objects.first()
    assert response.url == reverse("assessments:quick", args=["north", made.pk])
    page = visitor.client.get(response.url).content.decode()
    assert page.count('class="wm-question"') == 10
    assert made.answers.get(question_id="P.04").value == PROFILE["P.04"]


def test_saving_without_script_comes_back_to_the_ten(visitor):
    question_id = visitor.assessment.guide.quick_scan[0]
    data = {f"{question_id}-value": "2", f"{question_id}-version": "0", "back": "quick"}

    response = visitor.client.post(visitor.page("answer", question_id), data)

    assert response.url == f"{visitor.page('quick')}#{question_id.replace('.', '-')}"


def test_range_of_every_step_holds_the_score_and_narrows(visitor):
    guide = visitor.assessment.guide

    def width() -> float:
        answers = answer_set(visitor.assessment)
        overall = quick_result(guide, answers, score(guide, answers)).overall
        return overall.high - overall.low

    before = width()
    answer_the_ten(visitor.assessment)

    assert width() < before
    answers = answer_set(visitor.assessment)
    found = quick_result(guide, answers, score(guide, answers))
    assert (found.answered, found.asked) == (10, 10)
    assert all(line.low < line.high for line in found.steps)


def test_answers_stand_in_the_full_assessment(visitor):
    answer_the_ten(visitor.assessment)

    page = visitor.client.get(visitor.page("quick_result")).content.decode()
    assert "From 10 of 10 quick questions." in page
    step = visitor.client.get(visitor.page("step", 1)).content.decode()
    assert "<strong>0</strong>" not in step


def test_result_without_answers_says_what_to_do(visitor):
    page = visitor.client.get(visitor.page("quick_result")).content.decode()

    assert "Answer a few of the questions" in page


@pytest.mark.parametrize("name", ["quick", "quick_result"])
def test_pages_stay_within_their_queries(visitor, django_assert_max_num_queries, name):
    answer_the_ten(visitor.assessment)

    with django_assert_max_num_queries(15):
        assert visitor.client.get(visitor.page(name)).status_code == 200

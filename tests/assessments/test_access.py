"""Who sees and fills which part of an assessment under way."""

from datetime import date

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from accounts.tenancy import Access
from assessments.access import assessment_for, fillable
from assessments.models import Answer, Assessment, Assignment
from assessments.services import assessment_submit
from tests.assessments.conftest import Visitor
from tests.assessments.factories import save_answer
from tests.factories import make_member

STEP_PAGE = 15
SAVE = 10
OVERVIEWS = ["review", "scorecard", "export", "submitted"]


def assign(assessment: Assessment, user: User, scope: str, target: str) -> Assignment:
    return Assignment.objects.create(
        assessment=assessment, assignee=user, scope=scope, target=target, due_on=date(2026, 12, 1)
    )


def person(visitor: Visitor, role: Role) -> Visitor:
    user = make_member(visitor.organization, role).user
    client = Client()
    client.force_login(user)
    return Visitor(client, user, visitor.organization, visitor.assessment)


@pytest.fixture
def contributor(visitor) -> Visitor:
    return person(visitor, Role.CONTRIBUTOR)


@pytest.mark.parametrize("scope", ["step", "section", "question"])
def test_contributor_may_fill_what_the_assignment_covers(contributor, scope):
    guide = contributor.assessment.guide
    section = guide.steps[1].sections[0]
    target = {"step": guide.steps[1].id, "section": section.id, "question": "Q2.01"}[scope]
    expected = {
        "step": {q.id for q in guide.steps[1].questions},
        "section": {q.id for q in section.questions},
        "question": {"Q2.01"},
    }[scope]
    assign(contributor.assessment, contributor.user, scope, target)
    access = Access(contributor.organization, contributor.user, Role.CONTRIBUTOR)

    mine = fillable(access, contributor.assessment)
    fetched = fillable(access, assessment_for(access, contributor.assessment.pk))

    assert mine == fetched
    assert mine.question_ids == expected
    assert not mine.is_everything


def test_profile_is_a_step_of_an_assignment_and_parts_that_are_gone_cover_nothing(contributor):
    assign(contributor.assessment, contributor.user, "step", "PROFILE")
    assign(contributor.assessment, contributor.user, "section", "no-longer-there")
    access = Access(contributor.organization, contributor.user, Role.CONTRIBUTOR)

    mine = fillable(access, contributor.assessment)

    assert mine.question_ids == {q.id for q in contributor.assessment.guide.profile_questions}


@pytest.mark.parametrize("role", [Role.OWNER, Role.EDITOR, Role.VIEWER])
def test_others_see_everything_and_no_query_is_asked_for_it(
    visitor, role, django_assert_num_queries
):
    someone = person(visitor, role)
    access = Access(someone.organization, someone.user, role)

    with django_assert_num_queries(0):
        mine = fillable(access, someone.assessment)

    assert mine.is_everything
    assert mine.allows("Q6.01")
    assert not mine.allows("Q9.99")


def test_anothers_assignment_gives_a_contributor_nothing(contributor, visitor):
    assign(contributor.assessment, visitor.user, "question", "Q1.01")

    assert contributor.client.get(contributor.page("question", "Q1.01")).status_code == 404
    assert contributor.answer("Q1.01", value="2", version="0").status_code == 404
    assert not Answer.objects.filter(question_id="Q1.01").exists()


def test_contributors_pages_hold_their_questions_and_nothing_of_others(contributor):
    save_answer(contributor.assessment, "Q1.02", 3, note="A colleague's secret")
    assign(contributor.assessment, contributor.user, "question", "Q1.01")

    step = contributor.client.get(contributor.page("step", 1)).content.decode()
    other_step = contributor.client.get(contributor.page("step", 2)).content.decode()
    detail = contributor.client.get(contributor.page("detail")).content.decode()
    saved = contributor.answer("Q1.01", htmx=True, value="2", version="0")

    assert 'id="Q1-01"' in step
    assert 'id="Q1-02"' not in step
    assert "secret" not in step
    assert "other questions of this step are with others" in step
    assert "No question of this step is assigned to you" in other_step
    assert contributor.page("step", 1) in detail
    assert contributor.page("step", 2) not in detail
    assert contributor.page("review") not in detail
    assert "<strong>1</strong> of 1 answered" in saved.content.decode()
    assert contributor.stored("Q1.01").value == 2


@pytest.mark.parametrize("method", ["get", "post"])
def test_row_of_anothers_table_is_not_found(contributor, method):
    assign(contributor.assessment, contributor.user, "question", "Q1.01")

    response = getattr(contributor.client, method)(contributor.page("row", "T1", "new"))

    assert response.status_code == 404


@pytest.mark.parametrize("name", OVERVIEWS)
def test_overview_of_a_draft_tells_a_contributor_whom_to_ask(contributor, name):
    response = contributor.client.get(contributor.page(name))

    assert response.status_code == 403
    assert "ask Ada" in response.content.decode()


@pytest.mark.parametrize("name", OVERVIEWS)
def test_submitted_assessment_is_readable_by_all(contributor, name):
    assessment_submit(assessment=contributor.assessment, user=None)

    assert contributor.client.get(contributor.page(name)).status_code == 200
    assert contributor.client.get(contributor.page("question", "Q1.01")).status_code == 200


def test_open_assessment_lets_contributors_fill_everything(contributor):
    Assessment.objects.update(is_open_to_contributors=True)

    assert contributor.answer("Q1.01", value="2", version="0").status_code == 302
    assert contributor.client.get(contributor.page("review")).status_code == 200


def test_contributor_without_assignment_is_told_whom_to_ask(contributor):
    detail = contributor.client.get(contributor.page("detail")).content.decode()

    assert "Nothing here is assigned to you yet" in detail
    assert "ask Ada" in detail
    assert contributor.page("step", 1) not in detail


@pytest.mark.parametrize("number", [1, 60])
def test_contributors_pages_and_saves_cost_no_more_than_others(
    contributor, number, django_assert_max_num_queries
):
    questions = [q.id for step in contributor.assessment.guide.steps for q in step.questions]
    for question_id in questions[:number]:
        assign(contributor.assessment, contributor.user, "question", question_id)

    with django_assert_max_num_queries(STEP_PAGE):
        page = contributor.client.get(contributor.page("step", 1))
    with django_assert_max_num_queries(SAVE):
        plain = contributor.answer(questions[0], value="3", version="0")
    with django_assert_max_num_queries(SAVE):
        by_script = contributor.answer(questions[0], htmx=True, value="4", version="1")

    assert (page.status_code, plain.status_code, by_script.status_code) == (200, 302, 200)
    assert contributor.stored(questions[0]).value == 4

"""The page of a step and the saving of an answer cost the same whatever there is beside them."""

import pytest

from accounts.enums import Role
from assessments.services import assessment_submit
from tests.assessments.factories import make_assessment, save_answer
from tests.factories import make_member, make_organization

STEP_PAGE = 15
SAVE = 10
# One more: a row is found among the others under the lock, so the table is read there anew.
ROW_SAVE = 11


@pytest.fixture(params=[1, 100], ids=["alone", "among-100"])
def crowded(request, visitor):
    """The visitor's assessment with a full step, and as many others in as many organizations."""
    for question in visitor.assessment.guide.steps[0].questions:
        if question.kind == "level":
            save_answer(visitor.assessment, question.id, 2)
    for number in range(request.param - 1):
        organization = make_organization() if number % 2 else visitor.organization
        if organization != visitor.organization:
            make_member(organization, Role.EDITOR, user=visitor.user)
        make_assessment(organization=organization)
    return visitor


def test_step_page_stays_within_its_queries(crowded, django_assert_max_num_queries):
    with django_assert_max_num_queries(STEP_PAGE):
        response = crowded.client.get(crowded.page("step", 1))

    assert response.status_code == 200
    assert len(crowded.assessment.guide.steps[0].questions) >= 15


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("question_id", ["Q1.01", "Q2.01"], ids=["changed", "first"])
def test_saving_stays_within_its_queries(crowded, django_assert_max_num_queries, htmx, question_id):
    version = "1" if question_id == "Q1.01" else "0"

    with django_assert_max_num_queries(SAVE):
        response = crowded.answer(question_id, htmx=htmx, value="4", note="n", version=version)

    assert response.status_code == (200 if htmx else 302)
    assert crowded.stored(question_id).value == 4


@pytest.mark.parametrize("name", ["list", "detail", "review", "scorecard"])
def test_other_pages_do_not_grow_with_their_neighbours(
    crowded, django_assert_max_num_queries, name
):
    address = crowded.url("list") if name == "list" else crowded.page(name)

    with django_assert_max_num_queries(15):
        response = crowded.client.get(address)

    assert response.status_code == 200


@pytest.mark.parametrize("htmx", [True, False])
def test_row_stays_within_its_queries(visitor, django_assert_max_num_queries, htmx):
    headers = {"HX-Request": "true"} if htmx else {}
    for name in ("EHR", "Lab"):  # the first row makes the answer, the second changes it
        with django_assert_max_num_queries(ROW_SAVE):
            address, data = visitor.page("row", "T1", "new"), {"T1-row-name": name}
            visitor.client.post(address, data, headers=headers)

    assert [row["name"] for row in visitor.stored("T1").value] == ["EHR", "Lab"]


def test_home_panel_asks_at_most_four_queries(visitor, django_assert_max_num_queries):
    from accounts.tenancy import access_to
    from assessments.home import panel

    access = access_to(visitor.user, visitor.organization.slug)
    with django_assert_max_num_queries(4):
        draft = panel(access)
    assessment_submit(assessment=visitor.assessment, user=None)
    with django_assert_max_num_queries(4):
        done = panel(access)

    assert draft.context["progress"].answered == 6
    assert done.context["assessment"].is_submitted

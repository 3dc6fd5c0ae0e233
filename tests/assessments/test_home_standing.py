"""The score submitted last stays on the overview while a new assessment is filled."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from assessments.models import Snapshot
from assessments.services import assessment_submit
from tests.assessments.factories import make_assessment, save_answer
from tests.factories import make_member, make_organization

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CONTRIBUTOR, Role.EDITOR])
@pytest.mark.parametrize("is_under_way", [False, True])
def test_overview_leads_to_the_score_submitted_last(client, role, is_under_way):
    house = make_organization()
    spring = make_assessment(organization=house, name="Spring")
    for question in spring.guide.steps[0].questions:
        if question.kind == "level":
            save_answer(spring, question.id, 2)
    assessment_submit(assessment=spring, user=None)
    if is_under_way:
        make_assessment(organization=house, name="Autumn")
    client.force_login(make_member(house, role).user)

    page = client.get(reverse("accounts:organization_home", args=[house.slug])).content.decode()

    score = reverse("assessments:scorecard", args=[house.slug, spring.pk])
    overall = Snapshot.objects.get().scorecard["overall"]
    assert score in page and client.get(score).status_code == 200
    assert f"between {round(overall['low'])} and {round(overall['high'])}" in page
    assert ("That is of “Spring”" in page) == is_under_way

"""A consultant leads a workshop while the client ends or narrows what it lets them do."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Area, Role
from accounts.models import Engagement
from assessments.models import Answer, ParkedTalk
from tests.assessments.factories import make_assessment
from tests.factories import make_engagement, make_member, make_organization

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"ended_at": timezone.now()}, 404),
        ({"until": timezone.localdate() - timedelta(days=2)}, 404),
        ({"areas": [Area.ROADMAP.value]}, 403),
        ({"role": Role.CONTRIBUTOR}, 403),
    ],
)
def test_nothing_is_settled_or_shown_from_then_on(client, change, status):
    engagement = make_engagement(consultancy=make_organization(advises=True))
    consultant = make_member(engagement.consultancy, Role.EDITOR).user
    assessment = make_assessment(organization=engagement.client)
    place = [engagement.client.slug, assessment.pk, "Q1.01"]
    url = reverse("workshops:question", args=place)
    client.force_login(consultant)
    assert client.get(url).status_code == 200

    Engagement.objects.update(**change)

    given = {"settle-Q1.01-value": "2", "settle-Q1.01-version": "0", "agreed": [consultant.pk]}
    answers = [
        client.get(url, {"part": "spread"}),
        client.post(url, {**given, "action": "settle"}),
        client.post(url, {"action": "park"}),
    ]
    assert [one.status_code for one in answers] == [status] * 3
    assert not Answer.objects.filter(assessment=assessment, question_id="Q1.01").exists()
    assert not ParkedTalk.objects.exists()

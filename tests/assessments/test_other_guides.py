"""Every page of an assessment works with guides other than the current one: the frozen release, and
one that an organization uploaded, without seats, tables or a quick scan."""

from __future__ import annotations

import pytest
from django.urls import NoReverseMatch
from django.utils import timezone

from assessments.models import Answer, Assessment
from assessments.urls import urlpatterns
from guide.registry import get_guide
from tests.assessments.conftest import Visitor
from tests.assessments.factories import upload_guide

# Pages that say 404 or 302 for a reason of their own are fine; a crash is not.
CALM = (200, 302, 404, 405)


def names() -> list[str]:
    return sorted({pattern.name for pattern in urlpatterns if "<int:pk>" in str(pattern.pattern)})


@pytest.fixture(params=["release", "uploaded"])
def elsewhere(request: pytest.FixtureRequest, visitor: Visitor) -> Visitor:
    """The visitor's assessment, made with another guide."""
    key, version = "healthcare-devops", "1.0.0"
    if request.param == "uploaded":
        stored = upload_guide(visitor.organization)
        key, version = stored.key, stored.version
    Assessment.objects.filter(pk=visitor.assessment.pk).update(guide_id=key, guide_version=version)
    visitor.assessment.refresh_from_db()
    Answer.objects.filter(assessment=visitor.assessment).delete()
    Answer.objects.bulk_create(
        Answer(
            assessment=visitor.assessment,
            question_id=question.id,
            state="answered",
            value=number % 5,
            updated_at=timezone.now(),
        )
        for number, question in enumerate(get_guide(key, version).questions.values())
        if question.kind == "level"
    )
    return visitor


def test_pages_open_whatever_the_guide_lacks(elsewhere: Visitor) -> None:
    guide = get_guide(elsewhere.assessment.guide_id, elsewhere.assessment.guide_version)
    question = guide.steps[0].questions[0].id
    opened = []
    for name in names():
        for arguments in ([], [question], [1]):
            try:
                address = elsewhere.page(name, *arguments)
            except NoReverseMatch:
                continue
            response = elsewhere.client.get(address)
            assert response.status_code in CALM, (name, response.status_code)
            opened += [name] if response.status_code == 200 else []

    assert {"detail", "step", "question", "review", "coverage", "targets", "seats"} <= set(opened)

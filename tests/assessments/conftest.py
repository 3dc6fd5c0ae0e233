from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Organization, User
from assessments.models import Answer, Assessment
from tests.assessments.factories import make_assessment
from tests.factories import make_member, make_organization, make_user


@dataclass
class Visitor:
    """A person in the organization of an assessment, with a browser."""

    client: Client
    user: User
    organization: Organization
    assessment: Assessment

    def url(self, name: str, *arguments: Any) -> str:
        return reverse(f"assessments:{name}", args=[self.organization.slug, *arguments])

    def page(self, name: str, *arguments: Any) -> str:
        """The address of a page of the assessment."""
        return self.url(name, self.assessment.pk, *arguments)

    def answer(self, question_id: str, *, htmx: bool = False, **parts: Any) -> HttpResponse:
        """Send the form of a question; `parts` are its inputs without the question's prefix."""
        data = {f"{question_id}-{part}": value for part, value in parts.items()}
        headers = {"HX-Request": "true"} if htmx else {}
        return self.client.post(self.page("answer", question_id), data, headers=headers)

    def stored(self, question_id: str) -> Answer | None:
        return Answer.objects.filter(assessment=self.assessment, question_id=question_id).first()


@pytest.fixture
def visitor(db) -> Visitor:
    organization = make_organization(name="North Clinic", slug="north")
    user = make_user(name="Ada")
    make_member(organization, Role.EDITOR, user=user)
    client = Client()
    client.force_login(user)
    return Visitor(client, user, organization, make_assessment(organization=organization))

"""The address of a form, opened by itself, answers in words."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from tests.factories import make_member, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(client):
    member = make_member(make_organization(advises=True), Role.OWNER)
    client.force_login(member.user)
    return reverse("desk:confirm", args=[member.organization.slug])


def test_a_browser_gets_a_page(client, address):
    found = client.get(address, headers={"Accept": "text/html,*/*;q=0.8"})

    assert found.status_code == 405
    assert found["Allow"] == "POST"
    assert "only takes what a form sends" in found.content.decode()


def test_a_program_gets_none(client, address):
    assert client.get(address, headers={"Accept": "application/json"}).content == b""

"""What was said on the roadmap before is linked from its successor."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from roadmap.services.work.comments import comment_add
from tests.factories import make_member, make_organization
from tests.roadmap.factories import make_roadmap

pytestmark = pytest.mark.django_db


def page(client, roadmap, name, id):
    where = reverse(f"roadmap:{name}", args=[roadmap.organization.slug, roadmap.pk, id])
    return client.get(where).content.decode()


def test_pages_lead_to_what_was_said_before_where_there_is_something(client):
    member = make_member(role=Role.EDITOR)
    client.force_login(member.user)
    before = make_roadmap(member.organization, name="Last year")
    after = make_roadmap(member.organization)
    stranger = make_roadmap(make_organization(), name="Elsewhere")
    for roadmap in (before, stranger):
        first = roadmap.initiatives.get(initiative_id="A1")
        comment_add(roadmap=roadmap, initiative=first, author=member.user, text="Look")
        comment_add(roadmap=roadmap, gate=roadmap.gates.get(), author=member.user, text="Look")

    assert "Reported before on Last year" in page(client, after, "initiative", "A1")
    assert "Commented before on Last year" in page(client, after, "gate", "G1")
    assert "Reported before" not in page(client, after, "initiative", "A2")
    assert "Reported before" not in page(client, before, "initiative", "A1")
    assert "Commented before" not in page(client, before, "gate", "G1")

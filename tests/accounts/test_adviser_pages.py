"""A consultancy asks, a client grants, changes and ends: the pages of both."""

import re
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Engagement, EngagementRequest
from tests.factories import make_engagement, make_member, make_organization, make_user

pytestmark = pytest.mark.django_db


def terms(**changes):
    until = timezone.localdate().replace(year=timezone.localdate().year + 1)
    return {"role": "editor", "areas": ["assessments"], "until": until.isoformat()} | changes


def asked_by(client, consultant, **changes):
    client.force_login(consultant.user)
    where = reverse("advisers:requests", args=[consultant.organization.slug])
    assert client.post(where, terms(name="Elm Clinic", **changes)).status_code == 302
    page = client.get(where).content.decode()
    return re.search(r'value="https?://[^/]+(/advise/[^"]+)"', page)[1]


@pytest.fixture
def consultant():
    return make_member(make_organization(name="Fir Consulting", advises=True), Role.EDITOR)


def test_an_owner_lets_the_consultancy_in_with_less_than_it_asked_for(client, consultant):
    address = asked_by(client, consultant)
    owner = make_member(role=Role.OWNER)
    client.force_login(owner.user)

    assert "Fir Consulting asks for access" in client.get(address).content.decode()
    sent = terms(client=owner.organization.pk, role="viewer")
    assert client.post(address, sent).status_code == 302

    made = Engagement.objects.get()
    assert (made.client, made.role, made.areas) == (owner.organization, "viewer", ["assessments"])
    listed = client.get(reverse("advisers:list", args=[owner.organization.slug])).content.decode()
    assert "Fir Consulting" in listed and "Viewer" in listed
    assert "answered already" in client.get(address).content.decode()
    client.force_login(consultant.user)
    home = reverse("accounts:organization_home", args=[owner.organization.slug])
    assert client.get(home).status_code == 200


def test_whoever_adds_an_organization_first_comes_back_to_the_request(client, consultant):
    address = asked_by(client, consultant)
    client.force_login(make_user())
    page = client.get(address).content.decode()
    add = re.search(r'href="([^"]+\?advise=[^"]+)"', page)[1]

    data = {"name": "Elm Clinic", "kind": "hospital", "time_zone": "UTC", "language": "en"}
    assert client.post(add, data).headers["Location"] == address
    assert "Elm Clinic" in client.get(address).content.decode()


@pytest.mark.parametrize(
    "odd", ["//evil.example", "https://evil.example/", "a/b", "", "\n", "x" * 999]
)
def test_nothing_else_is_come_back_to(client, odd):
    client.force_login(make_user())
    data = {"name": "Elm Clinic", "kind": "hospital", "time_zone": "UTC", "language": "en"}
    url = reverse("accounts:organization_create") + "?" + urlencode({"advise": odd})

    assert client.post(url, data).headers["Location"] == "/o/elm-clinic/"


def test_only_ones_own_organization_can_be_opened(client, consultant):
    address = asked_by(client, consultant)
    editor = make_member(role=Role.EDITOR)
    client.force_login(editor.user)

    assert "you own none here" in client.get(address).content.decode()
    client.post(address, terms(client=editor.organization.pk))
    assert not Engagement.objects.exists()

    owner = make_member(role=Role.OWNER)
    client.force_login(owner.user)
    answer = client.post(address, terms(client=make_organization().pk))
    assert answer.status_code == 422
    assert not Engagement.objects.exists()


def test_wrong_terms_keep_what_was_typed(client, consultant):
    client.force_login(consultant.user)
    where = reverse("advisers:requests", args=[consultant.organization.slug])

    answer = client.post(where, terms(name="Elm Clinic", until="2001-02-03"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose a last day from today on" in page and 'value="Elm Clinic"' in page
    assert not EngagementRequest.objects.exists()


def test_a_request_taken_back_opens_nothing(client, consultant):
    address = asked_by(client, consultant)
    asked = EngagementRequest.objects.get()
    client.post(reverse("advisers:withdraw", args=[consultant.organization.slug, asked.pk]))
    owner = make_member(role=Role.OWNER)
    client.force_login(owner.user)

    assert "taken back" in client.get(address).content.decode()
    client.post(address, terms(client=owner.organization.pk))
    assert not Engagement.objects.exists()


def test_whoever_advises_nobody_has_no_requests_page(client):
    member = make_member(role=Role.OWNER)
    client.force_login(member.user)

    where = reverse("advisers:requests", args=[member.organization.slug])
    assert client.get(where).status_code == 404


def test_the_client_changes_and_ends_at_once(client, consultant):
    owner = make_member(role=Role.OWNER)
    made = make_engagement(owner.organization, consultant.organization)
    client.force_login(owner.user)
    slug = owner.organization.slug

    changed = client.post(reverse("advisers:change", args=[slug, made.pk]), terms(role="viewer"))
    assert changed.status_code == 302
    made.refresh_from_db()
    assert made.role == "viewer"

    client.post(reverse("advisers:end", args=[slug, made.pk]))
    made.refresh_from_db()
    assert made.ended_by == owner.user
    client.force_login(consultant.user)
    assert client.get(reverse("accounts:organization_home", args=[slug])).status_code == 404


def test_consultants_never_manage_who_advises(client, consultant):
    made = make_engagement(consultancy=consultant.organization)
    client.force_login(consultant.user)
    slug = made.client.slug

    assert client.get(reverse("advisers:list", args=[slug])).status_code == 200
    for name in ("change", "end"):
        answer = client.post(reverse(f"advisers:{name}", args=[slug, made.pk]), terms())
        assert answer.status_code == 403


def test_another_clients_engagement_does_not_exist(client, consultant):
    made = make_engagement(consultancy=consultant.organization)
    owner = make_member(role=Role.OWNER)
    client.force_login(owner.user)

    for name in ("change", "end"):
        where = reverse(f"advisers:{name}", args=[owner.organization.slug, made.pk])
        assert client.post(where, terms()).status_code == 404
    made.refresh_from_db()
    assert made.ended_at is None


def test_the_consultancy_steps_back(client):
    lead = make_member(make_organization(advises=True), Role.OWNER)
    made = make_engagement(consultancy=lead.organization)
    client.force_login(lead.user)

    client.post(reverse("advisers:step_back", args=[lead.organization.slug, made.pk]))

    made.refresh_from_db()
    assert made.ended_by == lead.user

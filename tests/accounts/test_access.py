"""tenancy.Access and the decorator, where the table of test_tenancy.py does not reach."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse

from accounts import audit
from accounts.enums import Role
from accounts.models import AuditEntry, Invitation, Membership, Organization
from accounts.tenancy import Access, Can, access_to
from tests.factories import make_invitation, make_member, make_organization, make_user

ALLOWED = {
    Role.VIEWER: {Can.VIEW, Can.READ_ALL},
    Role.CONTRIBUTOR: {Can.VIEW, Can.ANSWER, Can.TRACK},
    Role.EDITOR: {Can.VIEW, Can.READ_ALL, Can.ANSWER, Can.TRACK, Can.EDIT},
    Role.OWNER: set(Can),
}


@pytest.mark.parametrize("role", Role)
def test_access_allows_what_the_role_may(role):
    access = Access(Organization(), None, role)

    assert {need for need in Can if access.allows(need)} == ALLOWED[role]


def test_access_require_refuses_a_role_too_low():
    access = Access(Organization(), None, Role.VIEWER)

    access.require(Can.VIEW)
    with pytest.raises(PermissionDenied):
        access.require(Can.EDIT)


@pytest.mark.django_db
def test_scope_holds_rows_of_the_organization_only():
    mine, theirs = make_member(), make_member()
    access = access_to(mine.user, mine.organization.slug)

    assert list(access.scope(Membership)) == [mine]
    assert list(access.scope(Organization)) == [mine.organization]
    with pytest.raises(Http404):
        access.get(Membership, pk=theirs.pk)


@pytest.mark.django_db
def test_request_by_script_of_an_anonymous_person_is_not_sent_a_page_to_swap_in(client):
    organization = make_organization()

    response = client.get(
        reverse("accounts:members", args=[organization.slug]), headers={"HX-Request": "true"}
    )

    assert response.status_code == 401
    assert "<html" not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/o/north/people/invite/?a=1", "/o/north/people/invite/%3Fa%3D1"),
        ("https://evil.example/", "/organizations/"),
        ("", "/organizations/"),
    ],
)
def test_post_of_an_anonymous_person_leads_back_to_the_form(client, referer, back):
    make_organization(slug="north")

    response = client.post("/o/north/people/invite/", {}, headers={"Referer": referer})

    assert response.headers["Location"] == f"/accounts/login/?next={back}"


@pytest.mark.django_db
def test_times_are_shown_in_the_organizations_zone(client):
    owner = make_member(make_organization(slug="far", time_zone="Pacific/Kiritimati"), Role.OWNER)
    make_invitation(owner.organization)
    Invitation.objects.update(expires_at="2026-12-05T20:00:00Z", sent_at="2026-11-22T08:00:00Z")
    client.force_login(owner.user)

    assert "good until 6 December 2026" in client.get("/o/far/people/").content.decode()


@pytest.mark.django_db
def test_audit_entries_are_only_added():
    membership = make_member()
    entry = audit.record(
        organization=membership.organization,
        actor=membership.user,
        verb="tested",
        target=membership,
    )

    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()
    assert AuditEntry.objects.get().target_name == str(membership)


@pytest.mark.django_db
def test_audit_entry_outlives_its_actor():
    membership = make_member(user=make_user(name="Ada"))
    audit.record(organization=membership.organization, actor=membership.user, verb="tested")

    membership.user.delete()

    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.actor_name) == (None, "Ada")

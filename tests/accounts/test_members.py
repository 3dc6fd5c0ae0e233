import pytest

from accounts import services
from accounts.enums import Role
from accounts.models import AuditEntry, Membership
from tests.accounts.hostile import HTML, LONG
from tests.factories import make_member, make_organization, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return make_member(make_organization(slug="north"), Role.OWNER)


def test_list_shows_everybody_with_their_role(client, owner):
    make_member(owner.organization, Role.VIEWER, user=make_user(name=HTML))
    client.force_login(owner.user)

    page = client.get("/o/north/people/").content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_list_costs_the_same_for_one_and_for_three(client, owner, django_assert_num_queries):
    client.force_login(owner.user)
    with django_assert_num_queries(9):
        client.get("/o/north/people/")
    make_member(owner.organization)
    make_member(owner.organization)
    with django_assert_num_queries(9):
        client.get("/o/north/people/")


def test_list_shows_invitations_and_changes_to_owners_only(client, owner):
    client.force_login(make_member(owner.organization, Role.EDITOR).user)

    page = client.get("/o/north/people/").content.decode()

    assert "Invite a colleague" not in page
    assert "Change<" not in page


def test_change_gives_another_role_and_records_it(client, owner):
    member = make_member(owner.organization, Role.VIEWER)
    client.force_login(owner.user)

    response = client.post(f"/o/north/people/{member.pk}/", {"role": "editor"})

    member.refresh_from_db()
    assert (response.status_code, member.role) == (302, Role.EDITOR)
    assert AuditEntry.objects.get().detail == {"role": ["viewer", "editor"]}


@pytest.mark.parametrize("role", ["", "root", "OWNER", LONG, HTML])
def test_change_refuses_a_role_there_is_not(client, owner, role):
    member = make_member(owner.organization, Role.VIEWER)
    client.force_login(owner.user)

    response = client.post(f"/o/north/people/{member.pk}/", {"role": role})

    member.refresh_from_db()
    assert (response.status_code, member.role) == (422, Role.VIEWER)


def test_last_owner_can_be_neither_demoted_nor_removed_nor_leave(client, owner):
    client.force_login(owner.user)

    demoted = client.post(f"/o/north/people/{owner.pk}/", {"role": "viewer"})
    client.post(f"/o/north/people/{owner.pk}/remove/")
    left = client.post("/o/north/people/leave/", follow=True)

    owner.refresh_from_db()
    assert (demoted.status_code, owner.role) == (422, Role.OWNER)
    assert "This is the only owner" in demoted.content.decode()
    assert "This is the only owner" in left.content.decode()


def test_one_of_two_owners_may_step_down(client, owner):
    make_member(owner.organization, Role.OWNER)
    client.force_login(owner.user)

    client.post(f"/o/north/people/{owner.pk}/", {"role": "viewer"})

    owner.refresh_from_db()
    assert owner.role == Role.VIEWER


def test_remove_asks_first_and_then_ends_the_membership(client, owner):
    member = make_member(owner.organization, Role.EDITOR)
    client.force_login(owner.user)

    client.get(f"/o/north/people/{member.pk}/remove/")
    is_there_after_asking = Membership.objects.filter(pk=member.pk).exists()
    client.post(f"/o/north/people/{member.pk}/remove/")

    assert is_there_after_asking
    assert not Membership.objects.filter(pk=member.pk).exists()
    assert AuditEntry.objects.get().verb == "member.removed"


def test_leave_ends_ones_own_membership_only(client, owner):
    member = make_member(owner.organization, Role.VIEWER)
    client.force_login(member.user)

    client.post("/o/north/people/leave/")

    assert client.get("/o/north/").status_code == 404
    assert AuditEntry.objects.get().verb == "member.left"


def test_role_counts_from_the_next_request_on(client, owner):
    member = make_member(owner.organization, Role.OWNER)
    client.force_login(member.user)
    before = client.get("/o/north/settings/").status_code

    services.membership_change_role(membership=member, user=owner.user, role=Role.VIEWER)

    assert (before, client.get("/o/north/settings/").status_code) == (200, 403)

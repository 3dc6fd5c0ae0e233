import pytest

from accounts import home
from accounts.enums import Role
from accounts.home import Panel, register_panel
from accounts.models import AuditEntry, Membership, Organization
from accounts.services import free_slug
from tests.accounts.hostile import EMOJI, LONG, RIGHT_TO_LEFT, STORABLE
from tests.factories import make_member, make_organization, make_user

pytestmark = pytest.mark.django_db

GOOD = {"name": "North Clinic", "kind": "clinic_group", "time_zone": "Europe/Prague"}


def test_list_without_organizations_says_what_to_do(client):
    client.force_login(make_user())

    page = client.get("/organizations/").content.decode()

    assert "Start with your organization" in page
    assert 'href="/organizations/new/"' in page


def test_list_shows_ones_own_organizations_only(client):
    mine, _theirs = make_organization(name="Mine"), make_organization(name="Theirs")
    client.force_login(make_member(mine).user)

    page = client.get("/organizations/").content.decode()

    assert "Mine" in page
    assert "Theirs" not in page


def test_list_costs_the_same_for_one_and_for_three(client, django_assert_num_queries):
    user = make_user()
    make_member(user=user)
    client.force_login(user)
    with django_assert_num_queries(5):
        client.get("/organizations/")
    make_member(user=user)
    make_member(user=user)
    with django_assert_num_queries(5):
        client.get("/organizations/")


def test_create_makes_the_person_its_owner(client):
    user = make_user()
    client.force_login(user)

    response = client.post("/organizations/new/", GOOD)

    organization = Organization.objects.get()
    assert response.headers["Location"] == "/o/north-clinic/"
    assert (organization.kind, organization.time_zone) == ("clinic_group", "Europe/Prague")
    assert Membership.objects.get().role == Role.OWNER
    assert AuditEntry.objects.get().verb == "organization.created"


@pytest.mark.parametrize("name", STORABLE)
def test_create_keeps_any_name_and_shows_it_as_text(client, name):
    client.force_login(make_user())

    page = client.post("/organizations/new/", GOOD | {"name": name}, follow=True).content.decode()

    assert Organization.objects.get().name == name
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", LONG),
        ("name", "\x00"),
        ("name", "Free money: http://evil.example"),
        ("kind", ""),
        ("kind", "<b>"),
        ("kind", LONG),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../../etc/passwd"),
        ("time_zone", EMOJI),
    ],
)
def test_create_refuses_what_cannot_be(client, field, value):
    client.force_login(make_user())

    response = client.post("/organizations/new/", GOOD | {field: value})

    assert response.status_code == 422
    assert f'<a href="#id_{field}">' in response.content.decode()
    assert not Organization.objects.exists()


def test_free_slug_of_equal_and_of_letterless_names():
    slugs = []
    for name in ("North Clinic", "North Clinic", RIGHT_TO_LEFT, EMOJI, RIGHT_TO_LEFT, LONG):
        slugs.append(free_slug(name))
        make_organization(slug=slugs[-1])

    assert slugs == [
        "north-clinic",
        "north-clinic-2",
        "organization",
        "clinic",
        "organization-2",
        "x" * 50,
    ]


def test_settings_change_everything_but_the_address(client):
    membership = make_member(make_organization(name="Old", slug="old"), Role.OWNER)
    client.force_login(membership.user)

    client.post("/o/old/settings/", GOOD)

    organization = Organization.objects.get()
    assert (organization.name, organization.slug) == ("North Clinic", "old")
    assert AuditEntry.objects.get().detail["name"] == ["Old", "North Clinic"]


def test_settings_refused_leave_the_name_in_the_top_bar(client):
    membership = make_member(make_organization(name="Old", slug="old"), Role.OWNER)
    client.force_login(membership.user)

    response = client.post("/o/old/settings/", GOOD | {"name": "", "kind": "nonsense"})

    assert response.status_code == 422
    assert '<span class="wm-menu__label">Old</span>' in response.content.decode()


def test_switcher_leads_to_ones_other_organizations(client):
    user = make_user()
    make_member(make_organization(name="First", slug="first"), user=user)
    make_member(make_organization(name="Second", slug="second"), user=user)
    make_organization(name="Foreign")
    client.force_login(user)

    page = client.get("/o/first/").content.decode()

    assert 'href="/o/second/"' in page
    assert "Foreign" not in page


def test_home_shows_registered_panels_in_order_and_skips_empty_ones(client, monkeypatch):
    monkeypatch.setattr(home, "_makers", {})
    register_panel(
        lambda access: Panel("accounts/_home_people.html", {"member_count": 41}), order=20
    )
    register_panel(lambda access: None, order=5)
    register_panel(lambda access: Panel("components/mark.html", {}), order=10)
    membership = make_member(make_organization(slug="first"))
    client.force_login(membership.user)

    response = client.get("/o/first/")

    assert "41 people belong to this organization" in response.content.decode()
    assert [panel.template for panel in response.context["panels"]] == [
        "components/mark.html",
        "accounts/_home_people.html",
    ]


def test_home_without_panels_is_not_blank(client, monkeypatch):
    monkeypatch.setattr(home, "_makers", {})
    membership = make_member(make_organization(slug="first"))
    client.force_login(membership.user)

    assert "Nothing to do yet" in client.get("/o/first/").content.decode()

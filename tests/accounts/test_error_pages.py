import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.views.defaults import server_error

from accounts.enums import Role
from tests.factories import make_member, make_organization, make_user


@pytest.mark.django_db
def test_not_found_page_helps_on(client):
    page = client.get("/no/such/page/")

    assert page.status_code == 404
    assert "There is no page here for you" in page.content.decode()


@pytest.mark.django_db
def test_not_found_page_tells_nothing_about_foreign_organizations(client):
    make_organization(name="Secret Hospital", slug="secret")
    client.force_login(make_user())

    assert "Secret" not in client.get("/o/secret/").content.decode()


@pytest.mark.django_db
def test_refusal_names_ones_role_and_the_way_out(client):
    member = make_member(make_organization(slug="north"), Role.VIEWER)
    client.force_login(member.user)

    response = client.get("/o/north/settings/")

    assert response.status_code == 403
    assert "your role is Viewer" in response.content.decode()
    assert 'href="/o/north/people/"' in response.content.decode()


@pytest.mark.django_db
def test_stale_form_page_says_that_nothing_is_lost():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user())

    response = client.post("/you/", {"name": "Ada"})

    assert response.status_code == 403
    assert "What you typed is not lost" in response.content.decode()


@pytest.mark.django_db
def test_stale_request_by_script_is_told_as_signed_out():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user())

    response = client.post("/you/", {"name": "Ada"}, headers={"HX-Request": "true"})

    assert response.status_code == 401
    assert "<html" not in response.content.decode()


def test_server_error_page_needs_neither_database_nor_context(rf):
    # No django_db mark: a query would fail this test.
    page = server_error(rf.get("/")).content.decode()

    assert "Something went wrong on our side" in page
    assert page == render_to_string("500.html")

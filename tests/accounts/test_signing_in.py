import re

import pytest
from django.core import mail

from accounts.models import User
from tests.accounts.hostile import LONG, STORABLE
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

GOOD = {
    "name": "Ada Novak",
    "email": "ada@example.org",
    "password1": PASSWORD,
    "password2": PASSWORD,
}


def test_sign_up_makes_an_account_and_signs_in(client):
    response = client.post("/accounts/signup/", GOOD)

    user = User.objects.get()
    assert response.headers["Location"] == "/organizations/"
    assert (user.name, user.email) == ("Ada Novak", "ada@example.org")
    assert client.get("/organizations/").status_code == 200


@pytest.mark.parametrize("name", STORABLE)
def test_sign_up_keeps_any_name_and_shows_it_as_text(client, name):
    client.post("/accounts/signup/", GOOD | {"name": name})

    assert User.objects.get().name == name
    assert "<script>alert" not in client.get("/organizations/").content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", LONG),
        ("name", ""),
        ("name", "   "),
        ("name", "Win at https://evil.example"),
        ("email", "not an address"),
        ("email", LONG + "@example.org"),
        ("email", "🏥@example.org"),
        ("email", "<script>@example.org"),
        ("password1", "short"),
        ("password1", "1234567890123"),
        ("password2", "something else entirely"),
    ],
)
def test_sign_up_names_what_is_wrong_and_where(client, field, value):
    page = client.post("/accounts/signup/", GOOD | {field: value}).content.decode()

    assert not User.objects.exists()
    assert "wm-error-summary" in page
    assert re.search(r'<a href="#id_(name|email|password1|password2)">', page)
    assert "<title>Error:" in page
    assert "<script>@" not in page


def test_sign_up_with_a_taken_address_tells_its_holder_only(client):
    make_user(email="ada@example.org")

    client.post("/accounts/signup/", GOOD | {"email": "ADA@example.org"})

    assert User.objects.count() == 1


def test_sign_up_where_addresses_must_be_proven_waits_for_the_mail(client, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"

    client.post("/accounts/signup/", GOOD)
    is_in_before = client.get("/organizations/").status_code == 200
    link = re.search(r"http://testserver(/accounts/confirm-email/\S+)", mail.outbox[0].body)[1]
    page = client.get(link).content.decode()
    client.post(link)

    assert not is_in_before
    assert "ada@example.org" in page
    assert client.get("/organizations/").status_code == 200


def test_sign_in_ignores_the_case_of_the_address(client):
    make_user(email="ada@example.org")

    response = client.post("/accounts/login/", {"login": "Ada@Example.org", "password": PASSWORD})

    assert response.headers["Location"] == "/organizations/"


def test_sign_in_goes_where_one_wanted_to_go(client):
    make_user(email="ada@example.org")
    address = "/accounts/login/?next=/you/"

    response = client.post(address, {"login": "ada@example.org", "password": PASSWORD})

    assert response.headers["Location"] == "/you/"


def test_sign_in_refuses_a_wrong_password_without_telling_which_was_wrong(client):
    make_user(email="ada@example.org")

    known = client.post("/accounts/login/", {"login": "ada@example.org", "password": "no"})
    unknown = client.post("/accounts/login/", {"login": "eve@example.org", "password": "no"})

    errors = [response.context["form"].errors for response in (known, unknown)]
    assert errors[0] == errors[1]
    assert errors[0]


def test_sign_in_is_limited_for_an_account(client):
    make_user(email="ada@example.org")

    for _attempt in range(6):
        client.post("/accounts/login/", {"login": "ada@example.org", "password": "wrong"})
    response = client.post("/accounts/login/", {"login": "ada@example.org", "password": PASSWORD})

    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


def test_sign_out_needs_a_click(client):
    client.force_login(make_user())

    asked = client.get("/accounts/logout/")
    still_in = client.get("/organizations/").status_code
    client.post("/accounts/logout/")

    assert (asked.status_code, still_in) == (200, 200)
    assert client.get("/organizations/").status_code == 302


def test_password_reset_mails_a_link_that_works_once(client):
    make_user(email="ada@example.org")

    client.post("/accounts/password/reset/", {"email": "ada@example.org"})
    message = mail.outbox[0]
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", message.body)[1]
    form_address = client.get(link).headers["Location"]
    new = "an entirely new pass phrase"
    client.post(form_address, {"password1": new, "password2": new})
    again = client.get(link, follow=True).content.decode()

    assert [kind for _body, kind in message.alternatives] == ["text/html"]
    assert client.login(email="ada@example.org", password=new)
    assert "This link does not work" in again


def test_password_reset_does_not_tell_whether_an_account_exists(client):
    make_user(email="ada@example.org")

    known = client.post("/accounts/password/reset/", {"email": "ada@example.org"})
    unknown = client.post("/accounts/password/reset/", {"email": "eve@example.org"})

    assert known.headers["Location"] == unknown.headers["Location"]


def test_mail_server_that_is_away_is_told_and_does_not_crash(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    make_user(email="ada@example.org")

    page = client.post(
        "/accounts/password/reset/", {"email": "ada@example.org"}, follow=True
    ).content.decode()

    assert "The mail could not be sent just now" in page


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/confirm-email/",
        "/accounts/confirm-email/unknown-key/",
        "/accounts/password/reset/key/1-unknown/",
        "/accounts/inactive/",
    ],
)
def test_entrance_pages_show_in_our_frame(client, path):
    response = client.get(path, follow=True)

    assert response.status_code == 200
    assert "wm-topbar" in response.content.decode()


@pytest.mark.parametrize("path", ["/accounts/email/", "/accounts/password/change/", "/you/"])
def test_own_account_pages_show_in_our_frame(client, path):
    client.force_login(make_user())

    page = client.get(path).content.decode()

    assert "wm-topbar" in page


@pytest.mark.parametrize("name", STORABLE)
def test_profile_keeps_any_name(client, name):
    user = make_user()
    client.force_login(user)

    client.post("/you/", {"name": name})
    user.refresh_from_db()

    assert user.name == name


@pytest.mark.parametrize("name", ["", LONG, "see www.evil.example", "two\nlines"])
def test_profile_refuses_names_that_are_none(client, name):
    user = make_user(name="Ada")
    client.force_login(user)

    response = client.post("/you/", {"name": name})
    user.refresh_from_db()

    assert (response.status_code, user.name) == (422, "Ada")

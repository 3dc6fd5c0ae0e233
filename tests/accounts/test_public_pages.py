import pytest
from django.test import Client

from accounts.demo import DEMO_PASSWORD
from guide.registry import current_guide
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_start_page_says_what_it_is_for_and_leads_to_sign_up(client):
    page = client.get("/").content.decode()

    assert "phased roadmap that fits your people and your calendar" in page
    assert 'href="/accounts/signup/"' in page


def test_start_page_names_the_steps_as_the_guide_does(client):
    page = client.get("/").content.decode()

    assert all(f"<span>{step.title}</span>" in page for step in current_guide().steps)


def test_start_page_sends_signed_in_people_to_their_organizations(client):
    client.force_login(make_user())

    assert client.get("/").headers["Location"] == "/organizations/"


def test_demo_logins_are_told_only_when_they_work(client, settings):
    before = client.get("/").content.decode()
    make_user(email="owner@demo.example")
    with_demo = client.get("/").content.decode()
    settings.WAYMARK_DEMO = False
    in_production = client.get("/").content.decode()

    assert [DEMO_PASSWORD in page for page in (before, with_demo, in_production)] == [
        False,
        True,
        False,
    ]
    assert "owner@demo.example" in with_demo
    assert "editor@demo.example" not in with_demo


def test_pages_have_no_inline_script_or_style(client):
    for path in ("/", "/accounts/login/", "/accounts/signup/"):
        page = client.get(path).content.decode()
        assert "<style" not in page
        assert " style=" not in page
        assert "<script>" not in page


def test_theme_is_kept_in_a_cookie_and_written_into_the_page(client):
    response = client.post("/appearance/", {"theme": "dark", "next": "/accounts/login/"})
    page = client.get("/").content.decode()

    assert response.headers["Location"] == "/accounts/login/"
    assert 'data-theme="dark"' in page
    assert 'css/dark.css" media="screen">' in page


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "", "javascript:x"]
)
def test_theme_never_leads_to_another_site(client, elsewhere):
    response = client.post("/appearance/", {"theme": "light", "next": elsewhere})

    assert response.headers["Location"] == "/"


def test_theme_of_a_forged_cookie_is_ignored(client):
    client.cookies["wm_theme"] = '"><script>'

    assert 'data-theme="auto"' in client.get("/").content.decode()


def test_unknown_theme_sets_no_cookie(client):
    assert "wm_theme" not in client.post("/appearance/", {"theme": "pink"}).cookies


def test_theme_needs_the_token():
    assert (
        Client(enforce_csrf_checks=True).post("/appearance/", {"theme": "dark"}).status_code == 403
    )


def test_start_page_answers_a_monitor_that_asks_for_the_head_only(client):
    assert client.head("/").status_code == 200

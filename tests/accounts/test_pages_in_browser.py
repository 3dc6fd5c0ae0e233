"""The pages of accounts in a real browser: readable by everyone, on a phone, in the dark."""

import pytest
from playwright.sync_api import Page, expect

from accounts.enums import Role
from accounts.models import Organization
from tests import axe
from tests.axe import faults_on_two_looks
from tests.factories import PASSWORD, make_invitation, make_member, make_organization, make_user

pytestmark = pytest.mark.django_db(transaction=True)

PUBLIC = (
    "/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/confirm-email/",
    "/accounts/password/reset/key/1-unknown/",
    "/invitations/unknown/",
    "/no/such/page/",
)
OWN = (
    "/organizations/",
    "/organizations/new/",
    "/you/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/logout/",
    "/o/north/",
    "/o/north/settings/",
    "/o/north/people/",
    "/o/north/people/invite/",
    "/o/north/people/leave/",
    "/o/no-such-organization/",
)


@pytest.fixture
def organization() -> Organization:
    organization = make_organization(name="North Clinic " + "with a long name " * 6, slug="north")
    owner = make_user(email="ada@example.org", name="Ada " + "Novakova" * 12)
    make_member(organization, Role.OWNER, user=owner)
    make_member(organization, Role.VIEWER, user=make_user(name="مستشفى 🏥"))
    make_invitation(organization)
    return organization


def sign_in(page: Page, site: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/organizations/")


# With hard data on two looks; tests/browser/test_accessibility.py holds every page in all four.
def test_public_pages_have_no_faults(live_server, browser, organization):
    page = browser.new_page()

    faults = {path: faults_on_two_looks(page, live_server.url + path) for path in PUBLIC}
    page.close()

    assert {path: found for path, found in faults.items() if found} == {}


def test_pages_of_members_have_no_faults(live_server, browser, organization):
    page = browser.new_page()
    sign_in(page, live_server.url)
    member = organization.memberships.get(role=Role.VIEWER)
    token = organization.invitations.get().token
    paths = (
        *OWN,
        f"/o/north/people/{member.pk}/",
        f"/o/north/people/{member.pk}/remove/",
        f"/invitations/{token}/",
    )

    faults = {path: faults_on_two_looks(page, live_server.url + path) for path in paths}
    page.close()

    assert {path: found for path, found in faults.items() if found} == {}


def test_refused_form_puts_the_focus_on_a_summary_that_leads_to_the_field(
    live_server, browser, organization
):
    page = browser.new_page()
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/organizations/new/")
    page.get_by_role("button", name="Add the organization").click()

    expect(page.locator(".wm-error-summary")).to_be_focused()
    page.get_by_role("link", name="Name of the organization").click()
    field = page.evaluate("document.activeElement.id")
    found = axe.violations(page)
    page.close()

    assert (field, found) == ("id_name", [])


def test_menus_open_by_keyboard_and_close_on_escape(live_server, browser, organization):
    page = browser.new_page()
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/o/north/")

    page.locator("summary", has_text="North Clinic").focus()
    page.keyboard.press("Enter")
    is_open = page.get_by_role("link", name="All organizations").is_visible()
    found = axe.violations(page)
    page.keyboard.press("Escape")
    is_closed = not page.get_by_role("link", name="All organizations").is_visible()
    page.close()

    assert (is_open, is_closed, found) == (True, True, [])


def test_theme_and_sign_in_work_without_script(live_server, browser, organization):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server.url)
    page.locator("summary", has_text="Appearance").click()
    page.get_by_role("button", name="Dark").click()

    theme = page.locator("html").get_attribute("data-theme")
    context.close()

    assert theme == "dark"


def test_form_left_open_during_a_new_sign_in_can_still_be_sent(live_server, browser, organization):
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/you/")
    page.get_by_label("Your name").fill("Typed before the session ended")
    other = context.new_page()
    other.goto(f"{live_server.url}/accounts/logout/")
    other.get_by_role("main").get_by_role("button", name="Sign out").click()
    sign_in(other, live_server.url)

    page.get_by_role("button", name="Save").click()
    page.get_by_text("Your details are saved.").wait_for()
    name = page.get_by_label("Your name").input_value()
    context.close()

    assert name == "Typed before the session ended"


FORM = """<form id="probe" method="post" hx-post="{address}" hx-target="this" hx-swap="outerHTML">
<input name="note" aria-label="note"><button>Send</button></form>"""


def test_request_by_script_that_fails_says_so_and_keeps_what_was_typed(
    live_server, browser, organization
):
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/o/north/")

    def send_to(address: str) -> str:
        page.evaluate(
            """(form) => {
                document.getElementById("probe")?.remove();
                const main = document.getElementById("main");
                main.insertAdjacentHTML("beforeend", form);
                htmx.process(main);
            }""",
            FORM.format(address=address),
        )
        page.get_by_label("note").fill("typed")
        page.get_by_role("button", name="Send").click()
        page.locator("#wm-toast").wait_for(state="visible")
        assert page.get_by_label("note").input_value() == "typed"
        text = page.locator("#wm-toast p:visible").inner_text()
        page.get_by_role("button", name="Close").click()
        return text

    missing = send_to("/no/such/page/")
    context.set_offline(True)
    offline = send_to("/o/north/people/invite/")
    context.set_offline(False)
    context.clear_cookies()
    page.context.add_cookies([{"name": "csrftoken", "value": "a" * 32, "url": live_server.url}])
    signed_out = send_to("/o/north/people/invite/")
    context.close()

    assert "nothing was saved" in missing
    assert missing == offline
    assert "You have been signed out" in signed_out


def test_refused_fragment_is_swapped_in_by_script(live_server, browser, organization):
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/o/north/")
    page.evaluate(
        """(form) => {
            const main = document.getElementById("main");
            main.insertAdjacentHTML("beforeend", form);
            htmx.process(main);
        }""",
        FORM.format(address="/o/north/people/invite/").replace(
            'hx-swap="outerHTML"', 'hx-swap="outerHTML" hx-select=".wm-error-summary"'
        ),
    )

    # The server answers 422: the same request with a valid token, and what is wrong comes back.
    page.get_by_role("button", name="Send").click()
    summary = page.locator(".wm-error-summary")
    summary.wait_for()
    is_gone = page.locator("#probe").count() == 0
    context.close()

    assert is_gone

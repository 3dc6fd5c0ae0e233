"""The questionnaire in a real browser: by script, by keyboard, without script, and for everyone."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from django.db import OperationalError
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from accounts.enums import Role
from assessments.models import Answer, Assessment
from assessments.services import assessment_submit
from tests import axe
from tests.assessments.factories import make_assessment, save_answer
from tests.axe import faults_on_two_looks
from tests.factories import PASSWORD, make_member, make_organization, make_user

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "Autumn review " + "of everything that we could think of " * 2


@pytest.fixture
def draft() -> Assessment:
    organization = make_organization(name="North Clinic", slug="north")
    ada, bo = make_user(email="ada@example.org", name="Ada"), make_user(email="bo@example.org")
    make_member(organization, Role.OWNER, user=ada)
    make_member(organization, Role.EDITOR, user=bo)
    return make_assessment(organization=organization, user=ada, name=LONG)


@pytest.fixture
def page(browser: Browser, live_server, draft) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield sign_in(context, live_server.url)
    context.close()


def sign_in(context: BrowserContext, site: str, email: str = "ada@example.org") -> Page:
    page = context.new_page()
    page.goto(f"{site}/accounts/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "login" not in address)
    return page


def at(draft: Assessment, path: str) -> str:
    return f"/o/north/assessments/{draft.pk}/{path}"


def open_step(page: Page, live_server, draft: Assessment, number: int = 1) -> None:
    page.goto(live_server.url + at(draft, f"steps/{number}/"))


def state_of(page: Page, anchor: str) -> Locator:
    return page.locator(f"#{anchor} .wm-question__state")


def wait_for(page: Page, anchor: str, words: str) -> None:
    state_of(page, anchor).get_by_text(words).first.wait_for()


def eventually(is_so: Callable[[], object]) -> bool:
    """Whether it comes true within a while: the machine may be busy."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        # The database in memory turns readers away while the page's save writes.
        with suppress(OperationalError):
            if is_so():
                return True
        time.sleep(0.1)
    return False


def stored(draft: Assessment, question_id: str) -> Answer | None:
    return Answer.objects.filter(assessment=draft, question_id=question_id).first()


def test_pages_have_no_faults(live_server, page, draft):
    """With hard data on two looks; tests/browser/test_accessibility.py holds every page in all."""
    save_answer(draft, "Q1.01", 0, note="A note " * 40)
    save_answer(draft, "Q1.02", None, state="not_applicable")
    save_answer(draft, "T1", [{"name": "EHR " * 30, "tier": "1"}, {"name": "Lab"}])
    done = make_assessment(organization=draft.organization, user=draft.created_by)
    save_answer(done, "Q1.01", 1)
    save_answer(done, "Q3.05", 3)
    assessment_submit(assessment=done, user=None)
    # The others look the same whatever was answered: tests/browser/test_accessibility.py.
    paths = [
        "/o/north/assessments/",
        *(at(draft, part) for part in ("", "steps/1/", "review/")),
        at(draft, "answers/T1/rows/0/"),
        at(draft, "answers/T1/rows/0/?remove"),
        *(at(done, part) for part in ("", "scorecard/", "review/")),
    ]

    faults = {path: faults_on_two_looks(page, live_server.url + path) for path in paths}

    assert {path: found for path, found in faults.items() if found} == {}


def test_answer_is_saved_by_keyboard_alone(page, live_server, draft):
    open_step(page, live_server, draft)

    page.locator("#Q1-01-value-0").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    wait_for(page, "Q1-01", "Saved")
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.closest('.wm-question').id")

    assert focused == "Q1-01"
    assert eventually(lambda: stored(draft, "Q1.01").value == 2)
    assert page.locator("#step-count").inner_text().startswith("1 of ")


def test_fast_changes_end_with_the_last_one(page, live_server, draft):
    open_step(page, live_server, draft)

    for level in (4, 1, 2, 3, 0):
        page.locator(f"#Q1-01-value-{level}").check()

    assert eventually(lambda: stored(draft, "Q1.01") and stored(draft, "Q1.01").value == 0)
    wait_for(page, "Q1-01", "Saved")
    assert stored(draft, "Q1.01").value == 0
    assert "Not saved" not in state_of(page, "Q1-01").inner_text()


def test_save_without_connection_says_so_and_is_made_up_for(page, live_server, draft):
    open_step(page, live_server, draft)

    page.context.set_offline(True)
    page.locator("#Q1-01-value-3").check()
    wait_for(page, "Q1-01", "Not saved: no connection")
    # static/js/drafts.js tries again as soon as the network is back.
    page.context.set_offline(False)
    wait_for(page, "Q1-01", "Saved")

    assert stored(draft, "Q1.01").value == 3


def test_save_after_the_session_ended_can_be_tried_again_after_signing_in(page, live_server, draft):
    open_step(page, live_server, draft)
    page.context.clear_cookies(name="sessionid")

    page.locator("#Q1-01 summary", has_text="Note and basis").click()
    page.locator("#Q1-01-note").fill("Long thoughts")
    page.locator("#Q1-01-value-3").check()
    wait_for(page, "Q1-01", "you were signed out")
    found = axe.violations(page)
    sign_in(page.context, live_server.url).close()
    page.locator("#Q1-01").get_by_role("button", name="Try again").click()
    wait_for(page, "Q1-01", "Saved")

    assert found == []
    assert (stored(draft, "Q1.01").value, stored(draft, "Q1.01").note) == (3, "Long thoughts")


def test_two_browsers_at_one_question_see_both_answers(page, live_server, browser, draft):
    other = browser.new_context()
    bo = sign_in(other, live_server.url, "bo@example.org")
    open_step(page, live_server, draft)
    open_step(bo, live_server, draft)

    bo.locator("#Q1-01-value-1").check()
    wait_for(bo, "Q1-01", "Saved")
    page.locator("#Q1-01-value-4").check()
    wait_for(page, "Q1-01", "Yours, not saved")
    found = axe.violations(page)
    with page.expect_response("**/answers/Q1.01/") as answered:
        page.locator("#Q1-01-value-3").check()  # saving by itself must not decide the matter
    refused = answered.value.status
    undecided = stored(draft, "Q1.01").value
    page.get_by_role("button", name="Keep mine").click()
    wait_for(page, "Q1-01", "Saved")
    other.close()

    assert found == []
    assert (refused, undecided, stored(draft, "Q1.01").value) == (409, 1, 3)


def test_not_applicable_asks_for_its_reason(page, live_server, draft):
    open_step(page, live_server, draft)

    page.locator("#Q1-01 [data-not-applicable]").check()
    wait_for(page, "Q1-01", "Say why before you submit")
    page.get_by_label("Why does it not apply?").first.fill("Nothing runs here")
    # Asking the database in memory while the page saves could turn the save away.
    with page.expect_response("**/answers/Q1.01/"):
        page.keyboard.press("Tab")

    assert stored(draft, "Q1.01").reason == "Nothing runs here"


def test_answer_and_dont_know_exclude_each_other(page, live_server, draft):
    open_step(page, live_server, draft)

    page.locator("#Q1-11-value").fill("40")
    page.keyboard.press("Tab")
    wait_for(page, "Q1-11", "Saved")
    # Asking the database while it saves would lock the table it has in memory.
    with page.expect_response("**/answers/Q1.11/"):
        page.locator("#Q1-11 [value='~unknown']").check()
    assert stored(draft, "Q1.11").state == "unknown"
    with page.expect_response("**/answers/Q1.11/"):
        page.locator("#Q1-11-value").fill("30")
        page.keyboard.press("Tab")

    assert (stored(draft, "Q1.11").state, stored(draft, "Q1.11").value) == ("answered", 30)


def test_rows_are_added_edited_and_removed_in_place(page, live_server, draft):
    open_step(page, live_server, draft)
    table = page.locator("#T1")

    table.get_by_role("link", name="Add a row").press("Enter")
    page.locator("#T1-row-name").wait_for()
    page.keyboard.type("EHR")
    page.keyboard.press("Enter")
    table.get_by_role("rowheader", name="EHR").wait_for()
    added = stored(draft, "T1").value
    table.get_by_role("link", name="Edit EHR").click()
    page.locator("#T1-row-tier").select_option("1")
    found = axe.violations(page)
    page.get_by_role("button", name="Save row").click()
    table.get_by_role("link", name="Edit EHR").wait_for()
    edited = stored(draft, "T1").value
    table.get_by_role("link", name="Remove EHR").click()
    page.get_by_role("button", name="Remove").click()
    table.get_by_role("link", name="Add a row").wait_for()

    assert found == []
    assert (added, edited) == ([{"name": "EHR"}], [{"name": "EHR", "tier": "1"}])
    assert stored(draft, "T1").state == "unanswered"
    assert page.url == live_server.url + at(draft, "steps/1/")


def test_whole_question_works_without_script(live_server, browser, draft):
    context = browser.new_context(java_script_enabled=False)
    page = sign_in(context, live_server.url)
    open_step(page, live_server, draft)

    page.locator("#Q1-01-value-2").check()
    page.locator("#Q1-01").get_by_role("button", name="Save this answer").click()
    where = page.url
    page.locator("#Q1-11-value").fill("140")
    page.locator("#Q1-11").get_by_role("button", name="Save this answer").click()
    summary = page.locator(".wm-error-summary a").get_attribute("href")
    kept = page.locator("#Q1-11-value").input_value()
    page.goto(live_server.url + at(draft, "answers/T1/rows/new/"))
    page.locator("#T1-row-name").fill("EHR")
    page.get_by_role("button", name="Save row").click()
    row = page.locator("#T1").get_by_role("rowheader", name="EHR").count()
    context.close()

    assert where.endswith("/steps/1/#Q1-01")
    assert stored(draft, "Q1.01").value == 2
    assert (summary, kept, row) == ("#Q1-11-value", "140", 1)


def test_coming_back_leads_to_the_same_question(page, live_server, draft):
    open_step(page, live_server, draft, 2)
    page.locator("#Q2-05-value-2").check()
    wait_for(page, "Q2-05", "Saved")

    page.goto(live_server.url + at(draft, ""))
    page.get_by_role("link", name="Continue where you left off").click()

    page.wait_for_url("**#Q2-05")
    page.wait_for_load_state("networkidle")
    top = page.locator("#Q2-05").evaluate("(e) => Math.abs(e.getBoundingClientRect().top)")
    assert top < 120

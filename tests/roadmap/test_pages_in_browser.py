"""The roadmap's pages in a real browser: readable, by keyboard, and safe when a save fails."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from accounts.enums import Role
from roadmap.models import Roadmap
from roadmap.services import initiative_update
from tests import axe
from tests.axe import faults_on_two_looks
from tests.factories import PASSWORD, make_member, make_organization, make_user
from tests.roadmap.factories import approved, make_roadmap, plan_roadmap

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def roadmap() -> Roadmap:
    organization = make_organization(name="North Clinic", slug="north")
    editor = make_user(email="ada@example.org", name="Ada Novakova")
    make_member(organization, Role.EDITOR, user=editor)
    make_organization(name="Empty Clinic", slug="empty")
    roadmap = plan_roadmap(organization, user=editor, name="Road " + "with a long name " * 6)
    for number, (status, note) in enumerate(
        (("done", ""), ("in_progress", "x" * 300), ("dropped", "لا حاجة 🩺"))
    ):
        initiative_update(
            initiative=roadmap.initiatives.order_by("start_on", "rank")[number],
            user=editor,
            status=status,
            finished_on=None,
            note=note,
            version=0,
        )
    return roadmap


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 844})
    yield page
    page.close()


def sign_in(page: Page, site: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/organizations/")


# With hard data on two looks; tests/browser/test_accessibility.py holds every page in all four.
def test_pages_have_no_faults(live_server, page, roadmap):
    sign_in(page, live_server.url)
    base = f"/o/north/roadmaps/{roadmap.pk}/"
    items = list(roadmap.initiatives.order_by("start_on", "rank")[1:3])
    paths = (
        "/o/north/",
        "/o/north/roadmaps/",
        "/o/north/roadmaps/new/",
        base,
        *(f"{base}initiatives/{item.initiative_id}/" for item in items),
        *(f"{base}gates/{gate.gate_id}/" for gate in roadmap.gates.all()[:1]),
    )

    faults = {path: faults_on_two_looks(page, live_server.url + path) for path in paths}

    assert {path: found for path, found in faults.items() if found} == {}


def test_roadmap_is_planned_tracked_and_its_gate_opened_by_keyboard(live_server, page, roadmap):
    small = make_roadmap(roadmap.organization, initiatives=2)
    base = f"{live_server.url}/o/north/roadmaps/{small.pk}"
    sign_in(page, live_server.url)

    page.goto(f"{base}/initiatives/A1/")
    page.get_by_role("radio", name="Not started").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    for _field in ("day, month, year", "calendar", "note", "button"):
        page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.id") != "progress-save":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("status").filter(has_text="Saved").wait_for()
    focused = page.evaluate("document.activeElement.id")
    after_save = axe.violations(page)
    page.goto(f"{base}/gates/G1/")
    page.locator("summary", has_text="Confirm this item").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Minutes of May 3")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Ready to be decided").wait_for()
    approved(small.gates.get())
    page.goto(f"{base}/gates/G1/")
    page.get_by_label("On what grounds?").focus()
    page.keyboard.type("Agreed at the review")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="This gate is open").wait_for()

    assert (focused, after_save) == ("progress-save", [])
    assert small.gates.get().is_open


def test_save_that_fails_says_so_and_keeps_the_text(live_server, page, roadmap):
    sign_in(page, live_server.url)
    item = roadmap.initiatives.last()
    page.goto(f"{live_server.url}/o/north/roadmaps/{roadmap.pk}/initiatives/{item.initiative_id}/")
    page.get_by_label("Note").fill("Not to be lost")
    page.route("**/initiatives/**", lambda route: route.abort())

    page.get_by_role("button", name="Save progress").click()
    page.locator("#wm-toast").wait_for()
    kept = page.get_by_label("Note").input_value()
    page.unroute("**/initiatives/**")
    page.get_by_role("button", name="Save progress").click()
    page.get_by_role("status").filter(has_text="Saved").wait_for()

    item.refresh_from_db()
    assert (kept, item.note) == ("Not to be lost", "Not to be lost")


def test_two_browsers_see_each_other(live_server, browser, page, roadmap):
    item = roadmap.initiatives.last()
    address = f"{live_server.url}/o/north/roadmaps/{roadmap.pk}/initiatives/{item.initiative_id}/"
    other = browser.new_page()
    for tab in (page, other):
        sign_in(tab, live_server.url)
        tab.goto(address)
    other.get_by_label("Note").fill("First")
    other.get_by_role("button", name="Save progress").click()
    other.get_by_role("status").filter(has_text="Saved").wait_for()
    other.close()

    page.get_by_label("Note").fill("Second")
    page.get_by_role("button", name="Save progress").click()
    page.get_by_text("someone else saved other progress").wait_for()
    shown = page.locator(".rm-theirs").inner_text()
    typed = page.get_by_label("Note").input_value()
    found = axe.violations(page)

    item.refresh_from_db()
    assert "First" in shown
    assert (typed, item.note, found) == ("Second", "First", [])


def test_calendar_scrolls_inside_its_own_frame_on_a_phone(live_server, browser, roadmap):
    page = browser.new_page(viewport={"width": 390, "height": 844})
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/o/north/roadmaps/{roadmap.pk}/")

    plot = page.get_by_role("region", name="Calendar of the initiatives")
    is_scrollable = plot.evaluate("plot => plot.scrollWidth > plot.clientWidth")
    names = page.locator(".rm-gantt__name").count()
    tops = page.evaluate(
        """() => {
          const names = [...document.querySelectorAll('a.rm-gantt__name')];
          const bars = [...document.querySelectorAll('.rm-row')];
          const middle = box => box.top + box.height / 2;
          return names.map((name, i) => Math.round(Math.abs(
            middle(name.getBoundingClientRect())
            - middle(bars[i].querySelector('rect, polygon').getBoundingClientRect()))));
        }"""
    )
    page.close()

    assert is_scrollable
    assert names > roadmap.initiatives.count()
    assert max(tops) <= 1

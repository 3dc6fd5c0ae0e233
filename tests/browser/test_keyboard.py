"""Everything works by keyboard alone: one can get there, sees where one is, and stays there."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import axe
from tests.browser.conftest import DEMO, Door
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.stack

ROADMAP = f"/o/{DEMO}/roadmaps/1/"
# The focused element, or the box around a radio or checkbox, must be drawn with an outline. (The
# calendar button inside a date field draws the browser's own.)
SHOWN = """element => {
    const isDrawn = (one) => {
        const style = one && getComputedStyle(one);
        return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    };
    return !element.matches(":focus") || isDrawn(element) || isDrawn(element.closest("label"));
}"""


@pytest.fixture
def visitor(door: Door) -> Visitor:
    """At the first step of a new draft."""
    visitor = door.visit()
    visitor.start_draft()
    visitor.follow("Begin with step 1")
    return visitor


def tab_to(page: Page, target: Locator, *, most: int = 60) -> None:
    """Press Tab until the target has the focus; every stop on the way must be visible."""
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate_handle("document.activeElement")
        assert stop.evaluate("e => e !== document.body"), f"{target} is not on the way"
        assert stop.evaluate(SHOWN), f"no visible focus: {stop.evaluate('e => e.outerHTML')[:200]}"
        if target.evaluate("(target, stop) => target === stop", stop):
            return
    raise AssertionError(f"{target} is not among the next {most} stops")


def test_skip_link_comes_first_and_leads_past_the_top_bar(visitor):
    page = visitor.page
    skip = page.get_by_role("link", name="Skip to the content")
    tab_to(page, skip, most=1)
    expect(skip).to_be_in_viewport()

    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")

    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")


def test_question_is_answered_and_explained_by_keyboard(visitor):
    page, box = visitor.page, visitor.question("Q1.01")
    page.locator("#main").focus()
    why = box.locator("summary", has_text="Why we ask")
    tab_to(page, why)
    page.keyboard.press("Enter")
    expect(box.locator(".wm-question__why")).to_have_attribute("open", "")
    tab_to(page, box.get_by_role("radio").first)
    with visitor.saving("Q1.01"):
        page.keyboard.press("Space")
    visitor.expect_saved("Q1.01")
    with visitor.saving("Q1.01"):
        page.keyboard.press("ArrowDown")

    # The state was swapped in below; the place is kept.
    visitor.expect_saved("Q1.01")
    chosen = box.locator('input[type="radio"][value="1"]')
    expect(chosen).to_be_checked()
    expect(chosen).to_be_focused()

    tab_to(page, box.locator("summary", has_text="Note and basis"))
    page.keyboard.press("Enter")
    tab_to(page, box.get_by_label("Note", exact=True))
    page.keyboard.type("By keyboard alone")
    with visitor.saving("Q1.01"):
        page.keyboard.press("Tab")
    visitor.expect_saved("Q1.01")
    expect(box.get_by_label("What does the answer rest on?")).to_be_focused()

    # Clearing swaps the whole question: reading goes on in it.
    tab_to(page, box.get_by_role("button", name="Clear"))
    page.keyboard.press("Enter")
    expect(chosen).not_to_be_checked()
    assert is_inside(page, box)


def is_inside(page: Page, box: Locator) -> bool:
    return box.evaluate("box => box.contains(document.activeElement)")


def test_rows_are_added_changed_and_removed_by_keyboard(visitor):
    page, box = visitor.page, visitor.question("T1")
    box.get_by_role("heading").first.evaluate("heading => heading.closest('section').focus()")
    tab_to(page, box.get_by_role("link", name=re.compile("^Add a row")))
    page.keyboard.press("Enter")
    expect(box.get_by_label("System", exact=True)).to_be_focused()
    page.keyboard.type("Radiology archive")
    page.keyboard.press("Enter")
    expect(box.get_by_role("rowheader", name="Radiology archive")).to_be_visible()
    expect(box.get_by_role("link", name=re.compile("^Add another row"))).to_be_focused()

    page.keyboard.press("Shift+Tab")
    expect(box.get_by_role("link", name="Remove Radiology archive")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(box.get_by_label("System", exact=True)).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type(" 2")
    page.keyboard.press("Enter")
    expect(box.get_by_role("rowheader", name="Radiology archive 2")).to_be_visible()

    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(box.get_by_role("button", name="Remove", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(box.get_by_role("rowheader", name="Radiology archive 2")).to_be_visible()
    assert is_inside(page, box), "“Keep it” lost the place"


def test_failed_save_is_tried_again_by_keyboard(visitor):
    page, state = visitor.page, visitor.state("Q1.01")
    page.route("**/answers/**", lambda route: route.abort())
    visitor.question("Q1.01").get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    again = state.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    tab_to(page, again)
    page.unroute("**/answers/**")
    with visitor.saving("Q1.01"):
        page.keyboard.press("Enter")
    visitor.expect_saved("Q1.01")

    assert is_inside(page, visitor.question("Q1.01"))


def test_organization_is_switched_by_keyboard(visitor):
    page = visitor.page
    switcher = page.locator("summary", has_text="Organization:")
    tab_to(page, switcher)
    page.keyboard.press("Enter")
    other = page.get_by_role("link", name="Claimsparrow")
    expect(other).to_be_visible()
    assert axe.violations(page) == []
    page.keyboard.press("Escape")
    expect(other).to_be_hidden()
    expect(switcher).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, other)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1, name="Claimsparrow")).to_be_visible()


def test_appearance_is_changed_by_keyboard(visitor):
    page, address = visitor.page, visitor.page.url
    tab_to(page, page.locator("summary", has_text="Appearance"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Dark", exact=True))
    page.keyboard.press("Enter")

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.url == address


def test_progress_is_reported_by_keyboard(door):
    page = door.open()
    page.goto(ROADMAP)
    page.get_by_role("region", name="Next").get_by_role("link").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/initiatives/*/")
    form = page.get_by_role("region", name="Progress")
    page.locator("#main").focus()
    tab_to(page, form.get_by_label("Note (optional)"))
    page.keyboard.press("Control+A")
    page.keyboard.type("Noted by keyboard")
    tab_to(page, form.get_by_role("button", name="Save progress"))
    page.keyboard.press("Enter")

    expect(form.get_by_role("status")).to_contain_text("Saved")
    assert is_inside(page, form)

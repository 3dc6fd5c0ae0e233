"""Moving bars of a plan by script: by mouse, by keyboard, with the reason beside it, and undo."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.axe import violations
from tests.browser.conftest import DEMO, Door
from tests.browser.visitor import listen_for_faults

pytestmark = pytest.mark.stack
BAR = "#bar-A1-02"


def open_plan(door: Door) -> Page:
    """A plan of one's own: the other tests share the demo's."""
    page = door.open("editor")
    page.goto(f"/o/{DEMO}/scenarios/new/")
    page.get_by_label("Name").fill("Moved by hand")
    page.get_by_role("button", name="Show the plan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Moved by hand")
    return page


def test_plan_is_changed_by_mouse_and_keyboard_and_says_what_moved(door: Door) -> None:
    page = open_plan(door)
    faults = listen_for_faults(page)
    bar, dialog, said = page.locator(BAR), page.locator("#move"), page.locator("#bar-said")

    bar.scroll_into_view_if_needed()
    box = bar.locator(".rm-bar").bounding_box()
    assert box
    page.mouse.move(box["x"] + 4, box["y"] + 6)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 6, steps=4)
    page.mouse.up()
    dialog.get_by_role("button", name="Not before").click()
    expect(said).to_contain_text("moved")
    expect(bar).to_be_focused()
    moved_to = bar.get_attribute("data-start")

    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#plan-said")).to_contain_text("starts on")
    page.keyboard.press("Escape")
    expect(page.locator("#plan-said")).to_contain_text("put back")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Exactly on").press("Enter")
    expect(page.locator("#plan")).to_have_attribute("data-version", "2")
    expect(bar).to_be_focused()
    assert bar.get_attribute("data-start") > (moved_to or "")

    page.keyboard.press("Enter")
    panel = page.locator("#why")
    expect(panel).to_contain_text(re.compile("Its start is fixed to"))
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(bar).to_be_focused()

    page.locator("#undo").click()
    expect(page.locator("#plan")).to_have_attribute("data-version", "3")
    assert bar.get_attribute("data-start") == moved_to
    assert faults == []

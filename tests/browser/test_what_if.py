"""Trying other answers by script: each change shows at once, and the address keeps it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DEMO, Door
from tests.browser.visitor import listen_for_faults

pytestmark = pytest.mark.stack


def test_changes_show_at_once_and_stay_in_the_address(door: Door) -> None:
    page = door.open("viewer")
    faults = listen_for_faults(page)
    page.goto(f"/o/{DEMO}/assessments/1/what-if/")
    outcome = page.locator("#what-if")

    page.get_by_label("Find a question").fill("downtime drill")
    page.get_by_role("button", name="Downtime drill").click()
    expect(page).to_have_url(re.compile(r"/what-if/\?Q5\.12=\d$"))
    expect(outcome.get_by_role("status")).to_contain_text("With this change")

    outcome.get_by_label("Downtime drill").select_option("4")
    expect(page).to_have_url(re.compile(r"\?Q5\.12=4$"))
    page.reload()
    expect(outcome.get_by_label("Downtime drill")).to_have_value("4")

    outcome.get_by_role("button", name="Take back Q5.12").press("Enter")
    expect(page).to_have_url(re.compile(r"/what-if/$"))
    expect(outcome.get_by_role("status")).to_contain_text("Nothing is changed yet")
    assert faults == []

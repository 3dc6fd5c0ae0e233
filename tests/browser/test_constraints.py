"""The constraints of a plan by script: rows come in place, and trying them keeps nothing."""

import pytest
from playwright.sync_api import expect

from tests.axe import violations
from tests.browser.conftest import DEMO, Door
from tests.browser.visitor import listen_for_faults

pytestmark = pytest.mark.stack


def test_constraints_grow_in_place_and_can_be_tried(door: Door) -> None:
    page = door.open("editor")
    faults = listen_for_faults(page)
    page.goto(f"/o/{DEMO}/roadmaps/1/")
    page.get_by_role("link", name="Its plan").click()
    page.goto(f"{page.url.split('?')[0]}constraints/")
    rows = page.locator(".co-row--freezes")
    before = rows.count()

    # What is typed elsewhere stays, the new row has the focus, and what it needs not is hidden.
    page.get_by_label("Budget of the plan").fill("250,000")
    page.get_by_role("button", name="Add a freeze of your own").press("Enter")
    expect(rows).to_have_count(before + 1)
    expect(rows.last.get_by_label("Reason")).to_be_focused()
    expect(rows.last.get_by_label("Time left")).to_be_hidden()
    rows.last.get_by_label("What it means").select_option("People have less time")
    expect(rows.last.get_by_label("Time left")).to_be_visible()
    expect(page.get_by_label("Budget of the plan")).to_have_value("250,000")
    rows.last.get_by_role("button", name="Remove").press("Enter")
    expect(rows).to_have_count(before)
    expect(page.get_by_role("button", name="Add a freeze of your own")).to_be_focused()

    page.get_by_label("Country").select_option("Germany")
    expect(page.get_by_label("State or region")).to_contain_text("Bayern")
    expect(page.get_by_label("German Unity Day")).to_be_checked()

    page.get_by_label("Initiatives at the same time, at most").fill("1")
    page.get_by_role("button", name="Try it first").press("Enter")
    preview = page.locator("#preview")
    expect(preview.get_by_text("nothing is saved yet")).to_be_visible()
    expect(preview.get_by_text("Last day if all takes its likely time")).to_be_visible()
    assert violations(page) == []
    assert faults == []

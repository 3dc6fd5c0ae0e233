"""The whole way with script switched off: everything goes by links and buttons."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DEMO, DEMO_PASSWORD, Door
from tests.browser.visitor import Visitor, listen_for_faults, sign_in

pytestmark = pytest.mark.stack

NOTE = "Without script: <i>120</i> systems 🏥"


def test_whole_way_works_without_script(door: Door, tmp_path: Path) -> None:
    page = door.open_signed_out(java_script_enabled=False, accept_downloads=True)
    faults = listen_for_faults(page)
    sign_in(page, "owner@demo.example", DEMO_PASSWORD)
    visitor = Visitor(page, DEMO)

    visitor.start_draft()
    page.get_by_role("link", name="Begin with step 1").click()
    answer_by_button(visitor)
    add_row_on_its_own_page(visitor)
    review(visitor)
    report_progress(visitor)
    make_report(visitor, tmp_path)
    assert faults == []


def answer_by_button(visitor: Visitor) -> None:
    """Saving leads back to the question on the page, with the answer in it."""
    box = visitor.question("Q1.01")
    level = box.locator('input[type="radio"][value="2"]')
    level.check()
    box.locator(".wm-question__note > summary").click()
    box.get_by_label("Note", exact=True).fill(NOTE)
    box.get_by_role("button", name="Save this answer").click()
    expect(visitor.page).to_have_url(re.compile(r"/steps/1/#Q1-01$"))
    expect(box).to_be_in_viewport()
    visitor.expect_saved("Q1.01")
    expect(level).to_be_checked()
    expect(box.get_by_label("Note", exact=True)).to_have_value(NOTE)


def add_row_on_its_own_page(visitor: Visitor) -> None:
    page, box = visitor.page, visitor.question("T1")
    box.get_by_role("link", name=re.compile("^Add a row")).click()
    page.get_by_label("System", exact=True).fill("Pharmacy system")
    page.get_by_role("button", name="Save row").click()
    expect(page).to_have_url(re.compile(r"/steps/1/#T1$"))
    expect(box.get_by_role("rowheader", name="Pharmacy system")).to_be_visible()


def review(visitor: Visitor) -> None:
    """What is missing folds out without script, and every answer can be gone back to."""
    page = visitor.page
    page.get_by_role("link", name="Back to the overview").click()
    page.get_by_role("link", name="Review and submit").click()
    missing = page.get_by_role("region", name="What is missing")
    missing.locator("summary").filter(has_text="1. ").click()
    expect(missing.get_by_role("link", name="Q1.02")).to_be_visible()
    page.get_by_role("link", name="Change Systems inventory").click()
    expect(page).to_have_url(re.compile(r"/steps/1/#Q1-01$"))


def report_progress(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("link", name="Roadmap", exact=True).click()
    page.get_by_role("link", name="First roadmap", exact=True).first.click()
    page.get_by_role("region", name="Next").get_by_role("link").first.click()
    page.get_by_label("Note (optional)").fill(NOTE)
    page.get_by_role("button", name="Save progress").click()
    expect(page.get_by_text("Progress saved.")).to_be_visible()
    expect(page.get_by_label("Note (optional)")).to_have_value(NOTE)
    page.get_by_role("link", name="First roadmap", exact=True).first.click()


def make_report(visitor: Visitor, folder: Path) -> None:
    """The page comes anew by itself every few seconds, and at once by "Refresh"."""
    page = visitor.page
    page.get_by_role("button", name="Create PDF").click()
    page.get_by_role("link", name="Refresh").click()
    ready = page.get_by_role("heading", name="Your report is ready")
    expect(ready).to_be_visible(timeout=90_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the PDF").click()
    path = folder / "report.pdf"
    download.value.save_as(path)
    assert path.read_bytes()[:5] == b"%PDF-"

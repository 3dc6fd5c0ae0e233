"""Answering a step from one's own seat, as one does it: by keyboard, saved as it is given."""

from playwright.sync_api import expect

from tests import axe
from tests.browser.conftest import Door


def test_seat_answers_are_saved_as_they_are_given_and_taken_back(door: Door):
    visitor = door.visit("editor")
    visitor.start_draft()
    visitor.follow("Answer from your own seat")
    page = visitor.page
    page.get_by_role("link", name="Security").click()
    page.get_by_role("link", name="1. ").first.click()
    question = page.locator("#seat-Q1-01")

    question.locator('input[value="2"]').focus()
    page.keyboard.press("Space")
    expect(question).to_contain_text("from the seat “Security”")
    assert axe.violations(page) == []
    page.reload()
    expect(question.locator('input[value="2"]')).to_be_checked()

    question.get_by_role("button", name="Take it back").click()
    expect(question).to_contain_text("There is no answer of yours")
    expect(question.locator("input:checked")).to_have_count(0)

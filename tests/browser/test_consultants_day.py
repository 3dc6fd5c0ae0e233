"""A consultant's day with seven clients: look, note, start one, act for several, look again."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import faults_of
from tests.browser.visitor import listen_for_faults, numbers

pytestmark = pytest.mark.stack

DESK = "/o/demo-consultancy/clients/"


def test_consultants_day(door):
    page = door.open("consultant")
    faults = listen_for_faults(page)

    # Morning: who needs me? The one that keeps its assessments closed shows no readiness.
    page.goto("/o/demo-consultancy/")
    page.get_by_role("link", name="Clients", exact=True).click()
    rows = page.locator(".desk-table tbody tr")
    expect(rows.filter(has_text="(fictional)")).to_have_count(7)
    expect(rows.filter(has_text="Claimsparrow")).to_contain_text("not opened to you")
    page.get_by_role("link", name="Slip", exact=True).click()
    expect(page.locator("th[aria-sort='descending']")).to_have_text(re.compile("Slip"))
    page.get_by_role("link", name="Exposures").click()
    expect(page.locator(".desk-heat__cell--severe").first).to_be_visible()

    # A view to come back to, kept and opened by keyboard.
    page.goto(f"{DESK}?band=developing")
    page.get_by_text("Keep this view").press("Enter")
    page.get_by_label("Name of the view").fill(f"Developing {next(numbers)}")
    page.keyboard.press("Enter")
    expect(page.get_by_text("is kept.")).to_be_visible()

    # A private word about a client.
    page.get_by_role("link", name=re.compile("Norvale")).click()
    page.get_by_label("Write a note").fill("Their board meets in March.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_text("Nobody outside your consultancy sees it")).to_be_visible()

    # One client more, from a template.
    page.goto(f"{DESK}templates/new/")
    page.get_by_label("Name of the template").fill(f"Clinic {next(numbers)}")
    page.get_by_role("button", name="Keep the template").click()
    page.get_by_role("link", name="Start a client from it").first.click()
    name = f"Elm Clinic {next(numbers)}"
    page.get_by_label("Name of the client").fill(name)
    page.get_by_role("button", name="Start the client").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)

    # A new round for two: one is left out, and the page says why.
    page.goto(f"{DESK}?sort=name")
    page.get_by_label("Choose Larkmoor").check()
    page.get_by_label("Choose Claimsparrow").check()
    page.get_by_role("button", name="Begin a new round").click()
    expect(page.get_by_role("row", name=re.compile("Claimsparrow"))).to_contain_text("left out")
    page.get_by_role("button", name="Begin a round at 1 client").click()
    expect(page.get_by_text("Done for 1 of 1 clients.")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("offers")).to_be_visible()

    assert faults == []
    for path in ("?sort=name", "?show=exposure"):
        assert faults_of(page, DESK + path) == [], path

"""The ways a consultant takes by mouse: into a workshop, and an address to hand on."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import faults_of
from tests.browser.visitor import listen_for_faults, numbers

pytestmark = pytest.mark.stack

ASK = "/o/demo-consultancy/advisers/requests/"


def test_a_workshop_is_begun_and_an_address_is_copied(door):
    page = door.open("consultant")
    faults = listen_for_faults(page)

    page.goto("/o/demo-rural-hospital/assessments/")
    page.get_by_role("link", name="Second assessment").click()
    page.get_by_role("link", name=re.compile("Lead a workshop")).click()
    # The title of the step spans its row; the button lies over it.
    page.get_by_role("link", name=re.compile("Begin")).first.click()
    expect(page.get_by_text(re.compile(r"^1 of \d+$"))).to_be_visible()

    page.goto(ASK)
    page.get_by_label("For whom").fill(f"Ash Clinic {next(numbers)}")
    page.get_by_role("button", name="Make the address").click()
    page.get_by_role("button", name="Copy Address for the client").first.click()
    expect(page.get_by_role("button", name=re.compile("^Copied")).first).to_be_visible()

    assert faults == []
    for path in (ASK, "/o/demo-consultancy/", "/o/demo-consultancy/batches/"):
        assert faults_of(page, path) == [], path

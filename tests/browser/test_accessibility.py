"""Every page of the journey, for everyone: axe-core finds nothing, light and dark, wide and on a
phone; nothing scrolls sideways; the browser has nothing to complain about."""

import pytest
from playwright.sync_api import Page, expect

from tests import axe
from tests.browser.conftest import DEMO, Door
from tests.browser.visitor import Visitor, listen_for_faults, numbers
from tests.servers import ROOT

pytestmark = pytest.mark.stack

HOME = f"/o/{DEMO}/"
SUBMITTED, ROADMAP = f"{HOME}assessments/1/", f"{HOME}roadmaps/1/"
# The demo's second round: a draft that several people fill.
TOGETHER = f"{HOME}assessments/2/"


def assert_no_faults(page: Page, *paths: str) -> None:
    faults = {path: faults_of(page, path) for path in paths}
    assert {path: found for path, found in faults.items() if found} == {}


def faults_of(page: Page, path: str) -> list[object]:
    """What is wrong with the page at `path`. All rules when wide and light; in the dark the colours
    are others, on a phone sizes and what is shown."""
    said = listen_for_faults(page)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(axe.WIDE)
    page.goto(path)
    page.evaluate(axe.UNFOLD)
    found: list[object] = [("light, wide", fault) for fault in axe.violations(page)]
    # Colours do not depend on the width, and need no second visit.
    light = page.evaluate(axe.COLOUR)
    page.emulate_media(color_scheme="dark")
    if page.evaluate(axe.COLOUR) == light:
        found.append("stays light in the dark")
    found += [("dark, wide", fault) for fault in axe.violations(page, axe.COLOURS)]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(axe.PHONE)
    found += [("light, phone", fault) for fault in axe.violations(page, axe.WIDTHS)]
    for width in (axe.PHONE["width"], 320):  # the narrowest that WCAG asks for
        page.set_viewport_size({"width": width, "height": 844})
        if page.evaluate(axe.IS_TOO_WIDE):
            found.append(f"scrolls sideways at {width} px")
    return [*found, *said]


def test_pages_before_signing_in_have_no_faults(door):
    assert_no_faults(
        door.open_signed_out(), "/", "/accounts/signup/", "/accounts/login/", "/no/such/page/"
    )


def test_pages_of_an_organization_that_begins_have_no_faults(door):
    """The empty states: what to do next."""
    page = door.open()
    page.goto("/organizations/new/")
    page.get_by_label("Name of the organization").fill(f"Beginners {next(numbers)}")
    page.get_by_label("Kind of organization").select_option(label="Laboratory")
    page.get_by_role("button", name="Add the organization").click()
    expect(page.get_by_role("link", name="Start the assessment")).to_be_visible()
    home = page.url

    assert_no_faults(
        page,
        "/organizations/",
        "/organizations/new/",
        home,
        f"{home}people/",
        f"{home}settings/",
        f"{home}assessments/",
        f"{home}assessments/new/",
        f"{home}assessments/import/",
        f"{home}roadmaps/",
        f"{home}roadmaps/new/",
    )


@pytest.fixture
def draft(door: Door) -> Visitor:
    """At the task list of a draft with many answers, imported from a file."""
    visitor = door.visit()
    page = visitor.page
    page.goto(f"{HOME}assessments/import/")
    page.get_by_label("Answers file").set_input_files(ROOT / "demo" / "per-1.yaml")
    page.get_by_label("Name of the assessment").fill(f"Imported {next(numbers)}")
    page.get_by_role("button", name="Import into a new draft").click()
    expect(page.get_by_text("answers were read into a new draft")).to_be_visible()
    return visitor


@pytest.mark.parametrize("numbers", [(1, 2), (3, 4), (5, 6)])
def test_pages_of_questions_have_no_faults(draft, numbers):
    at = draft.page.url

    assert_no_faults(draft.page, *(f"{at}steps/{number}/" for number in numbers))


def test_pages_of_a_draft_have_no_faults(draft):
    at = draft.page.url

    assert_no_faults(
        draft.page,
        at,
        f"{at}profile/",
        f"{at}answers/T1/rows/new/",
        f"{at}answers/T1/rows/0/?remove",
        f"{at}tables/T1/",
        f"{at}tables/T1/import/",
        f"{at}tables/T5/diagram/",
        f"{at}questions/Q1.01/",
        f"{at}unconfirmed/",
        f"{at}contradictions/",
        f"{at}review/",
        f"{at}submit/",
        f"{at}scorecard/",
        f"{at}assignments/",
        f"{at}assignments/new/?part=question:Q1.01",
        f"{HOME}assessments/mine/",
        f"{HOME}assessments/",
    )


def test_pages_of_a_submitted_assessment_have_no_faults(door):
    assert_no_faults(
        door.open(),
        SUBMITTED,
        f"{SUBMITTED}submitted/",
        f"{SUBMITTED}scorecard/",
        f"{SUBMITTED}targets/",
        f"{SUBMITTED}what-if/?Q1.01=3&Q5.12=4",
        f"{SUBMITTED}review/",
        f"{SUBMITTED}steps/1/",
    )


def test_pages_of_a_round_filled_together_have_no_faults(door):
    assert_no_faults(
        door.open(),
        TOGETHER,
        f"{TOGETHER}steps/1/",
        f"{TOGETHER}questions/Q2.07/",
        f"{TOGETHER}seats/",
        f"{TOGETHER}divergence/",
        f"{TOGETHER}divergence/agenda/",
        f"{TOGETHER}reading/?for=STEP-2",
        f"{HOME}assessments/guides/",
    )


def test_pages_that_conclude_have_no_faults(door):
    assert_no_faults(
        door.open(),
        f"{TOGETHER}quick/",
        f"{TOGETHER}quick/result/",
        f"{TOGETHER}compare/",
        f"{SUBMITTED}benchmark/",
        f"{SUBMITTED}coverage/",
        f"{SUBMITTED}coverage/gates/G3/",
    )


def test_pages_of_a_roadmap_have_no_faults(door):
    page = door.open()
    page.goto(ROADMAP)
    first = page.get_by_role("region", name="Next").get_by_role("link").first
    gates = page.get_by_role("region", name="Phases and gates").get_by_role("link")
    initiative, *some_gates = (
        link.get_attribute("href") or "" for link in (first, gates.first, gates.last)
    )

    assert_no_faults(
        page, HOME, f"{HOME}roadmaps/", f"{HOME}roadmaps/new/", ROADMAP, initiative, *some_gates
    )


def test_pages_of_plans_on_trial_have_no_faults(door):
    page = door.open()
    page.goto(f"{HOME}scenarios/")
    newest = page.get_by_role("main").get_by_role("heading", level=3).get_by_role("link").first
    trial = newest.get_attribute("href") or ""

    assert_no_faults(
        page, f"{HOME}scenarios/", f"{HOME}scenarios/new/", f"{trial}adopt/", f"{trial}refresh/"
    )


def test_page_of_a_report_has_no_faults(door):
    page = door.open()
    page.goto(ROADMAP)
    page.get_by_role("button", name="Create PDF").click()
    expect(page.get_by_role("heading", name="Your report is ready")).to_be_visible(timeout=90_000)

    assert_no_faults(page, page.url)


def test_pages_of_a_viewer_have_no_faults(door):
    """What a role that is too low sees: pages to read, and a friendly refusal."""
    page = door.open("viewer")

    assert_no_faults(page, f"{SUBMITTED}steps/2/", f"{ROADMAP}gates/G1/")
    page.goto(f"{HOME}assessments/new/")
    assert axe.violations(page) == []

"""What is typed while nothing can be saved waits in the browser and is offered again."""

from playwright.sync_api import Page, expect

from accounts.demo import DEMO_PASSWORD
from tests.browser.conftest import DEMO
from tests.browser.test_failed_saves import at_first_step, note, stored_note
from tests.browser.visitor import Visitor, enter, listen_for_faults, sign_in

TEXT = "Typed on the train: <b>120</b> 🏥 مستشفى"


OTHERS = """
    const path = document.querySelector("form[data-draft=evidence]").getAttribute("action");
    const user = document.documentElement.dataset.user;
    const draft = (at) => JSON.stringify({ at, id: "x", fields: [["title", "Theirs"]], seen: [] });
    localStorage.setItem(`wm-draft:${user}0:${path}`, draft(Date.now()));
    localStorage.setItem(`wm-draft:${user}:${path}`, draft(Date.now() - 8 * 24 * 3600 * 1000));
"""


def drafts(page: Page) -> int:
    kept = "Object.keys(localStorage).filter((key) => key.startsWith('wm-draft:')).length"
    return page.evaluate(kept)


def test_typed_text_survives_a_lost_network_and_a_closed_page(door):
    visitor = at_first_step(door)
    page, address = visitor.page, visitor.page.url
    page.context.set_offline(True)
    expect(page.locator("#wm-offline")).to_be_visible()
    # Tried again by itself when the network is back.
    enter(note(visitor, "Q1.01"), TEXT)
    expect(visitor.state("Q1.01")).to_contain_text("Not saved: no connection")
    with visitor.saving("Q1.01"):
        page.context.set_offline(False)
    visitor.expect_saved("Q1.01")
    assert drafts(page) == 0
    assert stored_note(visitor, "Q1.01") == TEXT

    # Closed before anything could be sent; opened again later.
    page.context.set_offline(True)
    note(visitor, "Q1.02").press_sequentially("Half a sen")
    kept = "Object.values(localStorage).some((kept) => kept.includes('Half a sen'))"
    page.wait_for_function(kept)
    context = page.context
    page.close()
    context.set_offline(False)
    visitor.page = context.new_page()
    faults = listen_for_faults(visitor.page)
    visitor.page.goto(address)
    offer = visitor.question("Q1.02").locator("[data-draft-offer]")
    expect(offer).to_contain_text("Half a sen")
    with visitor.saving("Q1.02"):
        offer.get_by_role("button", name="Restore it").click()
    visitor.expect_saved("Q1.02")
    expect(offer).to_have_count(0)

    assert stored_note(visitor, "Q1.02") == "Half a sen"
    assert drafts(visitor.page) == 0
    assert faults == []


def test_draft_of_evidence_is_forgotten_when_saved_discarded_or_signed_out(door):
    # A session of its own: signing out would end the one that other tests share.
    page = door.open_signed_out()
    sign_in(page, "owner@demo.example", DEMO_PASSWORD)
    visitor = Visitor(page, DEMO)
    visitor.start_draft()
    visitor.follow("Begin with step 1")
    visitor.question("Q1.01").get_by_role("link", name="Evidence, comments, seats").click()
    unfold = page.locator("summary", has_text="Add evidence")
    unfold.click()
    page.get_by_label("Title").fill("Policy")
    page.get_by_label("Link", exact=True).fill("https://example.org/policy")
    page.reload()
    page.get_by_role("button", name="Restore it").click()
    expect(page.get_by_label("Title")).to_have_value("Policy")
    page.get_by_role("button", name="Add evidence").click()
    expect(page.get_by_text("The evidence was added.")).to_be_visible()
    assert drafts(page) == 0

    unfold.click()
    page.get_by_label("Title").fill("Another")
    page.reload()
    page.get_by_role("button", name="Discard it").click()
    assert drafts(page) == 0

    # Of a colleague on the same machine, or too old: never offered.
    page.evaluate(OTHERS)
    page.reload()
    expect(page.locator("html.wm-has-script")).to_be_attached()
    expect(page.locator("[data-draft-offer]")).to_have_count(0)
    unfold.click()
    page.get_by_label("Title").fill("A third")
    assert drafts(page) == 2
    _sign_out(visitor)
    assert drafts(page) == 0


def _sign_out(visitor: Visitor) -> None:
    visitor.page.locator("summary", has_text="Your account").click()
    visitor.page.get_by_role("button", name="Sign out").click()
    visitor.page.wait_for_url("**/")

"""Cards of the board, by mouse and by keyboard, and two people at the same card."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import DEMO, Door
from tests.browser.visitor import listen_for_faults

CARDS = ".bd-column--not_started .bd-card"


def board_of(page: Page) -> str:
    """The address of a board in its own order, so that what others tracked does not matter."""
    page.goto(f"/o/{DEMO}/roadmaps/")
    page.locator('main a[href*="/roadmaps/"]').filter(has_text=re.compile(".")).first.click()
    page.get_by_role("navigation", name="Views of this roadmap").get_by_role(
        "link", name="Board"
    ).click()
    expect(page.locator("#board")).to_be_visible()
    return page.url


def names(page: Page) -> list[str]:
    lane = page.locator(".bd-lane").filter(has=page.locator(CARDS)).last
    return lane.locator(CARDS).evaluate_all("cards => cards.map((card) => card.dataset.card)")


def test_cards_move_by_mouse_by_keyboard_and_not_over_each_other(door: Door) -> None:
    mine, theirs = door.open("owner"), door.open("editor")
    faults = listen_for_faults(mine)
    address = board_of(mine)
    first, second, third = names(mine)[:3]

    # By mouse: the first card goes below the second.
    target = mine.locator(f"#card-{second}")
    box = target.bounding_box()
    assert box
    mine.locator(f"#card-{first}").drag_to(
        target, target_position={"x": 40, "y": box["height"] - 6}, source_position={"x": 8, "y": 8}
    )
    expect(mine.locator("#board-said")).to_contain_text("has a new place in Not started")
    assert names(mine)[:3] == [second, first, third]

    # By keyboard: back to where it was, and the focus stays at the card.
    opener = mine.locator(f"#move-{first}")
    expect(opener).to_be_focused()
    mine.keyboard.press("Enter")
    card = mine.locator(f"#card-{first}")
    expect(card.get_by_label("Column")).to_be_focused()
    card.get_by_label("Column").select_option("not_started")
    card.get_by_label("Place").select_option("first")
    card.get_by_role("button", name="Move it").press("Enter")
    expect(mine.locator(f"#move-{first}")).to_be_focused()
    assert names(mine)[:3] == [first, second, third]

    # Two people: the second is told, and nothing is lost.
    theirs.goto(address)
    drop(mine, third, "not wanted any more")
    other = theirs.locator(f"#card-{third}")
    other.locator("summary").click()
    other.get_by_label("Column").select_option("in_progress")
    other.get_by_role("button", name="Move it").click()
    dialog = theirs.get_by_role("dialog")
    expect(dialog).to_contain_text("was changed meanwhile")
    expect(dialog).to_contain_text("it is now in Dropped")
    theirs.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    # The site is everybody's: what was dropped is taken up again.
    folded = mine.locator(".bd-dropped").filter(has=mine.locator(f"#card-{third}"))
    folded.locator("> summary").press("Enter")
    mine.locator(f"#move-{third}").press("Enter")
    mine.locator(f"#card-{third}").get_by_label("Column").select_option("not_started")
    mine.locator(f"#card-{third}").get_by_role("button", name="Move it").press("Enter")
    expect(mine.locator("#board-said")).to_contain_text("is now in Not started")
    assert faults == []


def drop(page: Page, card: str, why: str) -> None:
    """Dropping asks why, in a dialog; Enter in the button sends it."""
    page.locator(f"#move-{card}").press("Enter")
    page.locator(f"#card-{card}").get_by_label("Column").select_option("dropped")
    page.locator(f"#card-{card}").get_by_role("button", name="Move it").press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Why is it dropped?").fill(why)
    dialog.get_by_role("button", name="Drop it").click()
    expect(page.locator("#board-said")).to_contain_text("is now in Dropped")

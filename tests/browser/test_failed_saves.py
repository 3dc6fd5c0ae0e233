"""An answer that could not be saved is said, kept and can be sent again."""

from playwright.sync_api import Locator, Route, expect

from accounts.demo import DEMO_PASSWORD
from tests import axe
from tests.browser.conftest import Door
from tests.browser.visitor import Visitor, enter, fill_sign_in

TEXT = "Typed before it went wrong: <b>120</b> 🏥 مستشفى"


def at_first_step(door: Door, **options: object) -> Visitor:
    visitor = door.visit(**options)
    visitor.start_draft()
    visitor.follow("Begin with step 1")
    return visitor


def level(visitor: Visitor, question_id: str, number: int) -> Locator:
    return visitor.question(question_id).locator(f'input[type="radio"][value="{number}"]')


def note(visitor: Visitor, question_id: str) -> Locator:
    box = visitor.question(question_id)
    field = box.get_by_label("Note", exact=True)
    if not field.is_visible():
        box.locator(".wm-question__note > summary").click()
    return field


def stored_note(visitor: Visitor, question_id: str) -> str:
    """What the server has: the page as it comes anew."""
    visitor.page.reload()
    return note(visitor, question_id).input_value()


def test_save_without_connection_says_so_and_can_be_tried_again(door):
    visitor = at_first_step(door)
    page, state = visitor.page, visitor.state("Q1.01")
    page.route("**/answers/**", lambda route: route.abort("connectionrefused"))
    enter(note(visitor, "Q1.01"), TEXT)
    expect(state).to_contain_text("Not saved: no connection")
    expect(note(visitor, "Q1.01")).to_have_value(TEXT)
    expect(page.locator("#wm-toast")).to_be_hidden()
    assert axe.violations(page) == []

    page.unroute("**/answers/**")
    with visitor.saving("Q1.01"):
        state.get_by_role("button", name="Try again").click()
    visitor.expect_saved("Q1.01")

    assert stored_note(visitor, "Q1.01") == TEXT


def test_save_that_fails_on_the_server_says_so_and_can_be_tried_again(door):
    visitor = at_first_step(door)
    page, state = visitor.page, visitor.state("Q1.01")
    page.route("**/answers/**", lambda route: route.fulfill(status=503, body="<h1>Down</h1>"))
    level(visitor, "Q1.01", 3).check()
    expect(state).to_contain_text("Not saved: something went wrong on our side")
    expect(level(visitor, "Q1.01", 3)).to_be_checked()

    page.unroute("**/answers/**")
    with visitor.saving("Q1.01"):
        state.get_by_role("button", name="Try again").click()
    visitor.expect_saved("Q1.01")


def test_leaving_with_an_unsaved_answer_asks_first(door):
    visitor = at_first_step(door)
    page = visitor.page
    page.route("**/answers/**", lambda route: route.abort())
    level(visitor, "Q1.01", 3).check()
    expect(visitor.state("Q1.01")).to_contain_text("Not saved")
    asked: list[str] = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    with page.expect_event("dialog"):
        page.get_by_role("link", name="All steps").click(no_wait_after=True)

    assert asked == ["beforeunload"]
    assert page.url.endswith("/steps/1/")


def test_answer_can_be_changed_after_going_back(door):
    """The browser must not take an older page out of its cache: its version would be refused."""
    visitor = at_first_step(door)
    with visitor.saving("Q1.01"):
        level(visitor, "Q1.01", 1).check()
    visitor.expect_saved("Q1.01")
    visitor.follow("All steps")
    visitor.page.go_back()
    expect(level(visitor, "Q1.01", 1)).to_be_checked()

    with visitor.saving("Q1.01"):
        level(visitor, "Q1.01", 2).check()
    visitor.expect_saved("Q1.01")


def test_answer_given_before_the_script_came_is_saved_by_it(door):
    visitor = at_first_step(door)
    scripts: list[Route] = []
    visitor.page.route("**/htmx.min.js", lambda route: scripts.append(route))
    visitor.page.reload(wait_until="commit")
    level(visitor, "Q1.01", 3).check()
    assert len(scripts) == 1

    with visitor.saving("Q1.01"):
        scripts[0].continue_()
    visitor.expect_saved("Q1.01")


def test_row_that_could_not_be_saved_keeps_its_cells(door):
    visitor = at_first_step(door)
    page = visitor.page
    form = visitor.open_new_row("T1")
    form.get_by_label("System", exact=True).fill(TEXT)
    page.route("**/rows/**", lambda route: route.abort())
    form.get_by_role("button", name="Save row").click()
    expect(form).to_contain_text("Not saved: no connection")
    expect(form.get_by_label("System", exact=True)).to_have_value(TEXT)

    page.unroute("**/rows/**")
    form.get_by_role("button", name="Try again").click()
    expect(visitor.question("T1").get_by_role("rowheader", name=TEXT)).to_be_visible()


def test_invalid_answer_says_why_and_keeps_what_was_typed(door):
    visitor = at_first_step(door)
    field = visitor.question("Q1.11").locator('[name="Q1.11-value"]')
    enter(field, "250")
    expect(visitor.state("Q1.11")).to_contain_text("Not saved. What you typed is still here.")
    expect(field).to_have_value("250")

    with visitor.saving("Q1.11"):
        enter(field, "25")
    visitor.expect_saved("Q1.11")


def two_people_at_one_question(door: Door) -> tuple[Visitor, Visitor]:
    """The owner and the editor have the same question open, and the editor saves first."""
    owner = at_first_step(door)
    editor = door.visit("editor")
    editor.page.goto(owner.page.url)
    with editor.saving("Q1.01"):
        level(editor, "Q1.01", 3).check()
    editor.expect_saved("Q1.01")
    level(owner, "Q1.01", 1).check()
    expect(owner.state("Q1.01")).to_contain_text("Edgar Editor answered this question too")
    return owner, editor


def words_of(level: Locator) -> str:
    option = level.locator("xpath=ancestor::label")
    return option.inner_text().split("\n")[-1].strip()


def test_stale_answer_shows_both_and_mine_can_be_kept(door):
    owner, editor = two_people_at_one_question(door)
    state = owner.state("Q1.01")
    expect(state).to_contain_text("Yours, not saved")
    expect(state).to_contain_text(words_of(level(owner, "Q1.01", 1)))
    expect(state).to_contain_text("Theirs, saved")
    expect(state).to_contain_text(words_of(level(owner, "Q1.01", 3)))
    expect(level(owner, "Q1.01", 1)).to_be_checked()
    assert axe.violations(owner.page) == []

    with owner.saving("Q1.01"):
        state.get_by_role("button", name="Keep mine").click()
    owner.expect_saved("Q1.01")
    editor.page.reload()

    expect(level(editor, "Q1.01", 1)).to_be_checked()
    expect(editor.state("Q1.01")).to_contain_text("by Olivia Owner")


def test_stale_answer_can_be_replaced_by_theirs(door):
    owner, _ = two_people_at_one_question(door)
    state = owner.state("Q1.01")

    state.get_by_role("link", name="Take theirs").click()

    expect(level(owner, "Q1.01", 3)).to_be_checked()
    expect(state).to_contain_text("by Edgar Editor")


def test_session_that_ended_is_said_and_a_retry_after_signing_in_saves(door):
    visitor = at_first_step(door)
    page, state = visitor.page, visitor.state("Q1.01")
    page.context.clear_cookies()
    enter(note(visitor, "Q1.01"), TEXT)
    expect(state).to_contain_text("Not saved: you were signed out")
    expect(note(visitor, "Q1.01")).to_have_value(TEXT)

    with page.context.expect_page() as opened:
        state.get_by_role("link", name="Sign in in a new tab").click()
    fill_sign_in(opened.value, "owner@demo.example", DEMO_PASSWORD)
    opened.value.wait_for_url("**/organizations/")
    opened.value.close()
    with visitor.saving("Q1.01"):
        state.get_by_role("button", name="Try again").click()
    visitor.expect_saved("Q1.01")

    assert stored_note(visitor, "Q1.01") == TEXT


def test_session_that_ended_without_script_keeps_what_was_typed(door):
    visitor = at_first_step(door, java_script_enabled=False)
    page = visitor.page
    page.context.clear_cookies(name="sessionid")
    box = visitor.question("Q1.01")
    box.locator(".wm-question__note > summary").click()
    box.get_by_label("Note", exact=True).fill(TEXT)
    box.get_by_role("button", name="Save this answer").click()
    expect(page.get_by_text("You were signed out.")).to_be_visible()
    fill_sign_in(page, "owner@demo.example", DEMO_PASSWORD)

    expect(visitor.state("Q1.01")).to_contain_text("Not saved yet")
    expect(note(visitor, "Q1.01")).to_have_value(TEXT)
    box.get_by_role("button", name="Save it now").click()

    visitor.expect_saved("Q1.01")
    assert stored_note(visitor, "Q1.01") == TEXT

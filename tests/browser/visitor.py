"""What people do on the pages of assessments, through the browser only."""

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, expect

from assessments.domain.answers import Answer, AnswerState
from assessments.queries import question_anchor
from guide.model import AnswerField, Question

numbers = itertools.count(1)
INSTEAD = {AnswerState.UNKNOWN: "~unknown", AnswerState.NOT_APPLICABLE: "~not_applicable"}


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/accounts/login/")
    fill_sign_in(page, email, password)
    page.wait_for_url("**/organizations/")


def fill_sign_in(page: Page, email: str, password: str) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def listen_for_faults(page: Page) -> list[str]:
    """What the browser complains about from now on: scripts, the security policy, missing files."""
    faults: list[str] = []

    def hear(said: ConsoleMessage) -> None:
        # The browser itself reports the status of a page that refuses on purpose.
        if said.type in ("error", "warning") and not re.search(r"status of 4(04|09|22)", said.text):
            faults.append(said.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: faults.append(str(error)))
    return faults


class Visitor:
    """A person at a page of one organization."""

    def __init__(self, page: Page, slug: str) -> None:
        self.page = page
        self.home = f"/o/{slug}/"

    def start_draft(self) -> str:
        """A draft of one's own; returns the path of its task list."""
        self.page.goto(f"{self.home}assessments/new/")
        self.page.get_by_label("Name of the assessment").fill(f"Draft {next(numbers)}")
        self.page.get_by_role("button", name="Start the assessment").click()
        expect(self.page.get_by_text("Every answer is saved at once")).to_be_visible()
        return self.page.url

    def follow(self, name: str) -> None:
        """Follow a link and wait for the page's scripts: what is done before is not saved yet."""
        before = self.page.url
        self.page.get_by_role("link", name=name).click()
        self.page.wait_for_url(lambda address: address != before)

    # Questions

    def question(self, question_id: str) -> Locator:
        return self.page.locator(f"#{question_anchor(question_id)}")

    def state(self, question_id: str) -> Locator:
        return self.question(question_id).locator(".wm-question__state")

    @contextmanager
    def saving(self, question_id: str) -> Iterator[None]:
        """What is done inside makes the page save the answer; goes on when the server said so."""
        with self.page.expect_response(lambda r: _is_save(r.request, question_id)) as caught:
            yield
        assert caught.value.status == 200, (question_id, caught.value.status)

    def expect_saved(self, question_id: str) -> None:
        expect(self.state(question_id).locator(".wm-status--saved")).to_be_visible()

    def give(self, question: Question, answer: Answer) -> None:
        """Answer a question as a person would, one control after the other."""
        if question.kind == "table" and answer.value:
            for row in answer.value:
                self.add_row(question, row)
        else:
            for control, value in self.entries(question, answer):
                with self.saving(question.id):
                    enter(control, value)
        if answer.reason:
            self.write(question.id, "reason", answer.reason)
        self.expect_saved(question.id)

    def entries(self, question: Question, answer: Answer) -> list[tuple[Locator, Any]]:
        """Which controls to set, and to what."""
        box = self.question(question.id)
        name, value = question.id, answer.value
        if answer.state in INSTEAD:
            part = "value" if question.kind in ("level", "choice") else "state"
            return [(_option(box, f"{name}-{part}", INSTEAD[answer.state]), True)]
        if value in ([], {"choices": []}):
            alone = next((option.id for option in question.options if option.exclusive), None)
            if alone:
                return [(_option(box, f"{name}-value", alone), True)]
            return [(_option(box, f"{name}-state", "~nothing"), True)]
        if question.kind in ("level", "choice"):
            return [(_option(box, f"{name}-value", value), True)]
        if question.kind in ("number", "text"):
            return [(box.locator(f'[name="{name}-value"]'), value)]
        chosen = value.get("choices", []) if question.kind == "choices" else []
        entries = [(_option(box, f"{name}-value", option), True) for option in chosen]
        return entries + _field_entries(box, name, question.fields, value)

    def write(self, question_id: str, part: str, text: str) -> None:
        """Type into a text of the question (reason, note, value) and leave the field."""
        if part == "note":
            summary = self.question(question_id).locator(".wm-question__note > summary")
            if not self._text(question_id, part).is_visible():
                summary.click()
        with self.saving(question_id):
            enter(self._text(question_id, part), text)

    def _text(self, question_id: str, part: str) -> Locator:
        return self.question(question_id).locator(f'[name="{question_id}-{part}"]')

    # Rows of tables

    def open_new_row(self, question_id: str) -> Locator:
        self.question(question_id).get_by_role(
            "link", name=re.compile("^Add (a|another) row")
        ).click()
        form = self.question(question_id).locator("form[data-row]")
        expect(form.get_by_role("button", name="Save row")).to_be_visible()
        return form

    def add_row(self, question: Question, cells: dict[str, Any]) -> None:
        rows = self.rows(question.id)
        before = rows.count()
        form = self.open_new_row(question.id)
        for control, value in _field_entries(form, f"{question.id}-row", question.columns, cells):
            enter(control, value)
        form.get_by_role("button", name="Save row").click()
        expect(rows).to_have_count(before + 1)

    def rows(self, question_id: str) -> Locator:
        return self.question(question_id).locator("tbody > tr:not(.wm-rows__open)")


def enter(control: Locator, value: Any) -> None:
    """Set a control and leave it: browsers report a change of a text when the field is left."""
    if value is True:
        control.check()
        return
    if control.evaluate("element => element.localName") == "select":
        control.select_option(str(value))
        return
    control.fill(str(value))
    control.blur()


def _option(box: Locator, name: str, value: Any) -> Locator:
    return box.locator(f'input[name="{name}"][value="{value}"]')


def _field_entries(
    box: Locator, prefix: str, fields: tuple[AnswerField, ...], values: dict[str, Any]
) -> list[tuple[Locator, Any]]:
    found: list[tuple[Locator, Any]] = []
    for part in fields:
        name, value = f"{prefix}-{part.id}", values.get(part.id)
        if value is None:
            continue
        if part.kind == "choices":
            found += [(_option(box, name, option), True) for option in value]
        else:
            found.append((box.locator(f'[name="{name}"]'), value))
    return found


def _is_save(request: Request, question_id: str) -> bool:
    return request.method == "POST" and request.url.endswith(f"/answers/{question_id}/")

"""The whole way of a newcomer, from the start page to the PDF, on both kinds of installation: on
one with every answer typed, on the other with those of the first step typed, and the rest from a
file."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Download, Page, expect
from pypdf import PdfReader

from assessments.domain.answers import Answer, AnswerState
from assessments.domain.answers_file import dump_answers, parse_answers
from assessments.domain.applicability import applicable, asked_questions
from assessments.domain.scoring import score
from guide.model import Guide, Question
from guide.registry import current_guide
from tests.browser.visitor import Visitor, enter, listen_for_faults
from tests.servers import ROOT
from tests.stack import Stack

pytestmark = pytest.mark.stack

NAME = "Alder Creek Hospital"
PASSWORD = "lanterns over quiet water"
REASON = "The vendor holds the only environment."
NOTE = "Seen in the ticket list of October. <b>No</b> 🏥 مستشفى"
# Answered with a rural hospital's answers, as its IT manager would; these differ:
OPEN, WITHOUT_REASON, NOTED = "Q2.05", "Q1.04", "Q1.07"


@pytest.fixture
def page(live_stack: Stack, browser: Browser):
    context = browser.new_context(base_url=live_stack.url, accept_downloads=True)
    context.set_default_timeout(30_000)
    page = context.new_page()
    faults = listen_for_faults(page)
    yield page
    context.close()
    assert faults == []


@pytest.mark.parametrize("stack", ["embedded"], indirect=True)
def test_newcomer_gets_from_sign_up_to_the_report(page: Page, tmp_path: Path) -> None:
    guide = current_guide()
    given = rural_hospital(guide)

    create_account_and_organization(page)
    visitor = Visitor(page, "alder-creek-hospital")
    start_assessment(visitor, guide, given)
    visitor.follow("Begin with step 1")
    answer_first_step(visitor, guide, given)
    come_back_to_the_same_place(visitor)
    for number in range(2, 7):
        answer_step(visitor, guide, given, number)
    visitor.follow("Review all answers")
    finish_assessment(visitor, guide, given, tmp_path)
    plan_and_report(visitor, tmp_path)


@pytest.mark.parametrize("stack", ["servers"], indirect=True)
def test_newcomer_with_a_file_gets_from_sign_up_to_the_report(page: Page, tmp_path: Path) -> None:
    guide = current_guide()
    given = rural_hospital(guide)

    create_account_and_organization(page)
    visitor = Visitor(page, "alder-creek-hospital")
    import_all_but_the_first_step(visitor, guide, given, tmp_path)
    answer_first_step(visitor, guide, given)
    come_back_to_the_same_place(visitor)
    visitor.follow("First look")
    visitor.follow("Review and submit")
    finish_assessment(visitor, guide, given, tmp_path)
    plan_and_report(visitor, tmp_path)


def finish_assessment(
    visitor: Visitor, guide: Guide, given: dict[str, Answer], folder: Path
) -> None:
    review_and_submit(visitor)
    answers = exported(visitor.page, guide, folder)
    assert answers == given
    read_score(visitor, guide, answers)


def plan_and_report(visitor: Visitor, folder: Path) -> None:
    make_roadmap(visitor)
    first = report_progress(visitor)
    meet_closed_gate(visitor)
    report = make_report(visitor)
    check_pdf(report, folder, first)


def rural_hospital(guide: Guide) -> dict[str, Answer]:
    """The answers of a demo organization to what it is asked, two rows a table, with one answer
    left open, one reason and one note."""
    file = ROOT / "demo" / "per-1.yaml"
    answers = parse_answers(file.read_text(encoding="utf-8"), guide, file.name).answers
    del answers[OPEN]
    for question_id, answer in answers.items():
        if guide.question(question_id).kind == "table" and answer.value:
            answers[question_id] = replace(answer, value=answer.value[:2])
    for question in asked_questions(guide, answers):
        if question.step == "STEP-1":  # some are asked since the demo's answers were written
            answers.setdefault(question.id, Answer(AnswerState.UNKNOWN))
    answers[WITHOUT_REASON] = Answer(AnswerState.NOT_APPLICABLE, reason=REASON)
    noted = answers[NOTED]
    answers[NOTED] = Answer(noted.state, noted.value, note=NOTE)
    asked = applicable(guide, answers)
    return {
        key: as_clicked(guide.question(key), answer)
        for key, answer in answers.items()
        if asked[key].asked
    }


def as_clicked(question: Question, answer: Answer) -> Answer:
    """An empty list of choices is given by the option that says so, where there is one."""
    alone = [option.id for option in question.options if option.exclusive]
    if answer.value == {"choices": []} and alone:
        return Answer(answer.state, {"choices": alone[:1]})
    return answer


def create_account_and_organization(page: Page) -> None:
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Start an assessment").click()
    page.get_by_label("Your name").fill("Nora Newcomer")
    page.get_by_label("E-mail address").fill("nora@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password once more").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    page.get_by_role("main").get_by_role("link", name="organization").first.click()
    page.get_by_label("Name of the organization").fill(NAME)
    page.get_by_label("Kind of organization").select_option(label="Hospital or hospital group")
    page.get_by_role("button", name="Add the organization").click()
    expect(page.get_by_role("heading", level=1, name=NAME)).to_be_visible()


def start_assessment(visitor: Visitor, guide: Guide, given: dict[str, Answer]) -> None:
    """The profile: fields of a form that is sent as a whole, so nothing is saved before."""
    page = visitor.page
    page.get_by_role("link", name="Start the assessment").click()
    page.get_by_label("Name of the assessment").fill("First look")
    for question in guide.profile_questions:
        for control, value in visitor.entries(question, given[question.id]):
            enter(control, value)
    page.get_by_role("button", name="Start the assessment").click()
    expect(page.get_by_role("heading", level=1, name="First look")).to_be_visible()
    profile = page.get_by_role("listitem").filter(has_text="Your organization’s profile")
    expect(profile.get_by_text("8 of 8 answered")).to_be_visible()


def import_all_but_the_first_step(
    visitor: Visitor, guide: Guide, given: dict[str, Answer], folder: Path
) -> None:
    first = {question.id for question in guide.step("STEP-1").questions}
    page, file = visitor.page, folder / "others.yaml"
    rest = {key: answer for key, answer in given.items() if key not in first}
    file.write_text(dump_answers(guide, rest), encoding="utf-8")
    page.goto(f"{visitor.home}assessments/import/")
    page.get_by_label("Answers file").set_input_files(file)
    page.get_by_label("Name of the assessment").fill("First look")
    page.get_by_role("button", name="Import into a new draft").click()
    expect(page.get_by_text("answers were read into a new draft")).to_be_visible()
    visitor.follow(f"1. {guide.step('STEP-1').title}")


def answer_first_step(visitor: Visitor, guide: Guide, given: dict[str, Answer]) -> None:
    asked = [q for q in asked_questions(guide, given) if q.step == "STEP-1"]
    for question in asked:
        if question.id == WITHOUT_REASON:
            visitor.give(question, Answer(AnswerState.NOT_APPLICABLE))
            expect(
                visitor.state(question.id).get_by_text("Say why before you submit")
            ).to_be_visible()
        elif question.id == NOTED:
            visitor.give(question, given[question.id])
            visitor.write(question.id, "note", NOTE)
        else:
            visitor.give(question, given[question.id])
        if question.id == "T1":
            add_change_and_remove_a_row(visitor, question)
    expect(visitor.page.locator("#step-count")).to_have_text(
        f"{len(asked)} of {len(asked)} answered"
    )


def add_change_and_remove_a_row(visitor: Visitor, question: Question) -> None:
    box, rows = visitor.question(question.id), visitor.rows(question.id)
    before = rows.count()
    visitor.add_row(question, {"name": "Fax", "tier": "3"})
    box.get_by_role("link", name="Edit Fax").click()
    enter(box.get_by_label("System", exact=True), "Fax gateway")
    box.get_by_role("button", name="Save row").click()
    expect(box.get_by_role("rowheader", name="Fax gateway")).to_be_visible()
    expect(rows).to_have_count(before + 1)
    box.get_by_role("link", name="Remove Fax gateway").click()
    box.get_by_role("button", name="Remove", exact=True).click()
    expect(rows).to_have_count(before)


def come_back_to_the_same_place(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(visitor.home)
    page.get_by_role("link", name="Go on with it").click()
    expect(page.get_by_text("You were last at Q1.11")).to_be_visible()
    page.get_by_role("link", name="Continue where you left off").click()
    expect(page).to_have_url(re.compile(r"/steps/1/#Q1-11$"))
    expect(visitor.question("Q1.11")).to_be_in_viewport()
    expect(visitor.question("Q1.11").locator('[name="Q1.11-value"]')).to_have_value("75")
    expect(visitor.question(NOTED).get_by_label("Note", exact=True)).to_have_value(NOTE)


def answer_step(visitor: Visitor, guide: Guide, given: dict[str, Answer], number: int) -> None:
    """The steps follow each other by the button at the end of each."""
    visitor.follow(f"Go to step {number}")
    expect(visitor.page.get_by_role("heading", level=1, name=f"Step {number}:")).to_be_visible()
    for question in guide.step(f"STEP-{number}").questions:
        if question.id in given:
            visitor.give(question, given[question.id])


def review_and_submit(visitor: Visitor) -> None:
    page = visitor.page
    missing = page.get_by_role("region", name="What is missing")
    expect(missing.get_by_text("1 without a reason")).to_be_visible()
    missing.locator("summary", has_text="2. ").filter(has_text="not answered").click()
    expect(missing.get_by_role("link", name=OPEN)).to_be_visible()

    page.get_by_role("link", name="Continue to submit").click()
    refusal = page.get_by_role("alert").filter(has_text="Before you can submit")
    expect(refusal).to_be_focused()
    refusal.get_by_role("link", name=WITHOUT_REASON).click()
    visitor.write(WITHOUT_REASON, "reason", REASON)
    page.get_by_role("link", name="Back to the overview").click()
    page.get_by_role("link", name="Review and submit").click()
    expect(missing).to_be_visible()
    expect(missing.get_by_text("without a reason")).to_have_count(0)
    page.get_by_role("link", name="Continue to submit").click()
    page.get_by_role("button", name="Submit and make the answers final").click()
    expect(page.get_by_role("heading", level=1, name="Assessment submitted")).to_be_visible()


def exported(page: Page, guide: Guide, folder: Path) -> dict[str, Answer]:
    """The answers as the file that the app offers has them."""
    submitted = page.url
    page.get_by_role("link", name="First look").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the answers").click()
    text = saved(download.value, folder).read_text(encoding="utf-8")
    page.goto(submitted)
    return parse_answers(text, guide, "exported.yaml").answers


def saved(download: Download, folder: Path) -> Path:
    path = folder / download.suggested_filename
    download.save_as(path)
    return path


def read_score(visitor: Visitor, guide: Guide, answers: dict[str, Answer]) -> None:
    """What the page shows is what the pure scoring makes of the exported answers."""
    page, card = visitor.page, score(guide, answers)
    page.get_by_role("link", name="Read the score").click()
    overall = page.get_by_role("region", name="Overall")
    expect(overall.locator(".wm-figure__value").first).to_have_text(f"{card.overall.score:.0f}")
    ranked = page.locator("details[id^='score-CHAL-']").evaluate_all("all => all.map(e => e.id)")
    expected = [f"score-{exposure.challenge}" for exposure in card.exposures if exposure.rank]
    assert ranked[: len(expected)] == expected
    worst = page.locator(f"#{expected[0]}")
    worst.locator("summary").click()
    expect(worst.get_by_role("table")).to_be_visible()


def make_roadmap(visitor: Visitor) -> None:
    """A preview at once, a better plan and its range from the worker, then it is adopted."""
    page = visitor.page
    page.get_by_role("link", name="Build a roadmap").click()
    page.get_by_label("Name").fill("Way to 2028")
    page.get_by_role("button", name="Show the plan").click()
    expect(page.get_by_role("heading", level=1, name="Way to 2028")).to_be_visible()
    expect(page.locator(".sc-state")).to_contain_text("Preview")
    page.get_by_role("button", name="Search for a better plan").click()
    expect(page.locator(".sc-state")).to_contain_text("Searched and simulated", timeout=90_000)
    expect(page.locator(".sc-sentence")).to_contain_text("Four chances in five")
    page.get_by_role("link", name="Adopt", exact=True).click()
    expect(page.get_by_text("Four chances in five to be finished by")).to_be_visible()
    page.get_by_role("button", name="Adopt as the roadmap").click()
    expect(page.get_by_text("The plan is adopted: this is the roadmap now.")).to_be_visible()
    expect(page.get_by_role("heading", level=1, name="Way to 2028")).to_be_visible()


def report_progress(visitor: Visitor) -> str:
    """The first initiative gets under way, then done; its phase follows."""
    page, roadmap = visitor.page, visitor.page.url
    first = page.get_by_role("region", name="Next").get_by_role("link").first
    title = first.inner_text()
    before = phase_progress(page)

    first.click()
    save_progress(page, "In progress", "Kick-off held.")
    page.goto(roadmap)
    row = page.get_by_role("row").filter(has_text=title).first
    expect(row.get_by_text("In progress")).to_be_visible()
    row.get_by_role("link", name=title).click()
    expect(page.get_by_label("Note (optional)")).to_have_value("Kick-off held.")
    save_progress(page, "Done", "The record is in the shared folder.")
    page.goto(roadmap)
    after = phase_progress(page)
    assert [done for done, _ in before] == [0] * len(before)
    assert [done for done, _ in after] == [1] + [0] * (len(before) - 1)
    assert after[0][1] > 0
    return title


def save_progress(page: Page, status: str, note: str) -> None:
    form = page.get_by_role("region", name="Progress")
    form.get_by_label(status, exact=True).check()
    form.get_by_label("Note (optional)").fill(note)
    form.get_by_role("button", name="Save progress").click()
    expect(form.get_by_role("status")).to_contain_text("Saved")


def phase_progress(page: Page) -> list[tuple[int, float]]:
    """Of each phase: how many initiatives are done, and how far its bar is."""
    found = []
    for phase in page.locator(".rm-phase").all():
        done = re.search(r"^(\d+) of \d+ initiatives? done", phase.inner_text(), re.MULTILINE)
        assert done
        found.append((int(done[1]), phase.locator("progress").evaluate("bar => bar.value")))
    return found


def meet_closed_gate(visitor: Visitor) -> None:
    """Closed, it says what is missing; and the server refuses a page that is out of date."""
    page, roadmap = visitor.page, visitor.page.url
    page.get_by_role("region", name="Phases and gates").get_by_role("link").first.click()
    panel = page.get_by_role("region", name="Still closed")
    missing = panel.get_by_role("link").filter(visible=True)
    expect(missing.first).to_be_visible()
    expect(page.get_by_role("button", name="Open the gate")).to_have_count(0)
    token = next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")
    refused = page.request.post(
        f"{page.url}open/", headers={"X-CSRFToken": token}, form={"reason": "It looks fine."}
    )
    assert refused.status == 422
    assert "The gate stays closed" in refused.text()
    page.goto(roadmap)


def make_report(visitor: Visitor) -> Download:
    page = visitor.page
    page.get_by_role("button", name="Create PDF").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.evaluate("window.isSameDocument = true")
    expect(page.get_by_role("heading", name="Your report is ready")).to_be_visible(timeout=90_000)
    assert page.evaluate("window.isSameDocument")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the PDF").click()
    return download.value


def check_pdf(report: Download, folder: Path, first: str) -> None:
    path = saved(report, folder)
    reader = PdfReader(path)
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())

    assert path.read_bytes()[:5] == b"%PDF-"
    assert len(reader.pages) > 5
    assert NAME in text
    assert first in text

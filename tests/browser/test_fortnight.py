"""A team's fortnight: a plan is adopted, work moves, a gate is refused and passed, metrics arrive,
work slips, the rest is planned again, the next assessment begins. On both kinds of installation.
"""

import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from email import message_from_string, policy
from email.message import EmailMessage
from typing import Any

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, Locator, Page, expect

from delivery.intake.signatures import standard_signature
from tests.browser.fortnight import DEPLOYMENTS, SLUG, what_pipelines_say
from tests.browser.visitor import fill_sign_in, listen_for_faults
from tests.factories import PASSWORD
from tests.servers import wait_until
from tests.stack import Stack

pytestmark = pytest.mark.stack

HOME = f"/o/{SLUG}/"
MINE, LATE, BEHIND = "A1-02", "A1-05", "A2-01"
GATE, UNPROVEN = "G1", "G1-9"


class Team:
    """The people of the organization, each at a browser of their own."""

    def __init__(self, stack: Stack, browser: Browser, facts: dict[str, Any]) -> None:
        self.stack, self.browser, self.facts = stack, browser, facts
        self.roadmap = ""
        self.faults: list[list[str]] = []
        self._pages: dict[str, Page] = {}

    def at(self, who: str, path: str) -> Page:
        """The page of this person, gone to an address of the organization."""
        page = self._pages.get(who) or self._signed_in(who)
        page.goto(HOME + path)
        return page

    def initiative(self, who: str, id: str) -> Page:
        return self.at(who, f"{self.roadmap}initiatives/{id}/")

    def gate(self, who: str) -> Page:
        return self.at(who, f"{self.roadmap}gates/{GATE}/")

    def close(self) -> None:
        for page in self._pages.values():
            page.context.close()

    def _signed_in(self, who: str) -> Page:
        # The member has a phone.
        width = 390 if who == "mo" else 1280
        context = self.browser.new_context(
            base_url=self.stack.url,
            reduced_motion="reduce",
            viewport={"width": width, "height": 900},
        )
        context.set_default_timeout(30_000)
        page = self._pages[who] = context.new_page()
        self.faults.append(listen_for_faults(page))
        page.goto("/accounts/login/")
        fill_sign_in(page, f"{who}@fortnight.example", PASSWORD)
        page.wait_for_url(lambda address: "/login/" not in address)
        return page


@pytest.fixture
def team(live_stack: Stack, browser: Browser) -> Iterator[Team]:
    said = in_stack(live_stack, "prepare()")
    made = Team(live_stack, browser, json.loads(said))
    yield made
    made.close()
    assert [faults for faults in made.faults if faults] == []


# The other set-up has the journey of a newcomer, which takes as long.
@pytest.mark.parametrize("stack", ["servers"], indirect=True)
def test_team_goes_through_a_fortnight(team: Team) -> None:
    adopt_plan(team)
    give_work(team, "Mo Member")
    report_from_my_work(team)
    meet_limit_on_the_board(team)
    meet_closed_gate(team)
    in_stack(team.stack, "agree()")
    send_metrics(team)
    be_refused_for_missing_proof(team)
    pass_gate(team)
    confirm_cause(team)
    slip(team)
    plan_again(team)
    begin_next_assessment(team)
    read_inbox(team)
    get_digest(team)
    subscribe_to_calendar(team)


def in_stack(stack: Stack, call: str) -> str:
    code = f"from tests.browser.fortnight import *; {call}"
    return stack.manage("shell", "--verbosity", "0", "--command", code)


# The plan, and work on it


def adopt_plan(team: Team) -> None:
    page = team.at("edna", f"scenarios/{team.facts['scenario']}/")
    page.get_by_role("link", name="Adopt", exact=True).click()
    page.get_by_role("button", name="Adopt as the roadmap").click()
    expect(page.get_by_text("The plan is adopted: this is the roadmap now.")).to_be_visible()
    found = re.search(r"roadmaps/\d+/", page.url)
    assert found
    team.roadmap = found[0]


def give_work(team: Team, name: str) -> None:
    page = team.initiative("edna", MINE)
    form = progress_of(page)
    form.get_by_text("Dates and owner").click()
    form.get_by_label("Owner").select_option(label=name)
    form.get_by_role("button", name="Save progress").click()
    expect(form.get_by_role("status")).to_contain_text("Saved")


def report_from_my_work(team: Team) -> None:
    """Started, logged, shown and done, on a phone."""
    page = team.at("mo", "my-work/")
    row = page.get_by_role("listitem").filter(has_text="Build one inventory")
    row.get_by_role("button", name=re.compile("^Start")).click()
    row.get_by_text("Log progress").click()
    row.get_by_label("Percent done").fill("60")
    row.get_by_label("Spent since").fill("1.5")
    row.get_by_label("What happened").fill("Every ward has named its systems.")
    row.get_by_role("button", name=re.compile("^Save")).click()
    expect(row.get_by_text("In progress, 60 %")).to_be_visible()

    row.get_by_role("link", name="Build one inventory").click()
    evidence = page.get_by_role("region", name="Evidence")
    evidence.locator("summary", has_text="Add evidence").click()
    evidence.get_by_label("Link").fill("https://intranet.example/inventory")
    evidence.get_by_label("Title").fill("Inventory of November")
    evidence.get_by_role("button", name="Add evidence").click()
    expect(evidence.get_by_role("link", name=re.compile("^Inventory of November"))).to_be_visible()
    progress_of(page).get_by_role("button", name="Done", exact=False).first.click()
    expect(progress_of(page).get_by_role("button", name="Take up again")).to_be_visible()


def meet_limit_on_the_board(team: Team) -> None:
    page = team.at("edna", f"{team.roadmap}board/")
    page.get_by_text("Limits for work in progress").click()
    page.get_by_label("altogether").fill("1")
    page.get_by_role("button", name="Agree on these limits").click()
    expect(page.get_by_text("0 of 1").first).to_be_visible()

    move_by_keyboard(team.at("mo", f"{team.roadmap}board/"), "AC-01")
    page = team.at("mo", f"{team.roadmap}board/")
    move_by_keyboard(page, LATE)
    asked = page.get_by_role("dialog")
    expect(asked).to_contain_text("1 initiative is in progress, and 1 is the limit")
    asked.get_by_label("Why go over the limit?").fill("Compliance has time this week only.")
    asked.get_by_role("button", name="Move it all the same").press("Enter")
    expect(card_in(page, "in_progress", LATE)).to_be_visible()


def move_by_keyboard(page: Page, id: str) -> None:
    card = page.locator(f"#card-{id}")
    card.get_by_text("Move to…").focus()
    page.keyboard.press("Enter")
    card.get_by_label("Column").select_option(label="In progress")
    with page.expect_response(re.compile("/board/move/")):
        card.get_by_role("button", name="Move it").press("Enter")


def card_in(page: Page, column: str, id: str) -> Locator:
    return page.locator(f'[data-column="{column}"] #card-{id}')


def meet_closed_gate(team: Team) -> None:
    page = team.initiative("mo", BEHIND)
    progress_of(page).get_by_role("button", name=re.compile("^Start")).click()
    refusal = page.get_by_role("alert").filter(has_text="an editor has to decide this")
    expect(refusal).to_contain_text("It lies behind gate G1, “Baseline agreed”, which is closed.")
    sql = f"SELECT status FROM roadmap_plannedinitiative WHERE initiative_id = '{BEHIND}'"
    assert team.stack.query(sql) == [("not_started",)]


def progress_of(page: Page) -> Locator:
    return page.get_by_role("region", name="Progress")


# The gate


def be_refused_for_missing_proof(team: Team) -> None:
    """The page offers no button; the server says it as well."""
    page = team.gate("edna")
    missing = page.get_by_role("region", name="Still closed")
    expect(missing).to_contain_text("No delivery tool was bought before this review")
    expect(page.get_by_role("button", name="Ask for the decision")).to_have_count(0)
    token = next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")
    refused = page.request.post(f"{page.url}ask/", headers={"X-CSRFToken": token})
    assert refused.status == 422
    assert "The gate stays closed: 1 of its items is not met yet." in refused.text()

    item = page.locator(f"#item-{UNPROVEN}")
    item.get_by_text("Confirm this item").click()
    item.get_by_label("What shows it").fill("The list of purchases of this year.")
    item.get_by_role("button", name="Confirm", exact=True).click()
    expect(item).to_contain_text("Confirmed by Edna Editor")


def pass_gate(team: Team) -> None:
    page = team.gate("edna")
    page.get_by_role("button", name="Ask for the decision").click()
    expect(page.get_by_role("region", name="A decision is asked for")).to_be_visible()
    expect(page.get_by_role("button", name="Open the gate")).to_have_count(0)
    for who in ("ann", "ben"):
        own = team.at(who, "inbox/")
        own.get_by_role("link", name=re.compile("G1")).first.click()
        own.get_by_role("radio", name="Approve").check()
        own.get_by_role("button", name="Record my word").click()
        expect(own.get_by_text("Approved").first).to_be_visible()

    page = team.gate("edna")
    ready = page.get_by_role("region", name="Ready to open")
    ready.get_by_role("textbox").fill("All four agreed in the review.")
    ready.get_by_role("button", name="Open the gate").click()
    expect(page.get_by_role("region", name="This gate is open")).to_contain_text("Edna Editor")
    history = page.get_by_role("region", name="What was decided").get_by_role("listitem")
    opened = history.filter(has_text="All four agreed in the review.")
    expect(opened.first).to_contain_text("Edna Editor")
    expect(opened.first).to_contain_text(str(date.today().year))
    opened.first.get_by_text("How it stood then").click()
    for name in ("Ann Approver approved", "Ben Approver approved"):
        expect(opened.first.get_by_text(name).first).to_be_visible()


# Metrics


def send_metrics(team: Team) -> None:
    """What pipelines would send: deployments, an incident, one twice, one not signed rightly."""
    deployments, incident = what_pipelines_say(datetime.now(UTC))
    assert post(team, "first", deployments) == 202
    assert post(team, "first", deployments) == 200
    assert post(team, "second", incident) == 202
    assert post(team, "third", incident, secret="00" * 32) == 401


def post(team: Team, id: str, payload: dict[str, Any], secret: str = "") -> int:
    body, now = json.dumps(payload).encode(), str(int(time.time()))
    signature = standard_signature(secret or team.facts["secret"], id, now, body)
    request = urllib.request.Request(
        f"{team.stack.url}/hooks/{team.facts['token']}/",
        body,
        {
            "Content-Type": "application/json",
            "Webhook-Id": id,
            "Webhook-Timestamp": now,
            "Webhook-Signature": signature,
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            status: int = answer.status
            return status
    except urllib.error.HTTPError as error:
        return error.code


def confirm_cause(team: Team) -> None:
    system = f"metrics/systems/{team.facts['system']}/"
    page = team.at("edna", f"metrics/sources/{team.facts['source']}/")
    expect(page.get_by_role("main")).to_contain_text("The signature or token is wrong")
    page = team.at("edna", system)
    rate = page.get_by_role("region", name="Change fail rate", exact=True)
    reload_until(page, rate, f"0 of {DEPLOYMENTS}")
    page.get_by_role("link", name="Look at them").click()
    page.get_by_role("link", name=re.compile("^Confirm cause")).click()
    expect(page.get_by_role("radio", name=re.compile("deploy-3"))).to_be_checked()
    page.get_by_role("button", name="It caused the incident").click()
    page = team.at("edna", system)
    reload_until(page, rate, f"1 of {DEPLOYMENTS}")
    expect(rate).to_contain_text("95% interval")


def reload_until(page: Page, place: Locator, text: str) -> None:
    """Figures come from the worker within seconds."""

    def is_there() -> bool:
        page.reload()
        return place.count() == 1 and text in place.inner_text()

    wait_until(is_there, seconds=60, what=text, every=0.5)


# Late, and planned again


def slip(team: Team) -> None:
    page = team.initiative("mo", LATE)
    progress_of(page).get_by_role("button", name=re.compile("^Take it")).click()
    form = progress_of(page)
    expect(form.get_by_role("button", name=re.compile("^Take it"))).to_have_count(0)
    form.get_by_label("Still to do").fill("20")
    form.get_by_role("button", name="Save progress").click()
    expect(form.get_by_role("status")).to_contain_text("Saved")

    page = team.at("edna", f"{team.roadmap}progress/")
    page.get_by_role("button", name="Forecast now").click()
    late = page.get_by_role("region", name="What is late, and what it pushes")
    expect(late).to_contain_text("Write down which rules apply, and why", timeout=60_000)
    expect(late).to_contain_text(re.compile(r"\d+ days later"))
    expect(late).to_contain_text(re.compile(r"It pushes \d+ others"))
    expect(page.get_by_text(re.compile(r"\d+ working days later than agreed"))).to_be_visible()


def plan_again(team: Team) -> None:
    page = team.at("edna", f"{team.roadmap}progress/")
    page.get_by_role("button", name="Plan again from here").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What is different")
    expect(page.get_by_text(re.compile(r"\d+ initiatives have other dates"))).to_be_visible()
    expect(page.get_by_text(f"{LATE} Write down which rules apply").first).to_be_visible()
    expect(page.get_by_role("link", name="Go to the plan")).to_be_visible()


def begin_next_assessment(team: Team) -> None:
    page = team.at("edna", "assessments/")
    page.get_by_role("main").get_by_role("link", name="Start an assessment").click()
    page.get_by_label("Name of the assessment").fill("Next round")
    page.get_by_role("button", name="Start the assessment").click()
    expect(page.get_by_role("heading", level=1, name="Next round")).to_be_visible()
    draft = page.url
    page.goto(f"{draft}steps/1/")
    confirm_proposal(page, "Proposed from finished work", f"{MINE} was finished on")
    page.goto(f"{draft}steps/6/")
    confirm_proposal(page, "Proposed from measured values", "11.1 % of deployments")


def confirm_proposal(page: Page, title: str, words: str) -> None:
    offered = page.locator("form").filter(has_text=title).filter(has_text=words)
    expect(offered).to_have_count(1)
    offered.get_by_role("button", name=re.compile("^Confirm this answer")).click()
    expect(offered).to_have_count(0)


# What people hear


def read_inbox(team: Team) -> None:
    page = team.at("mo", "inbox/")
    expect(
        page.get_by_role("link", name="“Build one inventory of systems” is yours now")
    ).to_be_visible()
    page = team.at("ann", "inbox/")
    expect(page.get_by_role("link", name=re.compile("Gate G1 is open"))).to_be_visible()


def get_digest(team: Team) -> None:
    """It was due from midnight on; asked for twice, it comes once, and its links work."""
    in_stack(team.stack, "send_digests(); send_digests()")
    found = mails_when(team.stack, lambda: digests(team.stack))
    assert len(found) == 1
    plain = found[0].get_body(("plain",))
    assert plain is not None and found[0].get_body(("html",)) is not None
    text = plain.get_content()
    assert "Write down which rules apply, and why" in text
    links = re.findall(r"https?://\S+", text)
    assert len(links) >= 3
    page = team.at("mo", "my-work/")
    for link in links:
        path = re.sub(r"^https?://[^/]+", team.stack.url, link)
        assert page.request.get(path).status == 200, link
    assert "List-Unsubscribe" in found[0]


def digests(stack: Stack) -> list[EmailMessage]:
    read = [message_from_string(text, policy=policy.default) for text in stack.mails()]
    own = [mail for mail in read if "mo@fortnight.example" in mail["To"]]
    return [mail for mail in own if "is yours now" not in mail["Subject"]]


def mails_when(stack: Stack, find: Callable[[], list[EmailMessage]]) -> list[EmailMessage]:
    wait_until(find, seconds=30, what="the digest", every=0.2)
    return find()


def subscribe_to_calendar(team: Team) -> None:
    page = team.at("mo", "my-work/calendar/")
    card = page.get_by_role("region").filter(has_text="Your initiatives from start to finish")
    card.get_by_role("button", name=re.compile("^Make an address")).click()
    address = card.locator("code").inner_text()
    with urllib.request.urlopen(re.sub(r"^https?://[^/]+", team.stack.url, address)) as answer:
        assert answer.headers["Content-Type"].startswith("text/calendar")
        calendar = Calendar.from_ical(answer.read())
    events = calendar.walk("VEVENT")
    titles = " ".join(str(event["SUMMARY"]) for event in events)
    assert "Write down which rules apply, and why" in titles
    assert all(type(event["DTSTART"].dt) is date for event in events)

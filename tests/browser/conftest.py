"""One running site for all browser tests of a worker, and people who are signed in to it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect

from accounts.demo import DEMO_PASSWORD
from tests.browser.visitor import Visitor, sign_in
from tests.once import made_once
from tests.stack import Stack

DEMO = "demo-rural-hospital"

# Patience costs nothing where all goes well, and a busy machine is slow.
expect.set_options(timeout=15_000)


# The worker's part of the demo, but for the reports: whoever needs one asks for it.
WORK = """
from desk.services.summaries import summaries_recount
from jobs.models import Job
from jobs.tasks import run_job
from reports.models import Report

summaries_recount()
Report.objects.all().delete()
Job.objects.filter(kind="report").delete()
for job in Job.objects.filter(state="queued"):
    run_job(job.pk)
"""


def make_demo(folder: Path, migrated: Stack) -> None:
    made = Stack(folder)
    made.copy_tables(migrated)
    made.manage("load_demo")
    made.manage("shell", "--verbosity", "0", "--command", WORK)


@pytest.fixture(scope="session")
def site(
    tmp_path_factory: pytest.TempPathFactory, shared: Path, migrated: Stack
) -> Iterator[Stack]:
    """SQLite and the embedded broker, with the demo organizations. Tests share it: each works on
    a draft, roadmap or organization of its own, or only reads."""
    demo = made_once(shared, "demo", lambda folder: make_demo(folder, migrated))
    made = Stack(folder=tmp_path_factory.mktemp("site"))
    try:
        made.copy_all(Stack(demo))
        made.start_web()
        made.start_worker()
        yield made
    finally:
        made.stop()


@dataclass
class Door:
    """Lets people in: `door.open("editor")` is a page of that demo login, already signed in."""

    site: Stack
    browser: Browser
    states: dict[str, StorageState]
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, role: str = "owner", **options: Any) -> Page:
        state = self.states.get(role) or self._sign_in(role)
        context = self._context(storage_state=state, **options)
        return context.new_page()

    def open_signed_out(self, **options: Any) -> Page:
        return self._context(**options).new_page()

    def visit(self, role: str = "owner", **options: Any) -> Visitor:
        return Visitor(self.open(role, **options), DEMO)

    def _sign_in(self, role: str) -> StorageState:
        page = self.open_signed_out()
        sign_in(page, f"{role}@demo.example", DEMO_PASSWORD)
        self.states[role] = page.context.storage_state()
        return self.states[role]

    def _context(self, **options: Any) -> BrowserContext:
        made = self.browser.new_context(
            **{"base_url": self.site.url, "reduced_motion": "reduce", **options}
        )
        made.set_default_timeout(30_000)
        self.contexts.append(made)
        return made


@pytest.fixture(scope="session")
def signed_in() -> dict[str, StorageState]:
    """The cookies of each demo login once it was used; signing in costs half a second."""
    return {}


@pytest.fixture
def door(site: Stack, browser: Browser, signed_in: dict[str, StorageState]) -> Iterator[Door]:
    made = Door(site, browser, signed_in)
    yield made
    for context in made.contexts:
        context.close()

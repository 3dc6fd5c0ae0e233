"""The page of a report in a real browser, with and without script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from jobs.models import Job
from jobs.tasks import run_job
from tests.axe import violations
from tests.factories import PASSWORD
from tests.reports.factories import make_report
from tests.stack import Stack

PATIENCE = 120_000
# Long enough to be followed; a demo organization's own reports would be made first.
ROADMAP = """
from tests.factories import make_organization
from tests.reports.factories import ONE_STEP, make_roadmap
organization = make_organization(name="Cedar Ridge Hospital", slug="cedar-ridge")
make_roadmap(organization, name="First roadmap", constraints=ONE_STEP)
"""


def sign_in(page: Page, site: str, email: str, password: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").first.fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/accounts/" not in url)


@pytest.fixture
def page_without_script(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.mark.django_db(transaction=True)
def test_report_page_reloads_itself_without_script(
    live_server: LiveServer, page_without_script: Page, short: None
) -> None:
    page, report = page_without_script, make_report()
    sign_in(page, live_server.url, report.created_by.email, PASSWORD)
    where = f"{live_server.url}/o/{report.organization.slug}/roadmaps/{report.roadmap_id}/reports"
    page.goto(f"{where}/{report.pk}/")
    expect(page.get_by_role("heading", name="Waiting for its turn")).to_be_visible()

    Job.objects.update(state="running", phrase="Laying out page 7…")
    expect(page.get_by_text("Laying out page 7…")).to_be_visible(timeout=PATIENCE)
    Job.objects.update(state="queued")
    run_job(report.job_id)

    expect(page.get_by_role("heading", name="Your report is ready")).to_be_visible(timeout=PATIENCE)


@pytest.mark.stack
# On both set-ups a report is made, and made again after its worker died, in test_survival.py.
@pytest.mark.parametrize("stack", ["embedded"], indirect=True)
def test_report_is_followed_live_and_downloaded(stack: Stack, browser: Browser) -> None:
    stack.manage("shell", "--verbosity", "0", "--command", ROADMAP)
    ((email,),) = stack.query("SELECT email FROM accounts_user")
    stack.start_web()
    page = browser.new_page(viewport={"width": 390, "height": 844})
    sign_in(page, stack.url, email, PASSWORD)
    page.goto(f"{stack.url}/o/cedar-ridge/roadmaps/")
    page.get_by_role("link", name="First roadmap", exact=True).first.click()
    page.get_by_role("button", name="Create PDF").click()
    expect(page.get_by_role("heading", name="Waiting for its turn")).to_be_visible()
    assert violations(page) == []

    stack.start_worker()

    expect(page.get_by_text("Laying out page")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("heading", name="Your report is ready")).to_be_visible(timeout=PATIENCE)
    assert violations(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the PDF").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-1.7")
    assert download.value.suggested_filename.startswith("cedar-ridge-hospital")
    page.close()

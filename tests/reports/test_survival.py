"""A report asked for is made, exactly once, whatever happens to the worker: real processes."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import RedisServer, wait_until
from tests.stack import Stack

pytestmark = pytest.mark.stack

REQUEST = """
from tests.reports.factories import ONE_STEP, make_report, make_roadmap
make_report(make_roadmap(constraints=ONE_STEP))
"""
# Of three initiatives: enough where nothing happens in the midst of the work.
SHORT_REQUEST = """
from django.db import transaction
from reports.models import Report
from reports.frozen.snapshot import to_json
from tests.reports.factories import make_report
from tests.reports.samples import small_snapshot
with transaction.atomic():
    made = make_report()
    Report.objects.filter(pk=made.pk).update(snapshot=to_json(small_snapshot()))
"""


def report_row(stack: Stack) -> tuple[str, int, str, int | None, str]:
    (row,) = stack.query(
        "SELECT j.state, j.attempts, r.file, r.pages, j.phrase "
        "FROM reports_report r JOIN jobs_job j ON j.id = r.job_id"
    )
    return row


def is_laying_out_pages(stack: Stack) -> bool:
    return "page" in report_row(stack)[4]


def test_report_completes_exactly_once_after_its_worker_was_killed(stack: Stack) -> None:
    stack.environment |= {
        "WAYMARK_JOB_LEASE_SECONDS": "6",
        "WAYMARK_JOB_SWEEP_SECONDS": "0.5",
        "WAYMARK_JOB_RESEND_SECONDS": "1",
    }
    stack.manage("shell", "--verbosity", "0", "--command", REQUEST)
    stack.start_worker()
    wait_until(lambda: is_laying_out_pages(stack), seconds=90, what="pages are laid out")

    assert stack.worker
    stack.worker.stop(signal.SIGKILL)
    state, _attempts, file, _pages, _phrase = report_row(stack)
    assert (state, file) == ("running", "")
    stack.start_worker()

    wait_until(lambda: report_row(stack)[0] == "done", seconds=180, what="the report is made")
    _state, attempts, file, pages, _phrase = report_row(stack)
    assert attempts == 2
    assert pages and pages > 20
    stored = [path.name for path in Path(stack.folder, "files", "reports").iterdir()]
    assert stored == [file]


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A broker that may be stopped without disturbing other tests."""
    server = RedisServer(tmp_path)
    try:
        yield server
    finally:
        server.stop()


@pytest.mark.parametrize("stack", ["servers"], indirect=True)
def test_report_asked_for_while_redis_is_down_is_made(stack: Stack, own_redis: RedisServer) -> None:
    stack.environment |= {"WAYMARK_JOB_SWEEP_SECONDS": "0.5", "WAYMARK_JOB_RESEND_SECONDS": "1"}
    stack.redis_url = own_redis.start().url
    stack.start_worker()
    own_redis.stop()

    stack.manage("shell", "--verbosity", "0", "--command", SHORT_REQUEST)
    assert report_row(stack)[0] == "queued"
    own_redis.start()

    wait_until(lambda: report_row(stack)[0] == "done", seconds=180, what="the report is made")
    _state, attempts, file, pages, _phrase = report_row(stack)
    assert attempts == 1
    assert pages and pages > 5
    stored = [path.name for path in Path(stack.folder, "files", "reports").iterdir()]
    assert stored == [file]


@pytest.mark.parametrize("stack", ["embedded"], indirect=True)
def test_report_whose_message_was_lost_is_made(stack: Stack) -> None:
    """What a stopped broker is where there is none to stop."""
    stack.environment |= {"WAYMARK_JOB_SWEEP_SECONDS": "0.5", "WAYMARK_JOB_RESEND_SECONDS": "1"}
    stack.manage("shell", "--verbosity", "0", "--command", SHORT_REQUEST)
    (message,) = (stack.folder / "broker" / "queue").glob("*.msg")
    message.unlink()

    stack.start_worker()

    wait_until(lambda: report_row(stack)[0] == "done", seconds=180, what="the report is made")
    _state, attempts, file, pages, _phrase = report_row(stack)
    assert attempts == 1
    assert pages and pages > 5
    stored = [path.name for path in Path(stack.folder, "files", "reports").iterdir()]
    assert stored == [file]

"""Nothing asked for is lost, nothing is done twice, whatever dies: real processes and brokers."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import RedisServer, wait_until
from tests.stack import Stack

pytestmark = pytest.mark.stack

REQUEST = """
from accounts.models import Organization
from jobs.services import job_request
organization, _ = Organization.objects.get_or_create(slug="mercy", defaults={{"name": "Mercy"}})
job_request(
    organization=organization,
    user=None,
    kind="probe",
    payload={{"seconds": {seconds}, "log": {log!r}}},
)
"""


@pytest.fixture
def impatient_stack(stack: Stack) -> Stack:
    """Gives a silent worker up after two seconds instead of a minute."""
    stack.environment |= {
        "DJANGO_SETTINGS_MODULE": "tests.settings_worker",
        "WAYMARK_JOB_LEASE_SECONDS": "2",
        "WAYMARK_JOB_SWEEP_SECONDS": "0.5",
        "WAYMARK_JOB_RESEND_SECONDS": "1",
    }
    return stack


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A broker that may be stopped without disturbing other tests."""
    server = RedisServer(tmp_path)
    try:
        yield server
    finally:
        server.stop()


def request_probe(stack: Stack, *, seconds: float) -> Path:
    log = stack.folder / "probe.log"
    code = REQUEST.format(seconds=seconds, log=str(log))
    stack.manage("shell", "--verbosity", "0", "--command", code)
    return log


def state_of_job(stack: Stack) -> str:
    ((state,),) = stack.query("SELECT state FROM jobs_job")
    return str(state)


def effects(stack: Stack) -> int:
    ((count,),) = stack.query("SELECT count(*) FROM accounts_auditentry WHERE verb = 'probe.done'")
    return int(count)


def wait_until_done(stack: Stack) -> None:
    wait_until(lambda: state_of_job(stack) == "done", seconds=20, what="the job is done")


def pids_at_work(log: Path) -> list[int]:
    return [int(line) for line in log.read_text().split()] if log.exists() else []


def test_job_completes_once_after_the_whole_worker_was_killed(impatient_stack: Stack) -> None:
    impatient_stack.start_worker()
    log = request_probe(impatient_stack, seconds=2)
    wait_until(lambda: pids_at_work(log), seconds=10, what="the worker is at work")

    assert impatient_stack.worker
    impatient_stack.worker.kill()
    assert state_of_job(impatient_stack) == "running"
    impatient_stack.start_worker()

    wait_until_done(impatient_stack)
    assert len(pids_at_work(log)) == 2
    assert effects(impatient_stack) == 1


def test_job_completes_once_after_its_process_was_killed(impatient_stack: Stack) -> None:
    impatient_stack.start_worker()
    log = request_probe(impatient_stack, seconds=2)
    wait_until(lambda: pids_at_work(log), seconds=10, what="the worker is at work")

    os.kill(pids_at_work(log)[0], signal.SIGKILL)

    wait_until_done(impatient_stack)
    assert len(pids_at_work(log)) == 2
    assert effects(impatient_stack) == 1


def test_job_runs_once_while_it_is_sent_again_and_again(impatient_stack: Stack) -> None:
    impatient_stack.environment["WAYMARK_JOB_RESEND_SECONDS"] = "0"
    impatient_stack.start_worker()
    log = request_probe(impatient_stack, seconds=4)

    wait_until_done(impatient_stack)

    assert len(pids_at_work(log)) == 1
    assert effects(impatient_stack) == 1


@pytest.mark.parametrize("stack", ["servers"], indirect=True)
def test_job_asked_for_while_redis_is_down_completes(
    impatient_stack: Stack, own_redis: RedisServer
) -> None:
    impatient_stack.redis_url = own_redis.start().url
    impatient_stack.start_worker()
    own_redis.stop()

    log = request_probe(impatient_stack, seconds=0.1)
    assert state_of_job(impatient_stack) == "queued"
    own_redis.start()

    wait_until_done(impatient_stack)
    assert len(pids_at_work(log)) == 1
    assert effects(impatient_stack) == 1


@pytest.mark.parametrize("stack", ["embedded"], indirect=True)
def test_job_whose_message_was_lost_completes(impatient_stack: Stack) -> None:
    log = request_probe(impatient_stack, seconds=0.1)
    messages = list((impatient_stack.folder / "broker" / "queue").iterdir())
    assert len(messages) == 1
    messages[0].unlink()

    impatient_stack.start_worker()

    wait_until_done(impatient_stack)
    assert len(pids_at_work(log)) == 1
    assert effects(impatient_stack) == 1

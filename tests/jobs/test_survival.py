"""Nothing asked for is lost, nothing is done twice, whatever dies: real processes and brokers."""

import os
import re
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers import RedisServer, wait_until
from tests.stack import Stack

pytestmark = pytest.mark.stack

REQUEST = """
from accounts.models import Organization
from jobs.services import job_request, job_send
organization, _ = Organization.objects.get_or_create(slug="mercy", defaults={{"name": "Mercy"}})
payload = {{"log": {log!r}, "hold": {hold!r}}}
job = job_request(organization=organization, user=None, kind="probe", payload=payload)
for _ in range({copies} - 1):
    job_send(job_id=job.pk)
"""


@pytest.fixture
def impatient_stack(stack: Stack) -> Stack:
    """Gives a silent worker up after three seconds instead of thirty."""
    stack.environment |= {
        "DJANGO_SETTINGS_MODULE": "tests.settings_worker",
        "WAYMARK_JOB_LEASE_SECONDS": "3",
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


@dataclass
class Probe:
    """A job that works until it is let go, and the traces it leaves."""

    stack: Stack

    @property
    def log(self) -> Path:
        return self.stack.folder / "probe.log"

    @property
    def hold(self) -> Path:
        return self.stack.folder / "probe.hold"

    def request(self, *, held: bool = False, copies: int = 1) -> None:
        if held:
            self.hold.touch()
        code = REQUEST.format(log=str(self.log), hold=str(self.hold), copies=copies)
        self.stack.manage("shell", "--verbosity", "0", "--command", code)

    def let_go(self) -> None:
        self.hold.unlink()

    def pids(self) -> list[int]:
        """The process of every attempt, in order."""
        return [int(line) for line in self.log.read_text().split()] if self.log.exists() else []

    def wait_until_at_work(self) -> None:
        wait_until(self.pids, seconds=30, what="the worker is at work")

    def wait_until_done(self) -> None:
        wait_until(lambda: self.state() == "done", seconds=60, what="the job is done")

    def state(self) -> str:
        ((state,),) = self.stack.query("SELECT state FROM jobs_job")
        return str(state)

    def effects(self) -> int:
        ((count,),) = self.stack.query(
            "SELECT count(*) FROM accounts_auditentry WHERE verb = 'probe.done'"
        )
        return int(count)


def test_job_completes_once_after_the_whole_worker_was_killed(impatient_stack: Stack) -> None:
    impatient_stack.start_worker()
    probe = Probe(impatient_stack)
    probe.request(held=True)
    probe.wait_until_at_work()

    assert impatient_stack.worker
    impatient_stack.worker.kill()
    assert probe.state() == "running"
    probe.let_go()
    impatient_stack.start_worker()

    probe.wait_until_done()
    assert len(probe.pids()) == 2
    assert probe.effects() == 1


def test_job_completes_once_after_its_process_was_killed(impatient_stack: Stack) -> None:
    impatient_stack.start_worker()
    probe = Probe(impatient_stack)
    probe.request(held=True)
    probe.wait_until_at_work()

    os.kill(probe.pids()[0], signal.SIGKILL)
    probe.let_go()

    probe.wait_until_done()
    assert len(probe.pids()) == 2
    assert probe.effects() == 1


def test_job_whose_message_comes_three_times_runs_once(impatient_stack: Stack) -> None:
    impatient_stack.start_worker()
    probe = Probe(impatient_stack)
    probe.request(held=True, copies=3)
    probe.wait_until_at_work()

    probe.let_go()

    probe.wait_until_done()
    worker = impatient_stack.folder / "worker.log"
    wait_until(
        lambda: len(re.findall(r"run_job\[.*succeeded", worker.read_text())) == 3,
        seconds=30,
        what="all three messages were looked at",
    )
    assert len(probe.pids()) == 1
    assert probe.effects() == 1


@pytest.mark.parametrize("stack", ["servers"], indirect=True)
def test_job_asked_for_while_redis_is_down_completes(
    impatient_stack: Stack, own_redis: RedisServer
) -> None:
    impatient_stack.redis_url = own_redis.start().url
    impatient_stack.start_worker()
    own_redis.stop()

    probe = Probe(impatient_stack)
    probe.request()
    assert probe.state() == "queued"
    own_redis.start()

    probe.wait_until_done()
    assert len(probe.pids()) == 1
    assert probe.effects() == 1


@pytest.mark.parametrize("stack", ["embedded"], indirect=True)
def test_job_whose_message_was_lost_completes(impatient_stack: Stack) -> None:
    probe = Probe(impatient_stack)
    probe.request()
    messages = list((impatient_stack.folder / "broker" / "queue").iterdir())
    assert len(messages) == 1
    messages[0].unlink()

    impatient_stack.start_worker()

    probe.wait_until_done()
    assert len(probe.pids()) == 1
    assert probe.effects() == 1

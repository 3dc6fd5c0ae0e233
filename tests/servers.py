"""Private servers for tests, on free ports of this machine, ended by their process id.

A server that is missing is an error that says what to install; no test is skipped for it.
"""

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import psycopg
import redis

ROOT = Path(__file__).resolve().parent.parent


class ServerFailed(RuntimeError):
    """A server of the tests did not come up; the message holds what it said."""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_until(
    is_so: Callable[[], object], *, seconds: float, what: str, every: float = 0.05
) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise ServerFailed(f"{what}: not within {seconds} s")
        time.sleep(every)


def end_with_parent(number: int = signal.SIGTERM) -> Callable[[], None] | None:
    """For preexec_fn: have Linux end the child when the tests die without cleaning up.

    And have it hear Ctrl-C: tests that run in the background of a shell ignore it, their children
    would as well, and a shell script can't undo that.
    """
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    set_parent_death_signal = 1

    def prepare() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        libc.prctl(set_parent_death_signal, number)

    return prepare


class Process:
    """A child process in a group of its own, with its output in a file."""

    def __init__(self, arguments: list[str], *, log: Path, **options: object) -> None:
        self.log = log
        self.arguments = arguments
        with log.open("ab") as output:
            self.popen = subprocess.Popen(  # type: ignore[call-overload]
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent(),
                **options,
            )

    @property
    def pid(self) -> int:
        pid: int = self.popen.pid
        return pid

    def wait_until(self, is_so: Callable[[], object], *, seconds: float) -> None:
        def is_so_or_over() -> object:
            if self.popen.poll() is not None:
                raise ServerFailed(f"{self.arguments[0]} ended at once:\n{self.output()}")
            return is_so()

        try:
            wait_until(is_so_or_over, seconds=seconds, what=" ".join(self.arguments[:3]))
        except ServerFailed as failure:
            raise ServerFailed(f"{failure}\n{self.output()}") from None

    def output(self) -> str:
        return self.log.read_text(errors="replace")[-5000:]

    def stop(self, number: int = signal.SIGTERM, *, seconds: float = 20) -> None:
        """Ask it to end, and make sure that nothing of its group is left."""
        if self.popen.poll() is None:
            self.popen.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.popen.wait(seconds)
        self.kill()

    def kill(self) -> None:
        """End the whole group without a word, as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.popen.wait(10)


class RedisServer:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: Process | None = None

    def start(self) -> Self:
        self._process = Process(
            [
                _program("redis-server", package="redis-server"),
                *("--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder)),
                *("--save", "", "--appendonly", "no"),
            ],
            log=self.folder / "redis.log",
        )
        self._process.wait_until(self._answers, seconds=20)
        return self

    def stop(self) -> None:
        if self._process:
            self._process.stop()

    def flush(self) -> None:
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def _answers(self) -> bool:
        with contextlib.suppress(redis.RedisError), redis.Redis.from_url(self.url) as client:
            return bool(client.ping())
        return False


class PostgresServer:
    """A cluster of its own in a temporary folder; nothing in it survives the tests."""

    def __init__(self, *, durable: bool = False, made: Path | None = None) -> None:
        """With the databases of the cluster that `keep` stored at `made`, else with none."""
        # Tests throw the data away; a benchmark must pay for keeping it.
        self.durable = "on" if durable else "off"
        self.made = made
        self.folder = Path(tempfile.mkdtemp(prefix="waymark-pg-"))
        self.port = free_port()
        self._process: Process | None = None
        self._databases = 0

    def start(self) -> Self:
        # PostgreSQL refuses to run as root.
        user = _unprivileged_user() if os.geteuid() == 0 else None
        options: dict[str, object] = {"cwd": self.folder}
        if user:
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            options |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        data = str(self.folder / "data")
        initdb = [
            _postgres_program("initdb"),
            *("--pgdata", data, "--username", "waymark", "--auth", "trust"),
            *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
        ]
        if self.made:
            _copy(self.made, data)
        else:
            subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, **options)  # type: ignore[call-overload]
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": self.durable,
            "synchronous_commit": self.durable,
            "full_page_writes": self.durable,
            "shared_buffers": "32MB",
        }
        self._process = Process(
            [
                _postgres_program("postgres"),
                *("-D", data, "-p", str(self.port)),
                *(part for key, value in settings.items() for part in ("-c", f"{key}={value}")),
            ],
            log=self.folder / "postgres.log",
            **options,
        )
        self._process.wait_until(self._answers, seconds=30)
        return self

    def url(self, database: str = "postgres") -> str:
        return f"postgres://waymark@127.0.0.1:{self.port}/{database}"

    def create_database(self, template: str = "", *, name: str = "") -> str:
        """A fresh database, or a copy of the one at the URL `template`; returns its URL."""
        self._databases += 1
        name = name or f"waymark_{self._databases}"
        command = f"CREATE DATABASE {name}"
        if template:
            command += f" TEMPLATE {template.rpartition('/')[2]}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(command.encode())
        return self.url(name)

    def keep(self, folder: Path) -> None:
        """End, and leave the cluster at `folder` for others to begin with."""
        self._end()
        _copy(self.folder / "data", folder)

    def stop(self) -> None:
        self._end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self) -> None:
        if self._process:
            # "Fast": ends the open connections instead of waiting for them.
            self._process.stop(signal.SIGINT)
            self._process = None

    def _answers(self) -> bool:
        with (
            contextlib.suppress(psycopg.OperationalError),
            psycopg.connect(self.url(), connect_timeout=2),
        ):
            return True
        return False


def _copy(source: Path, target: Path | str) -> None:
    # Of the same owner as before, which PostgreSQL insists on.
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)


def _program(name: str, *, package: str) -> str:
    found = shutil.which(name)
    if not found:
        raise ServerFailed(f"{name} is missing. Install it: apt-get install {package}")
    return found


def _postgres_program(name: str) -> str:
    """Debian keeps the server's programs out of PATH, in one folder per version."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(versions[-1]) if versions else _program(name, package="postgresql")


def _unprivileged_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise ServerFailed("PostgreSQL does not run as root, and there is no user postgres or nobody")

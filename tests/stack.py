"""The real application as processes of its own, started as `./waymark run` starts them."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.servers import ROOT, Process, ServerFailed, free_port

CELERY_WORKER = (
    *("-m", "celery", "--app", "config.celery", "worker", "--beat", "--concurrency", "2"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO"),
)


@dataclass
class Stack:
    """One installation with a data folder of its own."""

    folder: Path
    name: str = "embedded"
    database_url: str = ""
    redis_url: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)

    web: Process | None = None
    worker: Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        return self.folder / "db.sqlite3"

    @property
    def mail_dir(self) -> Path:
        return self.folder / "mail"

    def mails(self) -> list[str]:
        """What was sent so far, oldest first, each as its source text."""
        files = sorted(self.mail_dir.glob("*"), key=lambda path: path.stat().st_mtime_ns)
        return [path.read_text() for path in files]

    def migrate(self) -> None:
        self.manage("migrate", "--skip-checks", "--verbosity", "0")

    def copy_tables(self, made: "Stack") -> None:
        """Take the empty tables that another installation on SQLite has made."""
        with contextlib.closing(sqlite3.connect(self.database)) as target:
            made.give_tables(target)

    def give_tables(self, target: sqlite3.Connection) -> None:
        with contextlib.closing(sqlite3.connect(self.database)) as source:
            source.backup(target)

    def copy_all(self, made: "Stack") -> None:
        """Become what another installation is that does not run: tables, files and secret key."""
        shutil.copytree(
            made.folder,
            self.folder,
            dirs_exist_ok=True,
            ignore=shutil.ignore_patterns("broker", "*.log"),
        )

    def start_web(self) -> None:
        self.web = Process(
            [
                *(sys.executable, "-m", "gunicorn"),
                *("--config", "config/gunicorn.conf.py", "config.wsgi"),
            ],
            log=self.folder / "web.log",
            cwd=ROOT,
            env=self.env,
        )
        self.web.wait_until(self._answers, seconds=60)

    def start_worker(self) -> None:
        log = self.folder / "worker.log"
        before = log.stat().st_size if log.exists() else 0
        self.worker = Process([sys.executable, *CELERY_WORKER], log=log, cwd=ROOT, env=self.env)
        self.worker.wait_until(lambda: b" ready." in log.read_bytes()[before:], seconds=60)

    def stop(self) -> None:
        """At once: its data go away with it, and waiting for the worker costs seconds a test."""
        for process in (self.web, self.worker):
            if process:
                process.kill()

    def manage(self, *arguments: str) -> str:
        """Run a manage.py command; returns what it printed."""
        return self.run("manage.py", *arguments)

    def run(self, *arguments: str) -> str:
        """Run a script of the project on this installation; returns what it printed."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise ServerFailed(f"{arguments}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the database past the application."""
        if self.database_url:
            with psycopg.connect(self.database_url) as connection:
                return connection.execute(sql.encode()).fetchall()
        lite = sqlite3.connect(self.database, timeout=20)
        try:
            return lite.execute(sql).fetchall()
        finally:
            lite.close()

    @property
    def env(self) -> dict[str, str]:
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        return kept | {
            "WAYMARK_DATA_DIR": str(self.folder),
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
            "CELERY_SKIP_CHECKS": "1",
            # The demo asks for a search; here it is enough that one ends.
            "WAYMARK_SOLVE_SECONDS": "1",
            # Tests run on Sundays and at night too.
            "WAYMARK_QUIET_HOURS": "none",
            **({"DATABASE_URL": self.database_url} if self.database_url else {}),
            **({"REDIS_URL": self.redis_url} if self.redis_url else {}),
            **self.environment,
        }

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.url, timeout=5):
                return True
        except urllib.error.HTTPError as error:
            if error.code >= 500:
                raise ServerFailed(f"{self.url} answers {error.code}") from error
            return True
        except OSError:
            return False
